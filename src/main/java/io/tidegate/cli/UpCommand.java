package io.tidegate.cli;

import io.tidegate.connector.EmbeddedPlatform;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keeps a broker, a catalog and a Flink cluster running in this process. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = {
      "Run a Kafka broker, an Iceberg catalog and a Flink cluster with its web UI in this process.",
      "Prints where they are; Ctrl-C stops them, and what they hold stays in the folder."
    })
final class UpCommand implements Callable<Integer> {

  @Mixin private OutputOption output;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Folder of everything (default: tidegate-data).")
  private Path folder = EmbeddedPlatform.DEFAULT_FOLDER;

  @Option(
      names = "--kafka-port",
      paramLabel = "N",
      defaultValue = "0",
      description = "Loopback port of the broker (default: any).")
  private int kafkaPort;

  @Option(
      names = "--web-port",
      paramLabel = "N",
      defaultValue = "0",
      description = "Loopback port of Flink's web UI (default: any).")
  private int webPort;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  UpCommand() {}

  @Override
  public Integer call() {
    output.err().println("starting broker, catalog and Flink in " + folder + " …");
    EmbeddedPlatform platform =
        EmbeddedPlatform.start(EmbeddedPlatform.Options.in(folder).withPorts(kafkaPort, webPort));
    Thread stop = new Thread(platform::close, "stop-platform");
    Runtime.getRuntime().addShutdownHook(stop);
    output.print(
        new ResultTable("broker", "web_ui", "config")
            .row(
                platform.bootstrapServers(),
                platform.webUi().toString(),
                platform.configFile().toString()));
    output.err().println("running; Ctrl-C stops");
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Runtime.getRuntime().removeShutdownHook(stop);
      platform.close();
    }
    return Tidegate.OK;
  }
}
