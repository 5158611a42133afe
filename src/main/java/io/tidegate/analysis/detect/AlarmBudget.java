package io.tidegate.analysis.detect;

/**
 * Holds a kind of alarm to a rate on any series: an alarm makes the next harder by a factor, which
 * fades within the time that one false alarm is allowed in, so episodes number at most time × rate
 * plus the steps to the hardest threshold used (the quantile tracker of Angelopoulos, Candès and
 * Tibshirani 2023, eq. 4, floored at the nominal threshold).
 */
final class AlarmBudget {
  private final double logNominal;
  private final double rate;
  private final long episode;
  private final double step;
  private double harder;
  private long lastAlarm = Long.MIN_VALUE / 2;

  /**
   * A budget.
   *
   * @param everyBuckets buckets between false alarms, at least
   * @param episodeBuckets alarms this close to the last are the same episode
   * @param step log of the factor
   */
  AlarmBudget(double everyBuckets, long episodeBuckets, double step) {
    this.step = step;
    logNominal = StrictMath.log(everyBuckets);
    rate = 1 / everyBuckets;
    episode = episodeBuckets;
  }

  /** Whether evidence, the log of the buckets it takes to occur once by chance, is an alarm. */
  boolean alarms(long index, double logEvidence) {
    boolean alarm = logEvidence >= logNominal + harder;
    harder = StrictMath.max(0, harder - step * rate);
    if (alarm) {
      if (index - lastAlarm > episode) {
        harder += step;
      }
      lastAlarm = index;
    }
    return alarm;
  }
}
