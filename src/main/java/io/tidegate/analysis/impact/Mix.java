package io.tidegate.analysis.impact;

import io.tidegate.analysis.baseline.ExpectedLevel;
import io.tidegate.analysis.impact.ComparisonRows.Pair;
import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Segment;
import io.tidegate.model.MetricKind;
import io.tidegate.model.Resolved;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.estimate.MixShift;
import io.tidegate.stats.estimate.MixShift.Population;
import io.tidegate.stats.season.SeasonIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Two stages or variants by the segments of one dimension (and, against control, by the strata in
 * which units entered), ready to be standardised to one mix. Mutable while it is filled.
 *
 * <p>The reference is the baseline's share of units where the definition froze one, else the share
 * among all units of the rollout. Segments that either side lacks are left out of it.
 */
final class Mix {

  /** Most of the reference that may be left out. */
  private static final double MOST_LEFT_OUT = 0.05;

  private record Cell(@Nullable StageLevel then, @Nullable StageLevel now, double share) {}

  private final List<Cell> cells = new ArrayList<>();
  private final StringBuilder reference = new StringBuilder();
  private Stated<SeasonIndex> seasonThen = Stated.cannotSay(Reason.NO_DATA, "no units");
  private Stated<SeasonIndex> seasonNow = seasonThen;
  private boolean isRatio;
  private long unitsThen;
  private long unitsNow;

  private Mix() {}

  /**
   * @param byStratum whether the strata of units are told apart too
   */
  static Mix of(View view, Pair pair, int dimension, boolean byStratum) {
    Mix mix = new Mix();
    Resolved resolved = view.plan().attempt().definition().resolved();
    mix.isRatio = pair.series().metric().kind().isRatio();
    if (pair.series().metric().kind() instanceof MetricKind.Quantile
        && !view.plan().hasThreshold(pair.series().metric())) {
      return mix;
    }
    ExpectedLevel expectation = ExpectedLevel.of(resolved, pair.series().metric().name());
    Map<String, Double> frozen =
        resolved.seasonal().mix().getOrDefault(view.plan().dimensionName(dimension), Map.of());
    int segments = view.plan().plan().segmentCount(dimension);
    double[] shares = new double[segments];
    for (int s = 0; s < segments; s++) {
      shares[s] =
          frozen.isEmpty()
              ? pooled(view, new Segment(dimension, s))
              : frozen.getOrDefault(view.plan().segmentName(dimension, s), 0.0);
    }
    mix.state(view, dimension, shares, !frozen.isEmpty());
    TreeSet<Integer> strata = new TreeSet<>();
    if (byStratum) {
      view.strata(pair.group(), new Segment(Slice.ALL, 0), pair.variant())
          .keySet()
          .forEach(slice -> strata.add(slice.stratum()));
    } else {
      strata.add(-1);
    }
    for (int s = 0; s < segments; s++) {
      Segment segment = new Segment(dimension, s);
      for (int stratum : strata) {
        mix.add(view, pair, segment, stratum, shares[s], expectation);
      }
    }
    Segment whole = new Segment(Slice.ALL, 0);
    mix.seasonThen =
        StageLevel.season(
            ComparisonRows.hours(view, pair.other(), whole, pair.otherVariant(), pair.index()),
            mix.isRatio,
            expectation);
    mix.seasonNow =
        StageLevel.season(
            ComparisonRows.hours(view, pair.group(), whole, pair.variant(), pair.index()),
            mix.isRatio,
            expectation);
    return mix;
  }

  private static double pooled(View view, Segment segment) {
    long units = 0;
    for (Group group : view.cohorts()) {
      for (int variant = 0; variant < view.plan().variantCount(); variant++) {
        units += view.units(group, segment, variant);
      }
    }
    return units;
  }

  private void state(View view, int dimension, double[] shares, boolean ofBaseline) {
    double total = 0;
    for (double share : shares) {
      total += share;
    }
    reference.append("{\"source\": \"").append(ofBaseline ? "baseline" : "rollout").append("\"");
    for (int s = 0; s < shares.length; s++) {
      if (shares[s] > 0) {
        reference
            .append(", \"")
            .append(escaped(view.plan().segmentName(dimension, s)))
            .append("\": ")
            .append(String.format(Locale.ROOT, "%.4f", shares[s] / total));
      }
    }
    reference.append('}');
  }

  private static String escaped(String name) {
    return name.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** A stratum of −1 is all of them together. */
  private void add(
      View view, Pair pair, Segment segment, int stratum, double share, ExpectedLevel expectation) {
    HourSums then = hours(view, pair.other(), segment, pair.otherVariant(), stratum, pair.index());
    HourSums now = hours(view, pair.group(), segment, pair.variant(), stratum, pair.index());
    unitsThen += then.total().units();
    unitsNow += now.total().units();
    double part = share;
    if (stratum >= 0) {
      double units =
          view.units(pair.group(), segment, pair.variant())
              + (double) view.units(pair.other(), segment, pair.otherVariant());
      double own =
          units(view, pair.group(), segment, pair.variant(), stratum)
              + (double) units(view, pair.other(), segment, pair.otherVariant(), stratum);
      part = units > 0 ? share * own / units : 0;
    }
    cells.add(
        new Cell(
            View.orNull(StageLevel.of(then, isRatio, expectation)),
            View.orNull(StageLevel.of(now, isRatio, expectation)),
            part));
  }

  private static HourSums hours(
      View view, Group group, Segment segment, int variant, int stratum, int series) {
    HourSums hours = new HourSums();
    view.strata(group, segment, variant)
        .forEach(
            (slice, sums) -> {
              if (stratum < 0 || slice.stratum() == stratum) {
                hours.merge(sums.hours(series));
              }
            });
    return hours;
  }

  private static long units(View view, Group group, Segment segment, int variant, int stratum) {
    return view.strata(group, segment, variant).entrySet().stream()
        .filter(e -> e.getKey().stratum() == stratum)
        .mapToLong(e -> e.getValue().units())
        .sum();
  }

  /** JSON of the mix standardised to; empty for none. */
  String reference() {
    return reference.toString();
  }

  long unitsThen() {
    return unitsThen;
  }

  long unitsNow() {
    return unitsNow;
  }

  /**
   * The change, the season left in or taken out; cannot say where the sides have too little in
   * common, or the season is not known.
   */
  Stated<MixShift> shift(boolean seasonless) {
    if (seasonless && !(seasonThen.said() && seasonNow.said())) {
      String reason = View.reason(seasonThen.said() ? seasonNow : seasonThen);
      return Stated.cannotSay(Reason.NO_DATA, reason);
    }
    List<MixShift.Group> then = new ArrayList<>();
    List<MixShift.Group> now = new ArrayList<>();
    double[] weights = new double[cells.size()];
    double all = 0;
    double kept = 0;
    for (int c = 0; c < weights.length; c++) {
      Cell cell = cells.get(c);
      all += cell.share;
      boolean both = usable(cell.then, seasonless) && usable(cell.now, seasonless);
      if (both && cell.then != null && cell.now != null) {
        kept += cell.share;
        // Of a ratio the mix is one of denominators: the units' share times what each brings.
        double each =
            (cell.then.weight() + cell.now.weight()) / (cell.then.units() + cell.now.units());
        weights[c] = cell.share * each;
      }
      then.add(group(cell.then, seasonless));
      now.add(group(cell.now, seasonless));
    }
    if (!(kept >= (1 - MOST_LEFT_OUT) * all) || !(all > 0)) {
      return Stated.cannotSay(
          Reason.TOO_FEW_UNITS, "the two have too few segments of the reference mix in common");
    }
    double logThen = seasonless ? seasonThen.orThrow().logVariance() : 0;
    double logNow = seasonless ? seasonNow.orThrow().logVariance() : 0;
    return MixShift.of(
        new Population(then, logThen), new Population(now, logNow), weights, ComparisonRows.ALPHA);
  }

  private static boolean usable(@Nullable StageLevel level, boolean seasonless) {
    return level != null && (!seasonless || level.season().said());
  }

  private static MixShift.Group group(@Nullable StageLevel level, boolean seasonless) {
    if (level == null || !usable(level, seasonless)) {
      return new MixShift.Group(0, 0, 0, 0);
    }
    return seasonless ? level.seasonless() : level.raw();
  }
}
