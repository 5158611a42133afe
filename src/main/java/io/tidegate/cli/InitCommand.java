package io.tidegate.cli;

import io.tidegate.connector.Catalogs;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.TidegateConfig;
import java.util.concurrent.Callable;
import org.apache.iceberg.catalog.Catalog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes the topics and tables that the jobs need. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description =
        "Create the topics and tables that do not exist yet; what exists is left as it is, but for"
            + " columns that a newer version adds.")
final class InitCommand implements Callable<Integer> {

  @Mixin private ConfigOption config;
  @Mixin private OutputOption output;

  @Option(
      names = "--replication",
      paramLabel = "N",
      defaultValue = "1",
      description = "Replicas of a new topic (default: ${DEFAULT-VALUE}; 3 on a real cluster).")
  private int replication;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  InitCommand() {}

  @Override
  public Integer call() {
    TidegateConfig loaded = TidegateConfig.load(config.file());
    Catalog catalog = Catalogs.open(loaded.catalog());
    try (KafkaTopics topics = KafkaTopics.connect(loaded.kafka())) {
      topics.createMissing(replication);
    }
    Catalogs.createMissing(loaded.catalog(), catalog);
    output.err().println("topics and tables are there");
    return Tidegate.OK;
  }
}
