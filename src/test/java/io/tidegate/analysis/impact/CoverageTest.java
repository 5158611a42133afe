package io.tidegate.analysis.impact;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.MarkedPage;
import io.tidegate.analysis.impact.Contrast.Bounds;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import io.tidegate.model.SegmentDimension;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How often the 95 % intervals of long-run effects hold the truth that was planted: each alone, and
 * all of a curve together. In full it writes its table into docs/simulations.md.
 */
class CoverageTest {

  private static final boolean FULL = Boolean.getBoolean("tidegate.full");
  private static final int ROUNDS = FULL ? 2_000 : 60;
  private static final int UNITS = 400;
  private static final double LIFT = 0.2;

  private static final Set<String> DEFINITIONS =
      Set.of(
          RetentionPoint.EXACT,
          RetentionPoint.BOUNDED,
          RetentionPoint.UNBOUNDED,
          RetentionPoint.FIRST_RETURN,
          RetentionPoint.NOT_LAPSED);

  private final Map<String, Curve> curves = new TreeMap<>();

  /** How often the intervals of one curve held, and how wide they were. Mutable. */
  private static final class Curve {
    private final Map<Integer, Share> alone = new TreeMap<>();
    private final Share together = new Share();
    private boolean holds = true;
    private double widening;
    private int intervals;

    void add(int age, double truth, Bounds one, Bounds all) {
      alone.computeIfAbsent(age, a -> new Share()).add(holds(one, truth));
      holds &= holds(all, truth);
      widening += (all.upper() - all.lower()) / (one.upper() - one.lower());
      intervals++;
    }

    private static boolean holds(Bounds bounds, double truth) {
      return bounds.lower() <= truth && truth <= bounds.upper();
    }

    void endRound() {
      together.add(holds);
      holds = true;
    }

    double mean() {
      return alone.values().stream().mapToDouble(Share::share).average().orElse(Double.NaN);
    }

    String row(String what) {
      double least = alone.values().stream().mapToDouble(Share::share).min().orElse(Double.NaN);
      double most = alone.values().stream().mapToDouble(Share::share).max().orElse(Double.NaN);
      double bonferroni =
          Contrast.critical(Double.POSITIVE_INFINITY, Contrast.ALPHA / alone.size())
              / Contrast.critical(Double.POSITIVE_INFINITY);
      return String.format(
          Locale.ROOT,
          "| %s | %d | %.1f %% | %.1f to %.1f %% | %.1f %% | %.2f | %.2f |%n",
          what,
          alone.size(),
          100 * mean(),
          100 * least,
          100 * most,
          100 * together.share(),
          widening / intervals,
          bonferroni);
    }
  }

  /** A share of rounds. Mutable. */
  private static final class Share {
    private int held;
    private int rounds;

    void add(boolean holds) {
      held += holds ? 1 : 0;
      rounds++;
    }

    double share() {
      return (double) held / rounds;
    }
  }

  @Test
  void intervals_holdTheTruthAsOftenAsTheySay() {
    Map<String, Share> parts = new TreeMap<>();
    SplittableRandom seeds = new SplittableRandom(1);
    for (int round = 0; round < ROUNDS; round++) {
      View once = new View(LifeWorld.book(UNITS, seeds.nextLong(), day -> 1 + LIFT));
      count("at once", once, 1);
      count("in waves", new View(LifeWorld.waves(UNITS, seeds.nextLong(), day -> 1 + LIFT)), 10);
      countParts(parts, once);
      curves.values().forEach(Curve::endRound);
    }
    StringBuilder table = new StringBuilder(HEAD);
    curves.forEach((what, curve) -> table.append(curve.row(what)));
    parts.forEach(
        (what, share) ->
            table.append(
                String.format(
                    Locale.ROOT, "| %s | 1 | %.1f %% | | | | |%n", what, 100 * share.share())));
    if (FULL) {
      MarkedPage.write(Path.of("docs/simulations.md"), "coverage", table.toString());
    }
    assertThat(curves).hasSize(62);
    assertThat(parts).hasSize(3);
    curves.forEach(
        (what, curve) -> {
          // Where nearly all of a segment come back, counts of the few others are coarse.
          double most = FULL && !what.contains(LifeWorld.KEEN) ? 0.96 : 1;
          assertThat(curve.mean()).as(what).isBetween(FULL ? 0.94 : 0.9, most);
          assertThat(curve.together.share()).as(what).isGreaterThan(FULL ? 0.95 : 0.85);
        });
    parts.forEach(
        (what, share) ->
            assertThat(share.share()).as(what).isBetween(FULL ? 0.94 : 0.86, FULL ? 0.96 : 1.0));
  }

  private static final String HEAD =
      "| curve | ages | alone, mean | alone, by age | together | width, of alone | Bonferroni's |\n"
          + "|---|---|---|---|---|---|---|\n";

  private void count(String world, View view, int waves) {
    View.Group all = waves == 1 ? view.cohorts().get(0) : view.together();
    for (RevenuePoint row : new RevenueRows(view).rows()) {
      if (isOfAllStages(row.epoch(), waves)) {
        double mean = keen(row.segment()).average().orElseThrow();
        tally(
            world + ": revenue" + named(row.segment()),
            row.ageDays(),
            LIFT * LifeWorld.PER_DAY * mean * row.ageDays(),
            bounds(row.effectSizeLower(), row.effectSizeUpper()),
            bounds(row.effectSizeLowerTogether(), row.effectSizeUpperTogether()));
      }
    }
    for (RetentionPoint row : new RetentionRows(view).rows(List.of(all))) {
      if (DEFINITIONS.contains(row.definition())) {
        tally(
            world
                + (": retention, " + row.definition() + ", by " + row.period())
                + named(row.segment()),
            row.age(),
            rate(row, waves, 1 + LIFT) - rate(row, waves, 1),
            bounds(row.effectSizeLower(), row.effectSizeUpper()),
            bounds(row.effectSizeLowerTogether(), row.effectSizeUpperTogether()));
      }
    }
    for (ImpactEstimate row : new EffectRows(view).rows()) {
      if (row.metric().equals("purchases")
          && row.ageDays() > 0
          && isOfAllStages(row.epoch(), waves)
          && row.dimension().equals(SegmentDimension.ALL)
          && (waves > 1) == (row.epoch() == ImpactEstimate.TO_DATE_EPOCH)) {
        tally(
            world + ": purchases",
            row.ageDays(),
            LIFT * LifeWorld.BUYS * row.ageDays(),
            bounds(row.effectSizeLower(), row.effectSizeUpper()),
            bounds(row.effectSizeLowerTogether(), row.effectSizeUpperTogether()));
      }
    }
  }

  private static boolean isOfAllStages(int epoch, int waves) {
    return waves == 1 ? epoch == 0 : epoch == ImpactEstimate.TO_DATE_EPOCH;
  }

  private static String named(String segment) {
    return segment.equals(SegmentDimension.EVERY_UNIT) ? "" : ", " + LifeWorld.KEEN + "=" + segment;
  }

  /** How often units of a segment buy, over all units' mean; equally many of each. */
  private static DoubleStream keen(String segment) {
    return switch (segment) {
      case "yes" -> DoubleStream.of(LifeWorld.YES);
      case "no" -> DoubleStream.of(LifeWorld.NO);
      default -> DoubleStream.of(LifeWorld.YES, LifeWorld.NO);
    };
  }

  private static double rate(RetentionPoint row, int waves, double factor) {
    return switch (row.definition()) {
      case RetentionPoint.FIRST_RETURN -> returned(row.segment(), factor, days(row) * row.age());
      case RetentionPoint.NOT_LAPSED ->
          keen(row.segment())
              .map(keen -> unlapsed(LifeWorld.BUYS * keen * factor, row.age()))
              .average()
              .orElseThrow();
      default -> cameBack(row, waves, factor);
    };
  }

  /** Probability that no absence of a week has begun by a day. */
  private static double unlapsed(double chance, int day) {
    int absence = RetentionPoint.ABSENT_DAYS;
    double all = Math.pow(1 - chance, absence);
    double[] begins = new double[day + 1];
    double[] none = new double[day + absence];
    double left = 1;
    none[0] = 1;
    for (int n = 1; n <= day; n++) {
      begins[n] = all * (n == 1 ? 1 : chance * none[n - 2]);
      none[n] = none[n - 1] - (n < absence ? 0 : begins[n - absence + 1]);
      left -= begins[n];
    }
    return left;
  }

  private static int days(RetentionPoint row) {
    return row.period().equals(RetentionPoint.WEEK) ? 7 : 1;
  }

  private static double returned(String segment, double factor, int days) {
    return keen(segment)
        .map(keen -> 1 - Math.pow(1 - LifeWorld.BUYS * keen * factor, days))
        .average()
        .orElseThrow();
  }

  /** Expected share that came back, over the units that are old enough. */
  private static double cameBack(RetentionPoint row, int waves, double factor) {
    int length = days(row);
    return IntStream.range(0, waves)
        .map(entered -> LifeWorld.DAYS - entered)
        .filter(days -> row.age() < (days - 1) / length)
        .map(
            days ->
                switch (row.definition()) {
                  case RetentionPoint.EXACT -> length;
                  case RetentionPoint.BOUNDED -> length * row.age();
                  default -> days - length * row.age();
                })
        .mapToDouble(days -> returned(row.segment(), factor, days))
        .average()
        .orElse(Double.NaN);
  }

  private void countParts(Map<String, Share> parts, View view) {
    for (ImpactEstimate row : new DurabilityRows(view, new EffectRows(view)).rows()) {
      if (row.metric().equals("revenue") && row.epoch() == ImpactEstimate.TO_DATE_EPOCH) {
        Bounds bounds = bounds(row.effectSizeLower(), row.effectSizeUpper());
        double truth = row.aspect() == Aspect.CHANGE ? 0 : LIFT * LifeWorld.PER_DAY;
        parts
            .computeIfAbsent("at once: revenue a day, " + row.aspect().label(), w -> new Share())
            .add(bounds != null && Curve.holds(bounds, truth));
      }
    }
  }

  private static @Nullable Bounds bounds(@Nullable Double lower, @Nullable Double upper) {
    return lower == null || upper == null ? null : new Bounds(lower, upper);
  }

  private void tally(
      String what, int age, double truth, @Nullable Bounds alone, @Nullable Bounds together) {
    assertThat(together == null).as(what).isEqualTo(alone == null);
    if (alone != null && together != null) {
      curves.computeIfAbsent(what, w -> new Curve()).add(age, truth, alone, together);
    }
  }
}
