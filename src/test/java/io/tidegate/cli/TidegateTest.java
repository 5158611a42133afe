package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TidegateTest {

  @Test
  void help_lists_commands_and_exits_0() {
    Cli run = Cli.run("--help");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("Usage: tidegate");
    assertThat(run.err()).isEmpty();
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
    Cli run = Cli.run("hepl");
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err()).contains("help");
  }
}
