package io.tidegate.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --output} and the writers of a command that has a result; use as a picocli mixin. */
final class OutputOption {

  /** How a result is written. */
  enum Format {
    TEXT,
    JSON,
    CSV
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--output",
      paramLabel = "text|json|csv",
      defaultValue = "text",
      description = "How the result is written (default: ${DEFAULT-VALUE}).")
  private Format format;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  OutputOption() {}

  Format format() {
    return format;
  }

  /** For the result. */
  PrintWriter out() {
    return command.commandLine().getOut();
  }

  /** For progress and problems. */
  PrintWriter err() {
    return command.commandLine().getErr();
  }

  /** Writes a table as the result. */
  void print(ResultTable table) {
    out().print(table.render(format));
    out().flush();
  }
}
