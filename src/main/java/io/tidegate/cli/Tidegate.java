package io.tidegate.cli;

import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line. Results go to standard output, progress and problems to standard error. Exit
 * codes: 0 done, 1 unexpected, 2 wrong usage or configuration; a command may add its own.
 */
@Command(
    name = "tidegate",
    mixinStandardHelpOptions = true,
    versionProvider = Tidegate.Version.class,
    description =
        "Says, while a change is rolled out, whether to advance, hold, roll back or review.",
    subcommands = {
      DemoCommand.class,
      InitCommand.class,
      UpCommand.class,
      RunCommand.class,
      ValidateCommand.class,
      RehearseCommand.class,
      RolloutCommand.class,
      VerdictCommand.class,
      ServeCommand.class,
      ReportCommand.class,
      ReplayCommand.class,
      SqlCommand.class,
      ExportCommand.class,
      JudgeCommand.class,
      SrmCommand.class,
      DetectCommand.class,
      SimulateCommand.class,
      ImportCommand.class,
      BenchCommand.class,
      CommandLine.HelpCommand.class,
    })
public final class Tidegate implements Runnable {

  public static final int OK = 0;
  public static final int UNEXPECTED = 1;
  public static final int USAGE = 2;

  private static final Logger LOG = LoggerFactory.getLogger(Tidegate.class);

  @Spec private CommandSpec spec;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where an unexpected error came from.")
  private boolean stacktrace;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  public Tidegate() {}

  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /** Runs one command and returns its exit code. */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    Tidegate root = new Tidegate();
    CommandLine line = new CommandLine(root);
    line.setOut(out).setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(root::handle);
    CommandLine.IParameterExceptionHandler usual = line.getParameterExceptionHandler();
    line.setParameterExceptionHandler(
        (wrong, given) -> {
          String unknown = unknownCommand(wrong);
          return unknown == null
              ? usual.handleParseException(wrong, given)
              : sayUnknown(unknown, wrong);
        });
    return line.execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command");
  }

  /**
   * The argument that stands where a subcommand is expected and is none, null where something else
   * is wrong. What has subcommands and does nothing by itself is a Runnable that asks for one; help
   * throws with the name as its value, and with no parameter and no cause.
   */
  private static @Nullable String unknownCommand(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    if (command.getSubcommands().isEmpty() || !(command.getCommand() instanceof Runnable)) {
      return null;
    }
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      return unmatched.isUnknownOption() ? null : unmatched.getUnmatched().get(0);
    }
    return wrong.getArgSpec() == null && wrong.getCause() == null ? wrong.getValue() : null;
  }

  private static int sayUnknown(String unknown, ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String list = command.getSubcommands().containsKey("help") ? " help" : " --help";
    PrintWriter err = command.getErr();
    err.println(
        "unknown command: "
            + name
            + " "
            + unknown
            + "; "
            + name
            + list
            + " lists those that there are");
    UnmatchedArgumentException.printSuggestions(
        new UnmatchedArgumentException(command, List.of(unknown)), err);
    return USAGE;
  }

  private int handle(Exception thrown, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    UserError user = userError(thrown);
    if (user != null) {
      for (Problem problem : user.problems()) {
        err.println(problem);
      }
      return USAGE;
    }
    LOG.error("tidegate {}", String.join(" ", parsed.originalArgs()), thrown);
    err.println("unexpected " + thrown + "; " + whereTheLogIs());
    if (stacktrace) {
      thrown.printStackTrace(err);
    }
    return UNEXPECTED;
  }

  @SuppressWarnings("ReferenceEquality") // a cause may be its own cause
  private static @Nullable UserError userError(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause() == t ? null : t.getCause()) {
      if (t instanceof UserError user) {
        return user;
      }
    }
    return null;
  }

  private static String whereTheLogIs() {
    String log = System.getProperty("tidegate.log", "");
    return (log.isEmpty() ? "" : "the log is " + log + ", and ") + "--stacktrace shows more";
  }

  /** Name and version from the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Tidegate.class.getPackage().getImplementationVersion();
      return new String[] {"tidegate " + (version == null ? "(not packaged)" : version)};
    }
  }
}
