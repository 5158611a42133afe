package io.tidegate.analysis.impact;

import static io.tidegate.analysis.impact.Rollouts.DAY;
import static io.tidegate.analysis.impact.Rollouts.at;
import static io.tidegate.analysis.impact.Rollouts.exposure;
import static io.tidegate.analysis.impact.Rollouts.outcome;
import static io.tidegate.analysis.impact.Rollouts.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.UnitHistory;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.Censoring;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.Maturity;
import io.tidegate.model.Metric;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import io.tidegate.stats.estimate.Survival;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ImpactTablesTest {

  private static final List<Stage> RAMP = List.of(stage("canary", 10), stage("half", 50));
  private static final List<SegmentDimension> DEVICE =
      List.of(new SegmentDimension("device", List.of("mobile"), 0));
  private static final List<Metric> METRICS =
      List.of(Rollouts.revenue(20_000_000L), Rollouts.retention(2));

  /** One unit of a drawn world. */
  private record Unit(long enteredMs, String variant, String device, List<Point> points) {}

  @Test
  void matched_equalsARecomputationUnitByUnit() {
    List<Unit> units = world(new Random(11), 300);
    ImpactTables tables = tables(Assignment.MATCHED, units, 0, 20 * DAY);

    for (RetentionPoint row : tables.retention()) {
      List<Life> lives =
          units.stream()
              .filter(u -> in(u, row.variant(), row.dimension(), row.segment(), row.epoch()))
              .map(u -> Life.of(u, row.period().equals(RetentionPoint.DAY) ? DAY : 7 * DAY))
              .toList();
      int absence = row.period().equals(RetentionPoint.DAY) ? 7 : 4;
      assertThat(row.units()).isEqualTo(lives.size());
      if (row.definition().equals(RetentionPoint.FIRST_RETURN)
          || row.definition().equals(RetentionPoint.NOT_LAPSED)) {
        assertCurve(row, lives, absence);
        continue;
      }
      long eligible = lives.stream().filter(l -> l.eligible(row, absence)).count();
      long retained =
          lives.stream().filter(l -> l.eligible(row, absence) && l.cameBack(row, absence)).count();
      assertThat(row.eligible()).as("%s", row).isEqualTo(eligible);
      assertThat(row.retained()).as("%s", row).isEqualTo(retained);
      assertThat(row.rate() == null).isEqualTo(eligible == 0);
      assertThat(row.maturity() == Maturity.CENSORED)
          .isEqualTo(lives.stream().noneMatch(l -> l.passed > row.age()));
      assertThat(row.effectSize() != null && row.definition().equals(RetentionPoint.RETURNING))
          .isFalse();
    }
    for (RevenuePoint row : tables.revenue()) {
      long mature = 0;
      double capped = 0;
      double uncapped = 0;
      double refunds = 0;
      for (Unit unit : units) {
        if (in(unit, row.variant(), row.dimension(), row.segment(), row.epoch())
            && unit.enteredMs() + row.ageDays() * DAY <= 20 * DAY) {
          double total = 0;
          for (Point p : unit.points()) {
            if (!p.exposure && p.timeMs < unit.enteredMs() + row.ageDays() * DAY) {
              total += p.valueMicros / 1e6;
              refunds += Math.min(0, p.valueMicros / 1e6);
            }
          }
          mature++;
          capped += Math.max(-20, Math.min(20, total));
          uncapped += total;
        }
      }
      assertThat(row.unitsMature()).as("%s", row).isEqualTo(mature);
      if (mature == 0) {
        assertThat(row.sum()).isNull();
      } else {
        assertThat(row.sum()).as("%s", row).isCloseTo(capped, within(1e-6));
        assertThat(row.uncappedSum()).isCloseTo(uncapped, within(1e-6));
        assertThat(row.refundSum()).isCloseTo(refunds, within(1e-6));
      }
    }
  }

  @Test
  void book_doesNotDependOnOrderOrPartition() {
    List<Unit> units = world(new Random(12), 120);
    Timeline timeline = timeline(spec(Assignment.RAMPED, 0, METRICS));
    RolloutContext context = new RolloutContext(0, timeline);
    ImpactPlan plan = ImpactPlan.of(timeline, timeline.attempts().get(0), 20 * DAY);
    SliceBook whole = new SliceBook(plan);
    UnitFollower all = new UnitFollower(plan, whole);
    units.forEach(u -> follow(all, context, u));

    SliceBook merged = new SliceBook(plan);
    SliceBook[] parts = {new SliceBook(plan), new SliceBook(plan), new SliceBook(plan)};
    Random random = new Random(13);
    List<Unit> shuffled = new ArrayList<>(units);
    java.util.Collections.shuffle(shuffled, random);
    for (Unit unit : shuffled) {
      follow(new UnitFollower(plan, parts[random.nextInt(3)]), context, unit);
    }
    for (SliceBook part : List.of(parts[2], parts[0], parts[1])) {
      merged.mergeBytes(part.toBytes());
    }
    assertThat(merged.toBytes()).isEqualTo(whole.toBytes());
    assertThat(ImpactTables.of(merged)).isEqualTo(ImpactTables.of(whole));
  }

  @Test
  void ramped_toDateIsClusteredByUnit() {
    List<Unit> units = new ArrayList<>();
    Random random = new Random(14);
    for (int u = 0; u < 400; u++) {
      // Everyone is seen in both stages; a unit keeps its own level of spending.
      String first = random.nextInt(10) == 0 ? "on" : "off";
      String second = first.equals("on") || random.nextInt(9) < 4 ? "on" : "off";
      long level = (long) (1e6 * (1 + 10 * random.nextDouble()));
      List<Point> points = new ArrayList<>();
      points.add(exposure(2 * DAY + u, first));
      points.add(outcome(u * 10L, 3 * DAY, "purchase", level));
      points.add(exposure(6 * DAY + u, second));
      points.add(outcome(u * 10L + 1, 7 * DAY, "purchase", level));
      units.add(new Unit(2 * DAY + u, first, "", points));
    }
    ImpactEstimate toDate =
        tables(Assignment.RAMPED, units, 0, 10 * DAY).effects().stream()
            .filter(e -> e.epoch() == ImpactEstimate.TO_DATE_EPOCH && e.metric().equals("revenue"))
            .filter(e -> e.dimension().equals(SegmentDimension.ALL))
            .findFirst()
            .orElseThrow();
    double[] expected = clustered(units);
    assertThat(toDate.method()).isEqualTo("strata_mh_clustered");
    assertThat(toDate.effectSize()).isCloseTo(expected[0], within(1e-9));
    double half =
        (Objects.requireNonNull(toDate.effectSizeUpper())
                - Objects.requireNonNull(toDate.effectSizeLower()))
            / 2;
    assertThat(half).isCloseTo(1.959963984540054 * Math.sqrt(expected[1]), within(1e-7));
  }

  @Test
  void ramped_upgradedCohort_isThoseThatHadControlBefore() {
    List<Unit> units = new ArrayList<>();
    Random random = new Random(17);
    for (int u = 0; u < 300; u++) {
      // A third is new in the second stage; of the others some come back in it.
      boolean seenBefore = u % 3 != 0;
      String second = random.nextInt(9) < 4 ? "on" : "off";
      List<Point> points = new ArrayList<>();
      if (seenBefore) {
        points.add(exposure(2 * DAY + u, "off"));
      }
      points.add(exposure(6 * DAY + u, second));
      if (random.nextBoolean()) {
        points.add(outcome(u, 8 * DAY, "purchase", 1_000_000));
      }
      units.add(new Unit(6 * DAY + u, second, seenBefore ? "before" : "", points));
    }
    List<RetentionPoint> day1 =
        tables(Assignment.RAMPED, units, 0, 10 * DAY).retention().stream()
            .filter(r -> r.stage().equals("half") && r.period().equals(RetentionPoint.DAY))
            .filter(r -> r.definition().equals(RetentionPoint.EXACT) && r.age() == 1)
            .filter(r -> r.dimension().equals(SegmentDimension.ALL))
            .toList();
    for (String variant : List.of("off", "on")) {
      List<Unit> served = units.stream().filter(u -> u.variant().equals(variant)).toList();
      List<Unit> before = served.stream().filter(u -> u.device().equals("before")).toList();
      assertThat(row(day1, variant, RetentionPoint.EVERYONE).units()).isEqualTo(served.size());
      RetentionPoint upgraded = row(day1, variant, RetentionPoint.UPGRADED);
      assertThat(upgraded.units()).isEqualTo(before.size());
      assertThat(upgraded.retained())
          .isEqualTo(
              before.stream().filter(u -> u.points().stream().anyMatch(p -> !p.exposure)).count());
    }
    RetentionPoint compared = row(day1, "on", RetentionPoint.UPGRADED);
    // Everyone who comes back does so at this age: there is no other to allow for.
    assertThat(compared.effectSizeLowerTogether()).isEqualTo(compared.effectSizeLower());
    assertThat(tables(Assignment.RAMPED, units, 200, 10 * DAY).retention())
        .allMatch(r -> r.cohort().equals(RetentionPoint.EVERYONE));
  }

  private static RetentionPoint row(List<RetentionPoint> rows, String variant, String cohort) {
    return rows.stream()
        .filter(r -> r.variant().equals(variant) && r.cohort().equals(cohort))
        .reduce(
            (a, b) -> {
              throw new AssertionError("two rows of " + variant + " " + cohort);
            })
        .orElseThrow();
  }

  @Test
  void smallSegment_isHiddenWithTheNextSmallest() {
    List<Unit> units = world(new Random(15), 300);
    ImpactTables tables = tables(Assignment.MATCHED, units, 1000, 20 * DAY);
    assertThat(tables.effects()).isNotEmpty();
    assertThat(tables.effects()).allMatch(e -> e.dimension().equals(SegmentDimension.ALL));
    assertThat(tables.retention()).allMatch(e -> e.dimension().equals(SegmentDimension.ALL));
    assertThat(
            Disclosure.hidden(
                new java.util.TreeMap<>(
                    java.util.Map.of(
                        0, new long[] {90, 80}, 1, new long[] {10, 90}, 2, new long[] {70, 75})),
                50))
        .containsExactlyInAnyOrder(1, 2);
  }

  @Test
  void oneUnit_cannotSay() {
    List<Unit> units = List.of(world(new Random(16), 1).get(0));
    assertThat(tables(Assignment.MATCHED, units, 0, 20 * DAY).effects())
        .isNotEmpty()
        .allMatch(e -> e.effectSize() == null && !e.reason().isEmpty());
  }

  @Test
  void values_in_other_currencies_count_at_their_rate_and_without_one_nothing_is_said() {
    List<Unit> euros = new ArrayList<>();
    List<Unit> mixed = new ArrayList<>();
    Random random = new Random(18);
    for (int u = 0; u < 200; u++) {
      String variant = random.nextBoolean() ? "on" : "off";
      long value = (1 + random.nextInt(30)) * 1_000_000L;
      boolean dollars = random.nextBoolean();
      Point euro = outcome(u, 3 * DAY, "purchase", dollars ? value / 4 : value);
      Point either = outcome(u, 3 * DAY, "purchase", value);
      either.attributes = dollars ? new String[] {"currency", "USD"} : new String[0];
      Point seen = exposure(2 * DAY + u, variant);
      euros.add(new Unit(2 * DAY, variant, "", List.of(seen, euro)));
      mixed.add(new Unit(2 * DAY, variant, "", List.of(seen, either)));
    }
    RolloutSpec inEuros = spec(Assignment.MATCHED, 0, METRICS);
    List<Metric> metrics =
        List.of(Rollouts.revenue(20_000_000L, Map.of("USD", 250_000_000L)), METRICS.get(1));
    RolloutSpec withRates = spec(Assignment.MATCHED, 0, metrics);
    ImpactTables expected = tables(inEuros, euros, 10 * DAY);
    assertThat(tables(withRates, mixed, 10 * DAY)).isEqualTo(expected);

    ImpactTables refused = tables(inEuros, mixed, 10 * DAY);
    long units = mixed.stream().filter(u -> u.points().get(1).attributes.length > 0).count();
    assertThat(refused.revenue())
        .isNotEmpty()
        .allMatch(r -> r.mean() == null && r.uncappedSum() == null && r.effectSize() == null)
        .allMatch(
            r ->
                r.reason()
                    .equals(
                        "units with a value in a currency without a rate to EUR: "
                            + units
                            + "; rates are declared for: none"));
    assertThat(refused.effects())
        .filteredOn(e -> e.metric().equals("revenue"))
        .isNotEmpty()
        .allMatch(e -> e.effectSize() == null && e.reason().contains("without a rate to EUR"));
    assertThat(refused.comparisons())
        .filteredOn(c -> c.metric().equals("revenue"))
        .allMatch(c -> c.relEffectSize() == null && c.reason().contains("without a rate to EUR"));
    assertThat(refused.retention()).isEqualTo(expected.retention());
  }

  private static double[] clustered(List<Unit> units) {
    // Cells: stage 0 (10 %), stage 1 among units that had control before (c = 0.1).
    double[][] scores = new double[units.size()][2];
    double[] weights = new double[2];
    double effect = 0;
    double within = 0;
    for (int k = 0; k < 2; k++) {
      List<Integer> members = new ArrayList<>();
      double[] n = new double[2];
      double[] mean = new double[2];
      for (int u = 0; u < units.size(); u++) {
        if (k == 0 || units.get(u).points().get(0).variant.equals("off")) {
          members.add(u);
          int v = units.get(u).points().get(2 * k).variant.equals("on") ? 1 : 0;
          n[v]++;
          mean[v] += units.get(u).points().get(2 * k + 1).valueMicros / 1e6;
        }
      }
      mean[0] /= n[0];
      mean[1] /= n[1];
      weights[k] = n[0] * n[1] / (n[0] + n[1]);
      for (int u : members) {
        int v = units.get(u).points().get(2 * k).variant.equals("on") ? 1 : 0;
        double y = units.get(u).points().get(2 * k + 1).valueMicros / 1e6;
        scores[u][k] = weights[k] * (v == 1 ? 1 : -1) * (y - mean[v]) / n[v];
        within += scores[u][k] * scores[u][k] * n[v] / (n[v] - 1);
      }
      effect += weights[k] * (mean[1] - mean[0]);
    }
    double all = weights[0] + weights[1];
    double across = 0;
    for (double[] score : scores) {
      across += 2 * score[0] * score[1];
    }
    return new double[] {effect / all, (within + across) / (all * all)};
  }

  /** A unit's periods: how many have passed, and in which it was active. */
  private record Life(int passed, Set<Integer> active) {

    static Life of(Unit unit, long length) {
      Set<Integer> active = new TreeSet<>();
      for (Point p : unit.points()) {
        if (!p.exposure && p.timeMs >= unit.enteredMs() && p.timeMs < 20 * DAY) {
          active.add((int) ((p.timeMs - unit.enteredMs()) / length));
        }
      }
      return new Life((int) ((20 * DAY - unit.enteredMs()) / length), active);
    }

    boolean none(int from, int to) {
      return active.stream().noneMatch(p -> p >= from && p <= to);
    }

    boolean eligible(RetentionPoint row, int absence) {
      return passed > row.age()
          && (!row.definition().equals(RetentionPoint.RETURNING)
              || none(row.age() - absence, row.age() - 1));
    }

    boolean cameBack(RetentionPoint row, int absence) {
      return switch (row.definition()) {
        case RetentionPoint.BOUNDED -> !none(1, row.age());
        case RetentionPoint.UNBOUNDED -> !none(row.age(), Integer.MAX_VALUE);
        case RetentionPoint.ROLLING -> !none(row.age() - absence + 1, row.age());
        default -> active.contains(row.age());
      };
    }

    /** Followed until its first return, or its first absence, or as far as that can be seen. */
    Survival.Followed followed(String definition, int absence) {
      if (definition.equals(RetentionPoint.FIRST_RETURN)) {
        int first = active.stream().filter(p -> p >= 1).findFirst().orElse(Integer.MAX_VALUE);
        return new Survival.Followed(Math.min(first, passed - 1), first < passed, false);
      }
      for (int t = 1; t + absence <= passed; t++) {
        if (none(t, t + absence - 1)) {
          return new Survival.Followed(t, true, false);
        }
      }
      return new Survival.Followed(passed - absence, false, false);
    }
  }

  private static void assertCurve(RetentionPoint row, List<Life> lives, int absence) {
    boolean back = row.definition().equals(RetentionPoint.FIRST_RETURN);
    List<Survival.Followed> followed =
        lives.stream().map(l -> l.followed(row.definition(), absence)).toList();
    double survival = 1;
    double se = 0;
    for (Survival.Point point : Survival.kaplanMeier(followed)) {
      if (point.time() <= row.age()) {
        survival = point.survival();
        se = point.se().said() ? point.se().orThrow() : 0;
      }
    }
    long reached =
        lives.stream().filter(l -> l.passed > row.age() + (back ? 0 : absence - 1)).count();
    assertThat(row.maturity() == Maturity.CENSORED).as("%s", row).isEqualTo(reached == 0);
    assertThat(row.rate() == null).isEqualTo(reached == 0);
    if (row.rate() != null) {
      assertThat(row.rate()).as("%s", row).isCloseTo(back ? 1 - survival : survival, within(1e-12));
      assertThat(row.eligible())
          .isEqualTo(followed.stream().filter(f -> f.time() >= row.age()).count());
      assertThat(said(row.rateLower())).isLessThanOrEqualTo(row.rate());
      assertThat(said(row.rateUpper())).isGreaterThanOrEqualTo(row.rate());
      if (se > 0 && !back) {
        double v = 1.959963984540054 * se / (survival * -Math.log(survival));
        assertThat(row.rateLower()).isCloseTo(Math.pow(survival, Math.exp(v)), within(1e-9));
        assertThat(row.rateUpper()).isCloseTo(Math.pow(survival, Math.exp(-v)), within(1e-9));
      }
    }
  }

  private static double said(@org.jspecify.annotations.Nullable Double number) {
    return Objects.requireNonNull(number);
  }

  private static boolean in(
      Unit unit, String variant, String dimension, String segment, int epoch) {
    int entered = unit.enteredMs() < 5 * DAY ? 0 : 1;
    boolean segmented =
        dimension.equals(SegmentDimension.ALL)
            || DEVICE.get(0).segmentOf(unit.device()).equals(segment);
    return unit.variant().equals(variant) && segmented && (epoch < 0 || epoch == entered);
  }

  private static List<Unit> world(Random random, int count) {
    List<Unit> units = new ArrayList<>();
    for (int u = 0; u < count; u++) {
      long entered = DAY + (long) (random.nextDouble() * 18 * DAY);
      String variant = random.nextBoolean() ? "on" : "off";
      String device = List.of("mobile", "desktop", "").get(random.nextInt(3));
      List<Point> points = new ArrayList<>();
      points.add(exposure(entered, variant, "device", device));
      for (int i = random.nextInt(9); i > 0; i--) {
        long time =
            random.nextInt(6) == 0 ? entered : entered + (long) (random.nextDouble() * 12 * DAY);
        long value = (random.nextInt(30) - 5) * 1_000_000L;
        points.add(outcome(u * 100L + i, time, "purchase", value));
      }
      points.add(exposure(entered + DAY, variant, "device", "desktop"));
      long key = u;
      points.forEach(point -> point.unitKey = key);
      java.util.Collections.shuffle(points, random);
      List<Point> once = UnitHistory.of(points, 6).points();
      units.add(new Unit(entered, variant, device, once));
    }
    return units;
  }

  private static RolloutSpec spec(
      Assignment assignment, long minSegmentUnits, List<Metric> metrics) {
    return Rollouts.spec(assignment, RAMP, null, DEVICE, metrics, minSegmentUnits);
  }

  private static Timeline timeline(RolloutSpec spec) {
    return Rollouts.timeline(
        spec, at(1, Kind.STAGE_ENTERED, "canary"), at(5, Kind.STAGE_ENTERED, "half"));
  }

  private static ImpactTables tables(
      Assignment assignment, List<Unit> units, long minSegmentUnits, long dataEndMs) {
    return tables(spec(assignment, minSegmentUnits, METRICS), units, dataEndMs);
  }

  private static ImpactTables tables(RolloutSpec spec, List<Unit> units, long dataEndMs) {
    Timeline timeline = timeline(spec);
    RolloutContext context = new RolloutContext(0, timeline);
    ImpactPlan plan = ImpactPlan.of(timeline, timeline.attempts().get(0), dataEndMs);
    SliceBook book = new SliceBook(plan);
    UnitFollower follower = new UnitFollower(plan, book);
    units.forEach(u -> follow(follower, context, u));
    assertThat(plan.cohorts()).extracting(Cohort::censoring).contains(Censoring.DATA_END);
    return ImpactTables.of(book);
  }

  private static void follow(UnitFollower follower, RolloutContext context, Unit unit) {
    UnitHistory history = UnitHistory.of(unit.points(), 6);
    follower.follow(history.entries(context), history.points());
  }
}
