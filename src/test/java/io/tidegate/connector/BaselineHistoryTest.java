package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.Rollouts;
import io.tidegate.codec.Tables;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.History;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Resolved;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Seasonal;
import io.tidegate.spec.RolloutSpecs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselineHistoryTest {

  private static final MetricKind CONVERSION =
      new MetricKind.Proportion(OutcomeFilter.of("purchase"), null);
  private static final MetricKind LATENCY =
      new MetricKind.Quantile(OutcomeFilter.of("request"), "ms", 0.95, null);

  @TempDir Path folder;

  private static Map<String, Object> row(
      MetricKind kind, String dimension, String segment, long validFromMs, int hour, double mean) {
    Map<String, Object> row = new HashMap<>();
    row.put("metric_key", RolloutSpecs.definitionHash(kind));
    row.put("dimension", dimension);
    row.put("segment", segment);
    row.put("valid_from", validFromMs);
    row.put("hour_of_week", hour);
    row.put("unit_mean", mean);
    row.put("unit_variance", mean * (1 - mean));
    row.put("unit_rate", mean);
    row.put("units_per_hour", segment.length() * 10.0);
    row.put("details", kind == LATENCY ? "{\"threshold\": 512.5}" : "{}");
    return row;
  }

  private static final RolloutSpec SPEC = Rollouts.spec("any", Assignment.MATCHED);

  private static Metric metric(MetricKind kind) {
    return new Metric(
        "any name", Role.SUCCESS, kind, Better.UP, null, null, null, Map.of(), "", "");
  }

  @Test
  void newest_rows_of_the_whole_week_count() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      assertThat(BaselineHistory.read(tables.config())).isSameAs(History.NONE);
      tables.append(
          Tables.BASELINES,
          List.of(
              row(CONVERSION, "all", "*", 2_000, -1, 0.06),
              row(CONVERSION, "all", "*", 1_000, -1, 0.05),
              row(CONVERSION, "all", "*", 3_000, 17, 0.5),
              row(CONVERSION, "country", "DE", 2_000, -1, 0.07),
              row(CONVERSION, "country", "FRA", 2_000, -1, 0.07),
              row(CONVERSION, "country", "(other)", 2_000, -1, 0.07),
              row(LATENCY, "all", "*", 2_000, -1, 0.05),
              row(LATENCY, "country", "DE", 2_000, -1, 0.05)));
      History history = BaselineHistory.read(tables.config());
      Resolved.MetricBase base = history.base(SPEC, metric(CONVERSION));
      assertThat(base).isNotNull();
      assertThat(base.mean()).isEqualTo(0.06);
      assertThat(base.variance()).isCloseTo(0.0564, within(1e-12));
      assertThat(base.thresholds()).isEmpty();
      assertThat(history.base(SPEC, metric(LATENCY)))
          .extracting(Resolved.MetricBase::thresholds)
          .isEqualTo(Map.of("all=*", 512.5, "country=DE", 512.5));
      assertThat(history.unitsPerDay(SPEC)).isEqualTo(240);
      assertThat(history.largest("country", 2)).containsExactly("FRA", "DE");
      assertThat(history.snapshotId()).isNotZero();
      assertThat(
              history.base(
                  SPEC, metric(new MetricKind.Proportion(OutcomeFilter.of("signup"), null))))
          .isNull();
    }
  }

  @Test
  void units_that_enter_at_a_trigger_are_another_series() throws Exception {
    RolloutSpec triggered = Rollouts.triggered(SPEC, "view_cart");
    Metric metric = SPEC.metric("conversion");
    try (TableFixture tables = TableFixture.create(folder)) {
      Map<String, Object> everyone = row(CONVERSION, "all", "*", 2_000, -1, 0.06);
      Map<String, Object> some = row(CONVERSION, "all", "*", 2_000, -1, 0.12);
      everyone.put("metric_key", RolloutSpecs.definitionHash(SPEC, metric));
      some.put("metric_key", RolloutSpecs.definitionHash(triggered, metric));
      some.put("units_per_hour", 4.0);
      tables.append(Tables.BASELINES, List.of(everyone, some));
      History history = BaselineHistory.read(tables.config());
      assertThat(history.base(SPEC, metric).mean()).isEqualTo(0.06);
      assertThat(history.base(triggered, metric).mean()).isEqualTo(0.12);
      assertThat(history.unitsPerDay(SPEC)).isEqualTo(240);
      assertThat(history.unitsPerDay(triggered)).isEqualTo(96);
    }
  }

  private static final long DAY_MS = 86_400_000L;
  private static final RolloutSpec CART = Rollouts.spec("cart", Assignment.MATCHED);
  private static final RolloutSpec SEARCH = Rollouts.spec("search", Assignment.MATCHED);

  /** A whole week of conversion, with its hours, as a run writes it that day. */
  private static List<Map<String, Object>> week(
      String key, String entry, int day, double mean, double unitsPerHour) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int hour = -1; hour < 168; hour++) {
      Map<String, Object> row = row(CONVERSION, "all", "*", day * DAY_MS, hour, mean);
      row.put("metric_key", key);
      row.put("expected", mean);
      row.put("units_per_hour", unitsPerHour);
      row.put("details", "{\"weeks\": 8, \"entry\": \"" + entry + "\"}");
      rows.add(of(row, "r" + day, day));
    }
    return rows;
  }

  private static String key(RolloutSpec spec, boolean byExposure) {
    return RolloutSpecs.baselineKey(spec, spec.metric("conversion"), byExposure);
  }

  private static void has(History history, RolloutSpec spec, double mean, double unitsPerDay) {
    assertThat(history.base(spec, spec.metric("conversion")).mean()).isEqualTo(mean);
    assertThat(history.unitsPerDay(spec)).isEqualTo(unitsPerDay);
    Seasonal seasonal = history.seasonal(spec, Map.of());
    assertThat(seasonal.profile("conversion").level()).isEqualTo(mean);
    assertThat(seasonal.unitsPerHour()).containsOnly(unitsPerDay / 24);
  }

  @Test
  void each_flag_has_rows_of_its_own_and_a_new_one_those_of_any_outcome() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      tables.append(Tables.BASELINES, week(key(CART, true), "an exposure of cart", 60, 0.2, 3));
      tables.append(Tables.BASELINES, week(key(SEARCH, true), "an exposure of search", 60, 0.4, 9));
      tables.append(Tables.BASELINES, week(key(SPEC, false), "any outcome", 60, 0.1, 20));
      History history = BaselineHistory.read(tables.config());
      has(history, CART, 0.2, 72);
      has(history, SEARCH, 0.4, 216);
      has(history, SPEC, 0.1, 480);
      for (RolloutSpec spec : List.of(CART, SEARCH)) {
        assertThat(history.seasonal(spec, Map.of()).unlike(spec, "conversion")).isEmpty();
      }
      assertThat(history.seasonal(SPEC, Map.of()).unlike(SPEC, "conversion"))
          .contains("any outcome");
    }
  }

  /** The second metric was learnt for a flag that nobody asks yet, of everybody. */
  @Test
  void units_are_those_of_the_flags_exposures_where_only_some_metrics_have_them() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      tables.append(Tables.BASELINES, week(key(CART, true), "an exposure of cart", 60, 0.2, 3));
      Metric other =
          CART.metrics().stream()
              .filter(m -> !m.name().equals("conversion"))
              .findFirst()
              .orElseThrow();
      String key = RolloutSpecs.baselineKey(CART, other, false);
      tables.append(Tables.BASELINES, week(key, "any outcome", 60, 0.1, 20));
      History history = BaselineHistory.read(tables.config());
      assertThat(history.base(CART, other).mean()).isEqualTo(0.1);
      has(history, CART, 0.2, 72);
    }
  }

  @Test
  void rows_of_before_the_keys_held_flags_are_read_by_their_own_flag_only() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      tables.append(Tables.BASELINES, week(key(CART, false), "an exposure of cart", 60, 0.2, 3));
      History history = BaselineHistory.read(tables.config());
      has(history, CART, 0.2, 72);
      assertThat(history.seasonal(CART, Map.of()).unlike(CART, "conversion")).isEmpty();
      assertThat(history.base(SEARCH, SEARCH.metric("conversion"))).isNull();
      assertThat(history.refusal(SEARCH, SEARCH.metric("conversion"))).isEmpty();
      assertThat(history.unitsPerDay(SEARCH)).isZero();
      assertThat(history.seasonal(SEARCH, Map.of())).isEqualTo(Seasonal.NONE);

      tables.append(Tables.BASELINES, week(key(CART, true), "an exposure of cart", 61, 0.3, 4));
      has(BaselineHistory.read(tables.config()), CART, 0.3, 96);
    }
  }

  @Test
  void a_flags_own_rows_hold_a_week_longer_than_newer_ones_of_any_outcome() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      tables.append(Tables.BASELINES, week(key(CART, true), "an exposure of cart", 60, 0.2, 3));
      tables.append(Tables.BASELINES, week(key(CART, false), "any outcome", 67, 0.1, 20));
      has(BaselineHistory.read(tables.config()), CART, 0.2, 72);
      tables.append(Tables.BASELINES, week(key(CART, false), "any outcome", 68, 0.15, 20));
      has(BaselineHistory.read(tables.config()), CART, 0.15, 480);
    }
  }

  @Test
  void all_rows_of_a_metrics_newest_run_count_and_none_of_an_older() throws Exception {
    try (TableFixture tables = TableFixture.create(folder)) {
      // Over the same history, learned again after late outcomes; a country is no longer split off.
      Map<String, Object> again = of(row(CONVERSION, "all", "*", 2_000, -1, 0.06), "r2", 2);
      tables.append(Tables.BASELINES, List.of(again));
      tables.append(
          Tables.BASELINES,
          List.of(
              of(row(CONVERSION, "all", "*", 2_000, -1, 0.05), "r1", 1),
              of(row(CONVERSION, "country", "DE", 2_000, -1, 0.05), "r1", 1),
              of(row(LATENCY, "all", "*", 2_000, -1, 0.05), "r1", 1)));
      History history = BaselineHistory.read(tables.config());
      assertThat(history.base(SPEC, metric(CONVERSION)))
          .extracting(Resolved.MetricBase::mean)
          .isEqualTo(0.06);
      assertThat(history.largest("country", 5)).isEmpty();
      assertThat(history.base(SPEC, metric(LATENCY)))
          .as("learned by the older run only")
          .isNotNull();
    }
  }

  @Test
  void a_metric_that_the_newest_run_refuses_has_no_figures_of_an_older_one() throws Exception {
    MetricKind euros = new MetricKind.Sum(OutcomeFilter.of("purchase"), null, null, "EUR");
    String reason = "NO_RATE: units with a value in a currency without a rate to EUR: 1";
    try (TableFixture tables = TableFixture.create(folder)) {
      Map<String, Object> refused = of(row(euros, "all", "*", 2_000, -1, 0), "r2", 2);
      refused.put("unit_mean", null);
      refused.put("unit_variance", null);
      refused.put("unit_rate", null);
      refused.put("expected", null);
      refused.put("details", "{\"reason\": \"" + reason + "\"}");
      Map<String, Object> older = of(row(euros, "all", "*", 1_000, -1, 0.5), "r1", 1);
      older.put("expected", 0.5);
      Map<String, Object> hour = of(row(euros, "all", "*", 1_000, 0, 0.5), "r1", 1);
      hour.put("expected", 0.5);
      tables.append(Tables.BASELINES, List.of(refused, older, hour));
      RolloutSpec spec = Rollouts.withMetrics(SPEC, List.of(metric(euros)));
      History history = BaselineHistory.read(tables.config());
      assertThat(history.base(spec, metric(euros))).isNull();
      assertThat(history.refusal(spec, metric(euros))).isEqualTo(reason);
      assertThat(history.seasonal(spec, Map.of()).profile("any name")).isNull();
      assertThat(history.refusal(SPEC, metric(CONVERSION))).isEmpty();
    }
  }

  private static Map<String, Object> of(Map<String, Object> row, String runId, int revision) {
    row.put("run_id", runId);
    row.put("revision", revision);
    return row;
  }
}
