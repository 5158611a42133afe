package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutCommandTest {

  @Test
  void missing_configuration_is_one_message_with_exit_code_2() {
    Cli run = Cli.run("rollout", "pause", "checkout-v2", "--config", "no/such.yaml");
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err().lines())
        .containsExactly("no/such.yaml: expected a configuration file, but there is none");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void wrong_spec_is_refused_before_anything_is_asked_for() {
    Cli run = Cli.run("rollout", "define", "no-spec.yaml", "--config", "no/such.yaml");
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err()).startsWith("no-spec.yaml: expected a rollout spec");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rollout",
        "rollout enter r",
        "rollout decide r approve",
        "rollout decide r approve hold --code A",
        "rollout decide r override",
        "rollout decide r override hold --code A",
        "rollout decide r veto",
        "rollout note r text --action later",
        "rollout pause r --attempt x"
      })
  void wrong_usage_exits_2_without_a_stack_trace(String line) {
    Cli run = Cli.run(line.split(" "));
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err()).isNotEmpty().doesNotContain("\tat ");
  }

  @Test
  void time_without_a_zone_is_refused() {
    Cli run = Cli.run("rollout", "note", "r", "text", "--at", "yesterday", "--config", "x.yaml");
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
  }
}
