package io.tidegate.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --config}: where brokers, catalog and job settings are read; use as a picocli mixin. */
final class ConfigOption {

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = "${env:TIDEGATE_CONFIG:-tidegate-data/tidegate.yaml}",
      description =
          "Configuration of brokers, catalog and jobs (default: the environment's"
              + " TIDEGATE_CONFIG, else tidegate-data/tidegate.yaml).")
  private Path file;

  @SuppressWarnings("NullAway.Init") // picocli sets the field
  ConfigOption() {}

  Path file() {
    return file;
  }
}
