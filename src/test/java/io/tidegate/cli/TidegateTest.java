package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TidegateTest {

  @Test
  void help_lists_commands_and_exits_0() {
    Cli run = Cli.run("--help");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Usage: tidegate");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void help_lists_commands_in_the_order_they_are_first_needed() {
    List<String> commands =
        Cli.run("--help")
            .out()
            .lines()
            .dropWhile(line -> !line.startsWith("Commands:"))
            .filter(line -> line.matches("  [a-z]+ .*"))
            .map(line -> line.strip().split(" ")[0])
            .toList();
    assertThat(commands)
        .startsWith("demo", "init", "up", "run", "validate", "rehearse", "rollout", "verdict")
        .containsSubsequence("verdict", "serve", "report", "replay")
        .endsWith("bench", "help");
  }

  /** A description's first element stands alone in the list of commands, so it is a sentence. */
  @Test
  void help_lists_whole_sentences() {
    String help = Cli.run("--help").out();
    String list = help.substring(help.indexOf("Commands:")).replaceAll("\\s+", " ");
    Map<String, CommandLine> commands = new CommandLine(new Tidegate()).getSubcommands();
    commands.forEach(
        (name, command) -> {
          if (!name.equals("help")) { // picocli's own
            String[] said = command.getCommandSpec().usageMessage().description();
            assertThat(said[0]).as(name).endsWith(".");
            assertThat(list).as(name).contains(said[0]);
          }
        });
  }

  @Test
  void no_command_is_a_usage_error() {
    Cli run = Cli.run();
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err()).startsWith("Missing command");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void unknown_command_suggests_a_known_one() {
    Cli run = Cli.run("valdiate");
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err())
        .startsWith("unknown command: tidegate valdiate; tidegate help lists those that there are")
        .contains("Did you mean: tidegate validate");
    Cli nested = Cli.run("rollout", "puase", "--rollout", "a");
    assertThat(nested.code()).isEqualTo(Tidegate.USAGE);
    assertThat(nested.err())
        .startsWith("unknown command: tidegate rollout puase; tidegate rollout --help lists those")
        .contains("Did you mean: rollout pause?");
    Cli helped = Cli.run("help", "valdiate");
    assertThat(helped.code()).isEqualTo(Tidegate.USAGE);
    assertThat(helped.err())
        .startsWith("unknown command: tidegate valdiate; tidegate help lists those that there are")
        .contains("Did you mean: tidegate validate")
        .doesNotContain("Usage:");
  }

  @Test
  void what_is_too_much_elsewhere_is_no_command() {
    assertThat(Cli.run("--nosuch").err()).startsWith("Unknown option: '--nosuch'");
    assertThat(Cli.run("bench", "--events", "1", "000").err())
        .startsWith("Unmatched argument at index 3: '000'");
    assertThat(Cli.run("simulate", "--nosuch", "000").err()).doesNotContain("unknown command");
  }
}
