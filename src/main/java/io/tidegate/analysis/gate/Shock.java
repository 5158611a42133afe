package io.tidegate.analysis.gate;

import io.tidegate.model.Metric;
import io.tidegate.model.Reason;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutSpec;
import io.tidegate.stats.Stated;
import io.tidegate.stats.sums.Moments;
import java.util.ArrayList;
import java.util.List;

/**
 * Did the world move? Both variants of a ratio metric far from what history says, in the same
 * direction. Coarse: half the expected value or twice it, and six standard errors; metrics that
 * mature with a unit's age are not held against history here.
 */
final class Shock {

  private static final double FACTOR = 2;
  private static final double ERRORS = 6;

  private Shock() {}

  static List<Reason> fired(GateState state, StageProcess process, long boundaryMs) {
    List<Reason> reasons = new ArrayList<>();
    RolloutSpec spec = process.attempt().definition().spec();
    for (int m = 0; m < spec.metrics().size(); m++) {
      Metric metric = spec.metrics().get(m);
      Resolved.MetricBase base = process.attempt().definition().resolved().base(metric.name());
      if (base == null || !metric.kind().isRatio() || base.mean() <= 0) {
        continue;
      }
      int control = side(process, m, 0, base);
      int treated = side(process, m, 1, base);
      if (control != 0 && control == treated) {
        reasons.add(
            new Reason(
                "EXTERNAL_SHOCK",
                "both variants' "
                    + metric.name()
                    + " left what history expects, "
                    + Quality.number(base.mean()),
                control > 0 ? "above" : "below",
                Quality.number(base.mean())));
      }
    }
    if (reasons.isEmpty()) {
      state.shockSinceMs = Long.MIN_VALUE;
    } else if (state.shockSinceMs == Long.MIN_VALUE) {
      state.shockSinceMs = boundaryMs;
    }
    return reasons;
  }

  private static int side(StageProcess process, int metric, int variant, Resolved.MetricBase base) {
    Stated<Moments> score =
        process.pooled(variant, -1, 0, process.plan().channel(metric, 1)).ratio().score();
    if (!score.said() || score.orThrow().n() < 100) {
      return 0;
    }
    Moments found = score.orThrow();
    double error = StrictMath.sqrt(found.m2() / (found.n() - 1) / found.n());
    double gap = found.mean() - base.mean();
    if (StrictMath.abs(gap) < ERRORS * error) {
      return 0;
    }
    if (found.mean() > FACTOR * base.mean()) {
      return 1;
    }
    return found.mean() < base.mean() / FACTOR ? -1 : 0;
  }
}
