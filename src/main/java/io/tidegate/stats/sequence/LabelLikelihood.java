package io.tidegate.stats.sequence;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Log likelihood of the log rate ratio θ given the labels of the events, ℓ(θ) = Σ c_B log p + c_A
 * log(1 − p), and what the grid of rate ratios makes of it. ℓ is concave.
 */
final class LabelLikelihood {

  private static final int GRID_SIZE = 17;
  private static final double[] GRID = grid();
  private static final double FAR = 50;
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

  long events() {
    return eventsControl + eventsTreatment;
  }

  /** log mean_j exp(ℓ(θ0 ± g_j) − ℓ(θ0)), g_j = 0.05·1.25^j. */
  double logE(double theta0, int direction) {
    double[] logs = new double[GRID_SIZE];
    double null0 = log(theta0);
    for (int j = 0; j < GRID_SIZE; j++) {
      logs[j] = log(theta0 + direction * GRID[j]) - null0;
    }
    return LogScale.logMean(logs);
  }

  /** The rate ratios not rejected by the two-sided mixture centred at θ = 0. */
  Interval ratioInterval(double alpha) {
    double[] logs = new double[2 * GRID_SIZE];
    double best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < logs.length; j++) {
      double theta = j < GRID_SIZE ? GRID[j] : -GRID[j - GRID_SIZE];
      logs[j] = log(theta);
      if (logs[j] > highest) {
        highest = logs[j];
        best = theta;
      }
    }
    double level = LogScale.logMean(logs) + StrictMath.log(alpha);
    Interval theta = levelSet(level, best);
    return new Interval(StrictMath.exp(theta.lower()), StrictMath.exp(theta.upper()));
  }

  /** Likelihood of {@code successes} among {@code trials} as a function of the log odds. */
  static LabelLikelihood ofRate(long successes, long trials) {
    return new LabelLikelihood(List.of(new LabelStratum(0.5, trials - successes, successes)));
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

  /** The θ0 at which the evidence for more falls to 1/alpha; it falls with θ0 as ℓ is concave. */
  double lowerBound(double alpha) {
    return bound(alpha, eventsTreatment, 1);
  }

  /** The θ0 at which the evidence for less falls to 1/alpha. */
  double upperBound(double alpha) {
    return bound(alpha, eventsControl, -1);
  }

  private double bound(double alpha, long eventsTowards, int direction) {
    double level = -StrictMath.log(alpha);
    double[] limit = new double[GRID_SIZE];
    for (int j = 0; j < GRID_SIZE; j++) {
      limit[j] = eventsTowards * GRID[j];
    }
    if (LogScale.logMean(limit) <= level) {
      return direction * Double.NEGATIVE_INFINITY;
    }
    DoubleUnaryOperator excess = theta -> logE(theta, direction) - level;
    double inside = 0;
    double step = 1;
    while (excess.applyAsDouble(inside) <= 0) {
      inside -= direction * step;
      step *= 2;
    }
    double outside = inside;
    step = 1;
    while (excess.applyAsDouble(outside) > 0) {
      inside = outside;
      outside += direction * step;
      step *= 2;
    }
    return RootFinding.bracketed(excess, inside, outside);
  }

  /** The θ beyond {@code start} in {@code direction} at which ℓ falls to {@code level}. */
  private double concaveRoot(double level, double start, int direction) {
    double theta = start;
    double step = 0.5;
    while (log(theta) >= level) {
      theta += direction * step;
      step *= 2;
    }
    for (int i = 0; i < STEPS; i++) {
      double next = theta - (log(theta) - level) / slope(theta);
      if (StrictMath.abs(next - theta) <= PRECISION * StrictMath.max(1, StrictMath.abs(theta))) {
        return next;
      }
      theta = next;
    }
    return theta;
  }

  private double log(double theta) {
    double sum = 0;
    for (int i = 0; i < logOdds.length; i++) {
      double x = logOdds[i] + theta;
      sum -= treatment[i] * LogScale.softplus(-x) + control[i] * LogScale.softplus(x);
    }
    return sum;
  }

  private double slope(double theta) {
    double sum = 0;
    for (int i = 0; i < logOdds.length; i++) {
      double x = logOdds[i] + theta;
      sum += treatment[i] * LogScale.logistic(-x) - control[i] * LogScale.logistic(x);
    }
    return sum;
  }

  private static double[] grid() {
    double[] g = new double[GRID_SIZE];
    g[0] = 0.05;
    for (int j = 1; j < GRID_SIZE; j++) {
      g[j] = 0.05 * StrictMath.pow(1.25, j);
    }
    return g;
  }
}
