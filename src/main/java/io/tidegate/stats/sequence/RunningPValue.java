package io.tidegate.stats.sequence;

/**
 * The smallest always-valid p-value of a test so far, 1/(running maximum of E) (Johari, Koomen,
 * Pekelis and Walsh 2022). Only for a null that stays fixed, such as "never worse than the rollback
 * margin"; elsewhere the current p-value is the valid one.
 *
 * @param highestLogE largest natural log of the e-value so far, 0 before the first look
 */
public record RunningPValue(double highestLogE) {

  public RunningPValue {
    if (!(highestLogE >= 0)) {
      throw new IllegalArgumentException(
          "the running maximum of log e starts at 0, got " + highestLogE);
    }
  }

  /** Before the first look: p = 1. */
  public static RunningPValue start() {
    return new RunningPValue(0);
  }

  /** After a look with this natural log of the e-value. */
  public RunningPValue after(double logE) {
    return logE > highestLogE ? new RunningPValue(logE) : this;
  }

  /** min(1, 1/max E). */
  public double pValue() {
    return LogScale.pValue(highestLogE);
  }

  /** Whether the test has ever reached level {@code alpha}. */
  public boolean rejects(double alpha) {
    NormalMixture.requireAlpha(alpha);
    return highestLogE >= -StrictMath.log(alpha);
  }
}
