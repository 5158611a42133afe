package io.tidegate.analysis.gate;

import io.tidegate.stats.sequence.NormalTail;
import java.util.Arrays;

/**
 * Kayenta's default judge of one metric (NetflixACAJudge: MannWhitneyClassifier with a tolerance of
 * 0.25 at 98 %): the confidence interval of the shift between two series of values an interval,
 * with the tie correction and continuity correction of R's {@code wilcox.test}, as
 * kayenta-mannwhitney has them. For comparison.
 */
public final class MannWhitneyJudge {

  private static final double TOLERANCE = 0.25;
  private static final double LEVEL = 0.98;

  private MannWhitneyJudge() {}

  /**
   * Whether the experiment's values are called worse than control's.
   *
   * @param harmSign +1 where an increase is harm, −1 where a decrease is
   */
  public static boolean fails(double[] experiment, double[] control, int harmSign) {
    double meanX = Arrays.stream(experiment).average().orElse(0);
    double meanY = Arrays.stream(control).average().orElse(0);
    boolean towardsHarm = meanX == 0 || meanY == 0 || harmSign * (meanX - meanY) >= 0;
    if (!towardsHarm || alike(experiment, control)) {
      return false;
    }
    double[] shifts = new double[experiment.length * control.length];
    int at = 0;
    for (double x : experiment) {
      for (double y : control) {
        shifts[at++] = harmSign * (x - y);
      }
    }
    Arrays.sort(shifts);
    double sigma = sigma(experiment, control);
    double quantile = NormalTail.quantile((1 + LEVEL) / 2);
    double lower = root(shifts, sigma, quantile);
    double estimate = root(shifts, sigma, 0);
    return lower > TOLERANCE * Math.abs(estimate);
  }

  private static boolean alike(double[] experiment, double[] control) {
    double[] x = experiment.clone();
    double[] y = control.clone();
    Arrays.sort(x);
    Arrays.sort(y);
    boolean constant =
        x.length == 0
            || y.length == 0
            || (x[0] == x[x.length - 1] && y[0] == y[y.length - 1] && x[0] == y[0]);
    return constant || Arrays.equals(x, y);
  }

  private static double sigma(double[] x, double[] y) {
    double n = x.length;
    double m = y.length;
    double all = n + m;
    return Math.sqrt(n * m / 12 * (all + 1 - (ties(x) + ties(y)) / (all * (all - 1))));
  }

  private static double ties(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double ties = 0;
    int from = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i == sorted.length || sorted[i] != sorted[from]) {
        double run = (double) i - from;
        ties += run * run * run - run;
        from = i;
      }
    }
    return ties;
  }

  /** The shift at which the standardised rank sum reaches a quantile. */
  private static double root(double[] shifts, double sigma, double quantile) {
    double half = shifts.length / 2.0;
    double count = half + quantile * sigma;
    count += 0.5 * Math.signum(count - half);
    int k = (int) Math.floor(count);
    if (k < 0) {
      return shifts[shifts.length - 1];
    }
    return k >= shifts.length ? shifts[0] : shifts[shifts.length - 1 - k];
  }
}
