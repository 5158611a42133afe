package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** A tiny bench: its form, and that model and medians agree; no time. */
class BenchBaselineTest {

  @Test
  void model_and_medians_agree_and_every_figure_is_there() throws Exception {
    Cli ran =
        Cli.run(
            "bench",
            "baseline",
            "--series",
            "3",
            "--weeks",
            "32",
            "--runs",
            "1",
            "--warm-ups",
            "0",
            "--output",
            "json");
    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode rows = new ObjectMapper().readTree(ran.out());
    assertThat(rows.findValuesAsText("figure"))
        .contains("build", "medians", "medians_once", "night", "medians_over_build");
    rows.forEach(row -> assertThat(row.path("median").asDouble()).isNotNegative());
  }

  @Test
  void too_little_is_refused() {
    Cli ran = Cli.run("bench", "baseline", "--series", "0", "--weeks", "31", "--runs", "0");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("--series", "--weeks", "at least 32", "--runs");
  }
}
