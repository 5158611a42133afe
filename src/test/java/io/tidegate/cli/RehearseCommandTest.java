package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RehearseCommandTest {

  private static final String DEMO = "jobs/examples/demo/rollout.yaml";

  static Stream<String> specs() {
    List<String> some = List.of("pricing-revenue");
    List<String> more =
        List.of("checkout-conversion", "latency-canary", "ml-model-swap", "feature-engagement");
    return Stream.concat(
            some.stream(), Boolean.getBoolean("tidegate.full") ? more.stream() : Stream.of())
        .map(name -> "jobs/templates/" + name + ".yaml");
  }

  @ParameterizedTest
  @MethodSource("specs")
  void every_drill_is_seen_with_a_reason_and_a_playbook(String spec) throws Exception {
    Cli run = Cli.run("rehearse", spec, "--output", "json");
    assertThat(run.code()).as(run.out() + run.err()).isZero();
    JsonNode drills = new ObjectMapper().readTree(run.out());
    assertThat(drills).hasSizeGreaterThan(7);
    for (JsonNode drill : drills) {
      boolean seen = drill.path("result").asText().equals("seen");
      assertThat(drill.path("result").asText()).as(drill.toString()).isNotEqualTo("missed");
      assertThat(drill.path("reason").asText()).isNotEmpty();
      assertThat(!seen || Files.exists(Path.of(drill.path("playbook").asText())))
          .as(drill.toString())
          .isTrue();
      assertThat(!drill.path("drill").asText().startsWith("harm") || seen).isTrue();
    }
  }

  /** Word by word; {@code TIDEGATE_WRITE=1} writes the page anew. */
  @Test
  void the_page_shows_what_the_command_prints() throws Exception {
    String page = Files.readString(Path.of("docs/rehearse.md"));
    Matcher shown =
        Pattern.compile("```\n\\./tidegate (rehearse .*)\n```\n\n```\n([^`]*)```").matcher(page);
    assertThat(shown.find()).isTrue();
    Cli run = Cli.run(shown.group(1).split(" "));
    assertThat(run.code()).as(run.err()).isZero();
    if ("1".equals(System.getenv("TIDEGATE_WRITE"))) {
      Files.writeString(Path.of("docs/rehearse.md"), page.replace(shown.group(2), run.out()));
    } else {
      assertThat(run.out()).isEqualTo(shown.group(2));
    }
    assertThat(run.out())
        .doesNotContain("missed:", "not run:")
        .contains("seen: harm in one segment");
  }

  @Test
  void what_too_little_traffic_hides_is_missed_with_exit_code_3() throws Exception {
    Cli run = Cli.run("rehearse", DEMO, "--units-per-day", "20", "--output", "json");
    assertThat(run.code()).isEqualTo(RehearseCommand.MISSED);
    JsonNode drills = new ObjectMapper().readTree(run.out());
    assertThat(drills)
        .anySatisfy(
            drill -> {
              assertThat(drill.path("drill").asText()).isEqualTo("harm in one segment");
              assertThat(drill.path("result").asText()).isEqualTo("missed");
              assertThat(drill.path("playbook").asText())
                  .isEqualTo("docs/playbooks/guardrails-and-margins.md");
            })
        .anySatisfy(
            drill -> {
              assertThat(drill.path("drill").asText()).isEqualTo("no effect");
              assertThat(drill.path("result").asText()).isEqualTo("seen");
            });
  }

  /** A trigger that both variants are to send. */
  @Test
  void trigger_that_one_variant_lacks_is_drilled_where_the_spec_has_one(@TempDir Path folder)
      throws Exception {
    Path spec = folder.resolve("triggered.yaml");
    Files.writeString(spec, Files.readString(Path.of(DEMO)) + "trigger: view_cart\n");
    Cli run = Cli.run("rehearse", spec.toString(), "--output", "json");
    assertThat(new ObjectMapper().readTree(run.out()))
        .anySatisfy(
            drill -> {
              assertThat(drill.path("drill").asText()).isEqualTo("trigger of one variant");
              assertThat(drill.path("result").asText()).as(drill.toString()).isEqualTo("seen");
              assertThat(drill.path("code").asText()).isEqualTo("TRIGGER_RATE_DIFFERS");
            });
  }

  @Test
  void wrong_options_are_refused() {
    Cli stage = Cli.run("rehearse", DEMO, "--stage", "canari");
    assertThat(stage.code()).isEqualTo(Tidegate.USAGE);
    assertThat(stage.err())
        .contains("stages: found canari: expected a stage with a control: canary, early, half")
        .contains("did you mean canary?");
    Cli units = Cli.run("rehearse", DEMO, "--units-per-day", "0");
    assertThat(units.code()).isEqualTo(Tidegate.USAGE);
    assertThat(units.err()).contains("--units-per-day", "a number in [1, 1000000]");
    assertThat(Cli.run("rehearse", "jobs/README.md").code()).isEqualTo(Tidegate.USAGE);
  }
}
