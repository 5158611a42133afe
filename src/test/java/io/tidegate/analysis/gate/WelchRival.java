package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.Plan;
import io.tidegate.model.Metric;
import io.tidegate.stats.Stated;
import io.tidegate.stats.sequence.MeanContrast;
import io.tidegate.stats.sequence.NormalTail;

/** A one-sided test of unequal variances on the gate's own sums, once 100 units are in. */
final class WelchRival {

  private WelchRival() {}

  /** z towards harm; 0 where nothing can be said yet. */
  static double z(StageProcess process, int metric, int dimension, int segment) {
    Plan plan = process.plan();
    Metric tested = plan.definition().spec().metrics().get(metric);
    int channel = plan.channel(metric, 1);
    Stated<MeanContrast> contrast =
        MeanContrast.of(
            process.means(channel, channel, 1, dimension, segment, tested.kind().isRatio()),
            1,
            false);
    if (!contrast.said()) {
      return 0;
    }
    MeanContrast c = contrast.orThrow();
    return c.unitsControl() >= 100 && c.unitsTreatment() >= 100
        ? -tested.better().sign() * c.estimate() / c.standardError()
        : 0;
  }

  /** The largest z over all metrics and segments, over the one that its level asks for. */
  static boolean fails(StageProcess process, double overallLevel, double segmentLevel) {
    Plan plan = process.plan();
    double overall = NormalTail.quantile(1 - overallLevel);
    double inSegment = NormalTail.quantile(1 - segmentLevel);
    for (int m = 0; m < plan.definition().spec().metrics().size(); m++) {
      if (z(process, m, -1, 0) > overall) {
        return true;
      }
      for (int d = 0; d < plan.dimensions().size(); d++) {
        for (int s = 0; s < plan.segmentCount(d); s++) {
          if (z(process, m, d, s) > inSegment) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
