package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.Plan;
import io.tidegate.model.Reason;
import io.tidegate.stats.sequence.RatioStratum;
import io.tidegate.stats.sequence.SampleRatio;
import java.util.ArrayList;
import java.util.List;

/**
 * Is the split of units the declared one, in all and in each segment (statistics.md §2.8)? Names
 * the segments that it is not in, and whether the rest is as declared without them.
 */
final class SplitCheck {

  /** Level of the test in all; the segments share another one. */
  static final double ALPHA = 0.001;

  private static final String CODE = "SAMPLE_RATIO_MISMATCH";

  private final GateState state;
  private final StageProcess process;

  private SplitCheck(GateState state, StageProcess process) {
    this.state = state;
    this.process = process;
  }

  static void fired(GateState state, StageProcess process, List<Reason> reasons) {
    List<RatioStratum> all = process.ratios();
    if (all.isEmpty()) {
      return;
    }
    SplitCheck check = new SplitCheck(state, process);
    double most = check.most("", SampleRatio.of(all).logE());
    double needed = StrictMath.log(1 / ALPHA);
    if (most >= needed) {
      reasons.add(
          new Reason(
              CODE,
              "the split of units, "
                  + Quality.counts(all)
                  + ", is not the declared one: "
                  + check.oddest(all),
              Quality.number(most),
              Quality.number(needed)));
    }
    check.segments(reasons);
  }

  /** The variant that is farthest from its declared share. */
  private String oddest(List<RatioStratum> strata) {
    List<String> variants = process.attempt().definition().spec().flag().variants();
    double units = strata.stream().mapToDouble(SplitCheck::units).sum();
    int odd = 0;
    double seen = 0;
    double declared = 1;
    for (int v = 0; v < strata.get(0).counts().size(); v++) {
      double count = 0;
      double due = 0;
      for (RatioStratum stratum : strata) {
        double weights = stratum.weights().stream().mapToDouble(Double::doubleValue).sum();
        count += stratum.counts().get(v);
        due += units(stratum) * stratum.weights().get(v) / weights;
      }
      if (StrictMath.abs(count / due - 1) > StrictMath.abs(seen / declared - 1) || v == 0) {
        odd = v;
        seen = count;
        declared = due;
      }
    }
    return variants.get(odd)
        + " has "
        + Quality.percent(seen / units)
        + " of them, declared are "
        + Quality.percent(declared / units);
  }

  private static double units(RatioStratum stratum) {
    return stratum.counts().stream().mapToLong(Long::longValue).sum();
  }

  private double most(String segment, double logE) {
    return state.running("srm/" + process.epoch().index() + segment, logE);
  }

  private void segments(List<Reason> reasons) {
    Plan plan = process.plan();
    int number = 0;
    for (int d = 0; d < plan.dimensions().size(); d++) {
      number += plan.segmentCount(d);
    }
    double needed = StrictMath.log(number / ALPHA);
    for (int d = 0; d < plan.dimensions().size(); d++) {
      for (int s = 0; s < plan.segmentCount(d); s++) {
        double most = most("/" + d + "/" + s, SampleRatio.of(process.ratios(d, s)).logE());
        if (most >= needed) {
          reasons.add(
              new Reason(CODE, sentence(d, s), Quality.number(most), Quality.number(needed)));
        }
      }
    }
  }

  /** Names the dimension alone where the segment must not be shown. */
  private String sentence(int dimension, int segment) {
    Plan plan = process.plan();
    String name = plan.dimensions().get(dimension).name();
    List<RatioStratum> here = process.ratios(dimension, segment);
    boolean shown =
        process.shown(
            dimension,
            segment,
            (variant, s) ->
                process.ratios(dimension, s).stream()
                    .mapToLong(r -> r.counts().get(variant))
                    .sum());
    boolean restFits = SampleRatio.of(rest(here)).logE() < StrictMath.log(1 / ALPHA);
    return (shown
            ? "in "
                + name
                + "="
                + plan.segmentName(dimension, segment)
                + " the split of units, "
                + Quality.counts(here)
                + ","
            : "in a small segment of " + name + " the split of units")
        + " is not the declared one; without it the rest "
        + (restFits ? "is as declared" : "is not either");
  }

  private List<RatioStratum> rest(List<RatioStratum> here) {
    List<RatioStratum> all = process.ratios();
    List<RatioStratum> rest = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      List<Long> counts = new ArrayList<>();
      for (int v = 0; v < all.get(i).counts().size(); v++) {
        counts.add(Math.max(0, all.get(i).counts().get(v) - here.get(i).counts().get(v)));
      }
      rest.add(new RatioStratum(counts, all.get(i).weights()));
    }
    return rest;
  }
}
