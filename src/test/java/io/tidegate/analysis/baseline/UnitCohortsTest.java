package io.tidegate.analysis.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.baseline.HistoryRequest.Series;
import io.tidegate.analysis.baseline.HistoryRequest.Treatment;
import io.tidegate.analysis.baseline.HistoryRequest.Wanted;
import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.Exposure;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.Outcome;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.UnitCovariate;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnitCohortsTest {

  private static final long WEEK_MS = 7 * Rollouts.DAY_MS;
  private static final long START_MS = Rollouts.START_MS;
  private static final long END_MS = START_MS + 4 * WEEK_MS;
  private static final RolloutSpec SPEC = Rollouts.spec("m", Assignment.MATCHED);

  private static UnitCohorts cohorts(boolean byExposure, long treatedUntilMs) {
    List<Series> series = List.of(new Series(0, "conversion"), new Series(2, "revenue"));
    HistoryRequest request =
        new HistoryRequest(
            START_MS,
            END_MS,
            List.of(new Wanted("m", series, byExposure, series, END_MS)),
            List.of(new Treatment("m", "on", treatedUntilMs)));
    return new UnitCohorts(HistoryPlan.of(request, json -> SPEC, Map.of()));
  }

  private static Point exposed(String unit, long atMs, String variant) {
    return Points.of(
        new Exposure(
            "e" + atMs, atMs, unit, "m", variant, "", "", Map.of("country", "DE", "device", "tv")));
  }

  private static Point bought(String unit, long atMs, long euros) {
    return Points.of(
        new Outcome("o" + atMs, atMs, unit, "purchase", euros * 1_000_000, true, Map.of()));
  }

  private static UnitSums followed(UnitCohorts cohorts, String key, HourBook.Segment segment) {
    UnitSums sums = new UnitSums();
    cohorts.books().get(key).cells().get(segment).values().forEach(c -> sums.add(c.followed()));
    return sums;
  }

  private static long entered(UnitCohorts cohorts) {
    return cohorts.books().get("conversion").cells().get(HourBook.WHOLE).values().stream()
        .mapToLong(HourCell::entered)
        .sum();
  }

  @Test
  void a_unit_enters_once_a_week_and_its_window_is_followed() {
    UnitCohorts cohorts = cohorts(true, Long.MAX_VALUE);
    List<Point> points = new ArrayList<>();
    for (int day = 0; day < 28; day++) {
      points.add(exposed("u", START_MS + day * Rollouts.DAY_MS, "off"));
      points.add(bought("u", START_MS + day * Rollouts.DAY_MS + 1, 10));
    }
    cohorts.add(points);
    assertThat(entered(cohorts)).isBetween(3L, 4L);
    UnitSums conversion = followed(cohorts, "conversion", HourBook.WHOLE);
    assertThat(conversion.moments().mean()).isEqualTo(1);
    UnitSums revenue = followed(cohorts, "revenue", new HourBook.Segment("country", "DE"));
    // Half a week holds three or four of the purchases.
    assertThat(revenue.moments().mean()).isEqualTo(40);
    assertThat(cohorts.books().get("revenue").segments())
        .contains(new HourBook.Segment("device", "(other)"));
  }

  @Test
  void every_hour_of_the_week_sees_units_of_every_part_of_a_ramp() {
    UnitCohorts cohorts = cohorts(false, Long.MAX_VALUE);
    Random random = new Random(3);
    for (int u = 0; u < 20_000; u++) {
      // Active every hour: enters when its week begins.
      List<Point> points = new ArrayList<>();
      long at = START_MS + random.nextInt(3_600_000);
      for (int hour = 0; hour < 2 * 168; hour++) {
        points.add(bought("u" + u, at + hour * Rollouts.HOUR_MS, 1));
      }
      cohorts.add(points);
    }
    Map<Integer, HourCell> hours = cohorts.books().get("conversion").cells().get(HourBook.WHOLE);
    for (int hour = 1; hour < 2 * 168; hour++) {
      assertThat(hours.get(hour).entered()).as("hour %d", hour).isBetween(70L, 175L);
    }
    assertThat(UnitCohorts.share(0)).isEqualTo(1.0 / 168);
    assertThat(UnitCohorts.share(1000)).isEqualTo(1);
  }

  @Test
  void a_treated_unit_is_not_followed_until_the_change_is_everybodys() {
    List<Point> points = new ArrayList<>();
    for (int day = 0; day < 28; day++) {
      points.add(exposed("u", START_MS + day * Rollouts.DAY_MS, day < 10 ? "off" : "on"));
    }
    UnitCohorts forGood = cohorts(true, Long.MAX_VALUE);
    forGood.add(points);
    UnitCohorts rolledOut = cohorts(true, START_MS + 11 * Rollouts.DAY_MS);
    rolledOut.add(points);
    assertThat(entered(forGood)).isEqualTo(entered(rolledOut));
    long kept = followed(forGood, "conversion", HourBook.WHOLE).units();
    assertThat(kept).isBetween(1L, 2L);
    assertThat(followed(rolledOut, "conversion", HourBook.WHOLE).units()).isGreaterThan(kept);
  }

  @Test
  void rollouts_that_share_a_metric_share_its_cohorts_and_both_have_their_segments() {
    Map<String, RolloutSpec> specs =
        Map.of(
            "a", segmented("a", new SegmentDimension("country", List.of("DE"), 0)),
            "b", segmented("b", new SegmentDimension("plan", List.of(), 5)),
            "c", segmented("c", new SegmentDimension("country", List.of("FR"), 0)));
    List<Wanted> wanted =
        specs.keySet().stream()
            .sorted()
            .map(
                id -> new Wanted(id, List.of(new Series(0, "conversion")), true, List.of(), END_MS))
            .toList();
    HistoryRequest request = new HistoryRequest(START_MS, END_MS, wanted, List.of());
    UnitCohorts cohorts = new UnitCohorts(HistoryPlan.of(request, specs::get, Map.of()));
    long atMs = START_MS + 2 * WEEK_MS;
    for (String country : List.of("DE", "FR", "US")) {
      Map<String, String> attributes = Map.of("country", country, "plan", "gold");
      cohorts.add(
          List.of(
              Points.of(new Exposure("e", atMs, country, "a", "off", "", "", attributes)),
              Points.of(new Exposure("f", atMs, country, "b", "off", "", "", attributes))));
    }
    assertThat(entered(cohorts)).isEqualTo(3);
    assertThat(cohorts.books().get("conversion").segments())
        .containsExactly(
            HourBook.WHOLE,
            new HourBook.Segment("country", "(other)"),
            new HourBook.Segment("country", "DE"),
            new HourBook.Segment("country", "FR"),
            new HourBook.Segment("plan", "gold"));
  }

  @Test
  void a_unit_enters_at_the_trigger_of_the_spec() {
    RolloutSpec spec = Rollouts.triggered(Rollouts.spec("a", Assignment.MATCHED), "view_cart");
    HistoryRequest request =
        new HistoryRequest(
            START_MS,
            END_MS,
            List.of(new Wanted("a", List.of(new Series(0, "conversion")), true, List.of(), END_MS)),
            List.of());
    UnitCohorts cohorts = new UnitCohorts(HistoryPlan.of(request, id -> spec, Map.of()));
    long atMs = START_MS + 2 * WEEK_MS;
    Point exposed = Points.of(new Exposure("e", atMs, "u", "a", "off", "", "", Map.of()));
    cohorts.add(List.of(exposed, bought("u", atMs + 1, 5)));
    assertThat(cohorts.books()).isEmpty();
    Point viewed = Points.of(new Outcome("v", atMs + 2, "u", "view_cart", 0, false, Map.of()));
    cohorts.add(List.of(exposed, viewed));
    assertThat(entered(cohorts)).isEqualTo(1);
  }

  private static RolloutSpec segmented(String id, SegmentDimension dimension) {
    RolloutSpec spec = Rollouts.spec(id, Assignment.MATCHED);
    return new RolloutSpec(
        id,
        spec.owner(),
        spec.contact(),
        spec.respondWithin(),
        spec.hypothesis(),
        spec.flag(),
        spec.assignment(),
        spec.lookEvery(),
        spec.evidenceEvery(),
        spec.stages(),
        spec.holdout(),
        List.of(dimension),
        spec.metrics(),
        spec.decision(),
        spec.quality(),
        spec.signOffs(),
        spec.cost(),
        spec.minSegmentUnits(),
        null);
  }

  @Test
  void covariates_are_the_numbers_of_the_four_weeks_before() {
    UnitCohorts cohorts = cohorts(true, Long.MAX_VALUE);
    List<Point> points =
        List.of(
            bought("u", END_MS - 28 * Rollouts.DAY_MS - 1, 7),
            bought("u", END_MS - 28 * Rollouts.DAY_MS, 300),
            bought("u", END_MS - 1, 400));
    List<UnitCovariate> found = new ArrayList<>();
    cohorts.covariates("pseudonym", points, found::add);
    assertThat(found)
        .containsExactly(
            new UnitCovariate("pseudonym", "conversion", "conversion", END_MS, 28, 1_000_000, 0),
            new UnitCovariate("pseudonym", "revenue", "revenue", END_MS, 28, 500_000_000, 0));
    found.clear();
    cohorts.covariates("stranger", points.subList(0, 1), found::add);
    assertThat(found).isEmpty();
  }

  @Test
  void a_quantiles_covariate_counts_above_the_threshold_of_the_rollouts_own_series() {
    MetricKind latency = new MetricKind.Quantile(OutcomeFilter.of("purchase"), null, 0.9, null);
    Metric metric =
        new Metric(
            "latency", Role.GUARDRAIL, latency, Better.DOWN, null, null, null, Map.of(), "", "");
    RolloutSpec spec = Rollouts.withMetrics(SPEC, List.of(metric));
    Wanted wanted =
        new Wanted(
            "m",
            List.of(new Series(0, "latency of m")),
            true,
            List.of(new Series(0, "latency")),
            END_MS);
    HistoryRequest request = new HistoryRequest(START_MS, END_MS, List.of(wanted), List.of());
    UnitCohorts cohorts =
        new UnitCohorts(HistoryPlan.of(request, json -> spec, Map.of("latency of m", 10.0)));
    List<UnitCovariate> found = new ArrayList<>();
    cohorts.covariates(
        "u",
        List.of(bought("u", END_MS - 9, 9), bought("u", END_MS - 7, 11), bought("u", END_MS, 12)),
        found::add);
    assertThat(found)
        .containsExactly(
            new UnitCovariate("u", "latency", "latency", END_MS, 28, 1_000_000, 2_000_000));
  }

  @Test
  void a_unit_with_money_without_a_rate_is_counted_and_in_no_sum() {
    UnitCohorts cohorts = cohorts(true, Long.MAX_VALUE);
    long atMs = START_MS + WEEK_MS + 5;
    Outcome pounds =
        new Outcome("p", atMs + 9, "u", "purchase", 7_000_000, true, Map.of("currency", "GBP"));
    cohorts.add(List.of(exposed("u", atMs, "off"), bought("u", atMs + 5, 300), Points.of(pounds)));
    assertThat(followed(cohorts, "revenue", HourBook.WHOLE).units()).isZero();
    assertThat(followed(cohorts, "conversion", HourBook.WHOLE).units()).isEqualTo(1);
    assertThat(cohorts.books().get("revenue").cells().get(HourBook.WHOLE).values())
        .extracting(HourCell::refused, HourCell::entered)
        .containsExactly(tuple(1L, 1L));
  }

  @Test
  void money_without_a_rate_is_no_covariate() {
    UnitCohorts cohorts = cohorts(true, Long.MAX_VALUE);
    Outcome pounds =
        new Outcome("p", END_MS - 5, "u", "purchase", 7_000_000, true, Map.of("currency", "GBP"));
    List<UnitCovariate> found = new ArrayList<>();
    cohorts.covariates("u", List.of(bought("u", END_MS - 9, 300), Points.of(pounds)), found::add);
    assertThat(found)
        .containsExactly(
            new UnitCovariate("u", "conversion", "conversion", END_MS, 28, 1_000_000, 0));
  }
}
