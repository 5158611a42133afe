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
    Path chart = folder.resolve("bench.html");
    Cli ran =
        Cli.run(
            "bench",
            "--events",
            "10000",
            "--units",
            "2000",
            "--many-units",
            "2500",
            "--runs",
            "1",
            "--warm-ups",
            "0",
            "--latency-seconds",
            "1",
            "--checkpoint-interval",
            "PT0.5S",
            "--out-of-order",
            "PT1S",
            "--dir",
            folder.resolve("bench").toString(),
            "--chart",
            chart.toString(),
            "--output",
            "json");
    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode result = new ObjectMapper().readTree(ran.out());
    assertThat(result.path("ratios").fieldNames()).toIterable().containsExactlyElementsOf(RATIOS);
    RATIOS.forEach(
        name -> {
          figure(result, name, "ratio");
          assertThat(result.at("/ratios/" + name).asDouble())
              .isEqualTo(result.at("/figures/" + name + "/median").asDouble());
        });
    for (String engine :
        List.of(
            "raw_read",
            "decode",
            "fold",
            "gate",
            "gate_rocksdb",
            "flink_sql",
            "flink_sql_light",
            "textbook",
            "textbook_light",
            "gate_poison",
            "gate_many_units")) {
      figure(result, engine + "_rate", "events/s");
      figure(result, engine + "_cpu", "CPU-s/million events");
    }
    figure(result, "gate_state", "B/unit");
    figure(result, "gate_rocksdb_state", "B/unit");
    assertThat(result.at("/figures/gate_ids/median").asDouble()).isEqualTo(5);
    for (String delivery : List.of("exactly_once", "at_least_once")) {
      figure(result, "latency_" + delivery + "_p50", "s");
      figure(result, "latency_" + delivery + "_p99", "s");
    }
    figure(result, "warehouse_refresh_last", "CPU-s/refresh");
    figure(result, "gate_refresh_growth", "last third/first third");
    figure(result, "gate_five_metrics_state", "B/unit");
    figure(result, "dense_hundred_rollouts", "ratio");
    assertThat(result.at("/refreshes/0/history").asLong()).isEqualTo(10_000);
    assertThat(Files.exists(folder.resolve("bench/tidegate.yaml"))).isTrue();
    assertThat(Files.readString(chart))
        .startsWith("<!doctype html>")
        .contains("gate over flink sql")
        .contains("latency at least once p99");
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
  void impact_and_duckdb_find_the_same_curves() throws Exception {
    Cli ran =
        Cli.run(
            "bench",
            "impact",
            "--units",
            "1000",
            "--days",
            "28",
            "--runs",
            "1",
            "--dir",
            folder.resolve("impact").toString(),
            "--output",
            "json");
    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode row = new ObjectMapper().readTree(ran.out()).get(0);
    assertThat(row.path("units").asInt()).isEqualTo(1000);
    assertThat(row.path("rows").asInt()).isGreaterThan(3000);
    assertThat(row.path("impact_seconds").asDouble()).isPositive();
    assertThat(row.path("duckdb_seconds").asDouble()).isPositive();
  }

  @Test
  void sizes_that_make_no_impact_bench_are_refused_together() {
    Cli ran = Cli.run("bench", "impact", "--units", "10", "--days", "7", "--runs", "0");
    assertThat(ran.code()).isEqualTo(Tidegate.USAGE);
    assertThat(ran.err().lines()).hasSize(3);
  }

  @Test
  void sizes_that_make_no_bench_are_refused_together() {
    Cli ran = Cli.run("bench", "--events", "10", "--units", "7", "--runs", "0", "--ratio", "speed");
    assertThat(ran.code()).isEqualTo(Tidegate.USAGE);
    assertThat(ran.err().lines()).hasSize(4);
  }

  @Test
  void a_ratio_alone_needs_two_runs() throws Exception {
    Cli ran =
        Cli.run(
            "bench",
            "--ratio",
            "poison",
            "--events",
            "10000",
            "--units",
            "2000",
            "--runs",
            "1",
            "--warm-ups",
            "0",
            "--dir",
            folder.resolve("alone").toString(),
            "--output",
            "json");
    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode result = new ObjectMapper().readTree(ran.out());
    assertThat(result.path("ratios").fieldNames()).toIterable().containsExactly("poison");
    figure(result, "gate_rate", "events/s");
    figure(result, "gate_poison_rate", "events/s");
    assertThat(ran.err()).doesNotContain("textbook", "few_units", "warehouse");
  }
}
