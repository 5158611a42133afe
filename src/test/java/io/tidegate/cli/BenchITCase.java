package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny bench: its form, and that every engine finds the same; no time. */
class BenchITCase {

  private static final List<String> RATIOS =
      List.of(
          "gate_over_decode",
          "gate_over_flink_sql",
          "gate_over_textbook",
          "hundred_rollouts",
          "hot_rollout",
          "many_units",
          "poison");

  @TempDir private Path folder;

  @Test
  void every_engine_finds_the_same_and_the_figures_have_their_form() throws Exception {
    Cli ran =
        Cli.run(
            "bench",
            "--events",
            "20000",
            "--units",
            "2000",
            "--runs",
            "1",
            "--dir",
            folder.resolve("bench").toString(),
            "--output",
            "json");
    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode result = new ObjectMapper().readTree(ran.out());
    assertThat(result.path("ratios").fieldNames()).toIterable().containsExactlyElementsOf(RATIOS);
    RATIOS.forEach(name -> assertThat(result.at("/ratios/" + name).asDouble()).isPositive());
    for (String engine :
        List.of("raw_read", "decode", "fold", "gate", "flink_sql", "textbook", "gate_poison")) {
      figure(result, engine + "_rate", "events/s");
      figure(result, engine + "_cpu", "CPU-s/million events");
    }
    figure(result, "gate_state", "B/unit");
    assertThat(Files.exists(folder.resolve("bench/tidegate.yaml"))).isTrue();
  }

  private static void figure(JsonNode result, String name, String unit) {
    JsonNode figure = result.path("figures").path(name);
    assertThat(figure.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("median", "min", "max", "unit");
    assertThat(figure.path("unit").asText()).isEqualTo(unit);
    assertThat(figure.path("min").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(figure.path("median").asDouble());
    assertThat(figure.path("max").asDouble())
        .isGreaterThanOrEqualTo(figure.path("median").asDouble());
  }

  @Test
  void sizes_that_make_no_bench_are_refused_together() {
    Cli ran = Cli.run("bench", "--events", "10", "--units", "7", "--runs", "0");
    assertThat(ran.code()).isEqualTo(Tidegate.USAGE);
    assertThat(ran.err().lines()).hasSize(3);
  }
}
