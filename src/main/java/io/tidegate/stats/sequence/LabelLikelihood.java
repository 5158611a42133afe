package io.tidegate.stats.sequence;

import java.util.List;

/**
 * Log likelihood of the log rate ratio θ given the labels of the events, ℓ(θ) = Σ c_B log p + c_A
 * log(1 − p), and what the grid of rate ratios makes of it. ℓ is concave.
 */
final class LabelLikelihood {

  private static final int GRID_SIZE = 17;
  private static final double[] GRID = grid();
  private static final double[] GROWTH = growth(1);
  private static final double[] DECAY = growth(-1);
  private static final double FAR = 50;

  /** Beyond such log rate ratios a bound is none. */
  private static final double FARTHEST = 1e6;

  private static final int STEPS = 200;
  private static final double PRECISION = 2e-15;

  private final double[] logOdds;
  private final double[] control;
  private final double[] treatment;
  private final long eventsControl;
  private final long eventsTreatment;

  LabelLikelihood(List<LabelStratum> strata) {
    int n = strata.size();
    logOdds = new double[n];
    control = new double[n];
    treatment = new double[n];
    long controlSum = 0;
    long treatmentSum = 0;
    for (int i = 0; i < n; i++) {
      LabelStratum s = strata.get(i);
      double share = s.treatmentShare();
      logOdds[i] = StrictMath.log(share) - StrictMath.log1p(-share);
      control[i] = s.eventsControl();
      treatment[i] = s.eventsTreatment();
      controlSum += s.eventsControl();
      treatmentSum += s.eventsTreatment();
    }
    eventsControl = controlSum;
    eventsTreatment = treatmentSum;
  }

  /** Likelihood of {@code successes} among {@code trials} as a function of the log odds. */
  static LabelLikelihood ofRate(long successes, long trials) {
    return new LabelLikelihood(List.of(new LabelStratum(0.5, trials - successes, successes)));
  }

  long events() {
    return eventsControl + eventsTreatment;
  }

  /** log mean_j exp(ℓ(θ0 ± g_j) − ℓ(θ0)), g_j = 0.05·1.25^j. */
  double logE(double theta0, int direction) {
    return LogScale.logMean(steps(theta0, direction));
  }

  /**
   * ℓ(θ0 ± g_j) − ℓ(θ0) for each j: ±c_B g_j − Σ (c_A + c_B) log(1 + p(θ0)(e^±g_j − 1)), free of
   * cancellation.
   */
  private double[] steps(double theta0, int direction) {
    double[] growth = direction > 0 ? GROWTH : DECAY;
    double[] logs = new double[GRID_SIZE];
    for (int i = 0; i < logOdds.length; i++) {
      double events = control[i] + treatment[i];
      if (events > 0) {
        double p = LogScale.logistic(logOdds[i] + theta0);
        for (int j = 0; j < GRID_SIZE; j++) {
          logs[j] -= events * StrictMath.log1p(p * growth[j]);
        }
      }
    }
    for (int j = 0; j < GRID_SIZE; j++) {
      logs[j] += direction * eventsTreatment * GRID[j];
    }
    return logs;
  }

  /** The log rate ratios not rejected by the two-sided mixture centred at θ = 0. */
  Interval thetaInterval(double alpha) {
    double[] up = steps(0, 1);
    double[] down = steps(0, -1);
    double level =
        LogScale.logMean(LogScale.logMean(up), LogScale.logMean(down)) + StrictMath.log(alpha);
    double best = 0;
    double highest = 0;
    for (int j = 0; j < GRID_SIZE; j++) {
      if (up[j] > highest || down[j] > highest) {
        highest = StrictMath.max(up[j], down[j]);
        best = up[j] > down[j] ? GRID[j] : -GRID[j];
      }
    }
    return levelSet(level + log(0), best);
  }

  /** A log odds of greatest likelihood, or far out where one kind of event is missing. */
  double likely() {
    if (eventsTreatment == 0) {
      return -FAR;
    }
    return eventsControl == 0
        ? FAR
        : StrictMath.log((double) eventsTreatment) - StrictMath.log((double) eventsControl);
  }

  /** {θ : ℓ(θ) > level} around {@code inside}. */
  Interval levelSet(double level, double inside) {
    double low = eventsTreatment == 0 ? Double.NEGATIVE_INFINITY : concaveRoot(level, inside, -1);
    double high = eventsControl == 0 ? Double.POSITIVE_INFINITY : concaveRoot(level, inside, 1);
    return new Interval(low, high);
  }

  /**
   * The θ0 at which the one-sided evidence falls to 1/alpha: a lower bound for direction 1, an
   * upper one for −1. As ℓ is concave the evidence for more falls with θ0. Newton's method in a
   * bracket.
   */
  double bound(double alpha, int direction) {
    double level = -StrictMath.log(alpha);
    long events = direction > 0 ? eventsTreatment : eventsControl;
    double[] limit = new double[GRID_SIZE];
    for (int j = 0; j < GRID_SIZE; j++) {
      limit[j] = events * GRID[j];
    }
    if (LogScale.logMean(limit) <= level) {
      return direction * Double.NEGATIVE_INFINITY;
    }
    double shown = 0;
    double open = 0;
    double step = 1;
    while (logE(shown, direction) <= level) {
      if (step > FARTHEST) {
        return direction * Double.NEGATIVE_INFINITY;
      }
      open = shown;
      shown -= direction * step;
      step *= 2;
    }
    while (open == shown || logE(open, direction) > level) {
      if (step > FARTHEST) {
        return open;
      }
      shown = open;
      open += direction * step;
      step *= 2;
    }
    return boundBetween(shown, open, level, direction);
  }

  private double boundBetween(double from, double to, double level, int direction) {
    double shown = from;
    double open = to;
    double theta = 0.5 * (shown + open);
    for (int i = 0; i < STEPS; i++) {
      double[] logs = steps(theta, direction);
      double log = LogScale.logMean(logs);
      double gap = log - level;
      if (gap > 0) {
        shown = theta;
      } else {
        open = theta;
      }
      double next = theta - gap / boundSlope(theta, logs, log, direction);
      boolean inside = (next - shown) * (next - open) < 0;
      if (!inside) {
        next = 0.5 * (shown + open);
      }
      if (StrictMath.abs(next - theta) <= PRECISION * StrictMath.max(1, StrictMath.abs(theta))) {
        return next;
      }
      theta = next;
    }
    return theta;
  }

  /** d/dθ of log mean_j exp(ℓ(θ ± g_j) − ℓ(θ)), given its terms and its value. */
  private double boundSlope(double theta, double[] logs, double log, int direction) {
    double sum = -slope(theta);
    for (int j = 0; j < GRID_SIZE; j++) {
      double weight = StrictMath.exp(logs[j] - log) / GRID_SIZE;
      if (weight > 1e-12) {
        sum += weight * slope(theta + direction * GRID[j]);
      }
    }
    return sum;
  }

  /** The θ beyond {@code start} in {@code direction} at which ℓ falls to {@code level}. */
  private double concaveRoot(double level, double start, int direction) {
    double theta = start;
    double step = 0.25;
    while (log(theta) >= level) {
      if (step > FARTHEST) {
        return direction * Double.POSITIVE_INFINITY;
      }
      theta += direction * step;
      step *= 2;
    }
    double[] slope = new double[1];
    for (int i = 0; i < STEPS; i++) {
      double next = theta - (log(theta, slope) - level) / slope[0];
      if (StrictMath.abs(next - theta) <= PRECISION * StrictMath.max(1, StrictMath.abs(theta))) {
        return next;
      }
      theta = next;
    }
    return theta;
  }

  private double log(double theta) {
    return log(theta, new double[1]);
  }

  private double slope(double theta) {
    double[] slope = new double[1];
    log(theta, slope);
    return slope[0];
  }

  /** ℓ(θ), and its derivative in {@code slope[0]}. */
  private double log(double theta, double[] slope) {
    double sum = 0;
    double derivative = 0;
    for (int i = 0; i < logOdds.length; i++) {
      double x = logOdds[i] + theta;
      double e = StrictMath.exp(-StrictMath.abs(x));
      double log = StrictMath.log1p(e);
      double p = x > 0 ? 1 / (1 + e) : e / (1 + e);
      sum -= treatment[i] * (StrictMath.max(-x, 0) + log);
      sum -= control[i] * (StrictMath.max(x, 0) + log);
      derivative += treatment[i] - (treatment[i] + control[i]) * p;
    }
    slope[0] = derivative;
    return sum;
  }

  private static double[] grid() {
    double[] g = new double[GRID_SIZE];
    for (int j = 0; j < GRID_SIZE; j++) {
      g[j] = 0.05 * StrictMath.pow(1.25, j);
    }
    return g;
  }

  private static double[] growth(int direction) {
    double[] growth = new double[GRID_SIZE];
    for (int j = 0; j < GRID_SIZE; j++) {
      growth[j] = StrictMath.expm1(direction * GRID[j]);
    }
    return growth;
  }
}
