package io.tidegate.analysis.impact;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Levels of control and treatment with their joint error: what an effect and its interval follow
 * from. Intervals hold at one look.
 *
 * @param varControl squared standard error of {@code control}
 * @param covariance covariance of the two errors; 0 unless units are in both
 * @param df degrees of freedom (Welch–Satterthwaite); infinite for the normal distribution
 */
record Contrast(
    double control,
    double treatment,
    double varControl,
    double varTreatment,
    double covariance,
    double df,
    String method) {

  /** Two-sided level of every interval. */
  static final double ALPHA = 0.05;

  /**
   * Beyond this many degrees of freedom Student's quantile differs from the normal by &lt; 2e-5.
   */
  private static final double NORMAL_DF = 100_000;

  private static final NormalDistribution NORMAL = new NormalDistribution();

  /** An interval. */
  record Bounds(double lower, double upper) {}

  /** The same, by a named method. */
  Contrast by(String name) {
    return new Contrast(control, treatment, varControl, varTreatment, covariance, df, name);
  }

  double effect() {
    return treatment - control;
  }

  private double variance() {
    return Math.max(0, varControl + varTreatment - 2 * covariance);
  }

  /** The difference's interval; cannot say at zero variance. */
  Stated<Bounds> effectBounds() {
    return effectBounds(ALPHA);
  }

  /** The same at another two-sided level. */
  Stated<Bounds> effectBounds(double alpha) {
    return standardError()
        .map(se -> critical(df, alpha) * se)
        .map(half -> new Bounds(effect() - half, effect() + half));
  }

  /** Two-sided p of no difference at one look; cannot say at zero variance. */
  Stated<Double> pValue() {
    return standardError().map(se -> tails(Math.abs(effect()) / se, df));
  }

  private Stated<Double> standardError() {
    double variance = variance();
    return variance > 0
        ? Stated.of(Math.sqrt(variance))
        : Stated.cannotSay(Reason.ZERO_VARIANCE, "every unit has the same number");
  }

  /** treatment / control − 1; cannot say where control is not above 0. */
  Stated<Double> relative() {
    return control > 0
        ? Stated.of(treatment / control - 1)
        : Stated.cannotSay(
            Reason.NON_POSITIVE_BASELINE, "a relative effect needs a positive control level");
  }

  /**
   * Fieller's interval of the relative effect (Fieller 1954), with the covariance of the two
   * levels; cannot say where it is unbounded.
   */
  Stated<Bounds> relativeBounds() {
    if (control <= 0 || variance() <= 0) {
      return relative().flatMap(r -> Stated.cannotSay(Reason.ZERO_VARIANCE, "no variance"));
    }
    double c2 = critical(df) * critical(df);
    double a = control * control - c2 * varControl;
    double b = control * treatment - c2 * covariance;
    double c = treatment * treatment - c2 * varTreatment;
    if (a <= 0) {
      return Stated.cannotSay(
          Reason.UNBOUNDED, "control's level is not distinguishable from 0 at this level");
    }
    double root = Math.sqrt(Math.max(0, b * b - a * c));
    return Stated.of(new Bounds((b - root) / a - 1, (b + root) / a - 1));
  }

  /** Two-sided critical value at {@link #ALPHA}. */
  static double critical(double df) {
    return critical(df, ALPHA);
  }

  /** Two-sided critical value at a level. */
  static double critical(double df, double alpha) {
    return df > NORMAL_DF
        ? NORMAL.inverseCumulativeProbability(1 - alpha / 2)
        : student(df).inverseCumulativeProbability(1 - alpha / 2);
  }

  /** Without a generator of random numbers, which costs more than the quantile. */
  private static TDistribution student(double df) {
    return new TDistribution(null, df);
  }

  private static double tails(double t, double df) {
    return df > NORMAL_DF
        ? 2 * NORMAL.cumulativeProbability(-t)
        : 2 * student(df).cumulativeProbability(-t);
  }
}
