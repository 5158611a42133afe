package io.tidegate.job;

import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.UserError;
import java.nio.file.Path;

/** Arguments of a job's main: {@code --config FILE}. */
final class JobArguments {

  private static final String CONFIG = "--config";

  private JobArguments() {}

  /** The configuration named by the arguments. Throws a UserError where it cannot be used. */
  static TidegateConfig config(String... arguments) {
    if (arguments.length != 2 || !arguments[0].equals(CONFIG)) {
      throw new UserError(
          "arguments", "", String.join(" ", arguments), CONFIG + " FILE, and nothing else");
    }
    return TidegateConfig.load(Path.of(arguments[1]));
  }
}
