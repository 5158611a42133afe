package io.tidegate.cli.bench;

import java.util.Map;
import java.util.TreeMap;

/**
 * The ten metrics of {@code rollout.yaml} for one unit, from its first exposure on.
 *
 * @param converted 1 with a purchase within a day
 * @param slow requests above the threshold of latency
 * @param slower requests above the threshold and the margin on top of it
 * @param measured requests with a latency
 * @param funnel 1 with a purchase within an hour after a view of the cart
 * @param elapsedMs from the first view of the cart to the first purchase after it, at most an hour
 * @param started 1 with a view of the cart
 * @param returned 1 with a request on the second day
 * @param activeDays of the first two, those with a request
 */
record UnitNumbers(
    long converted,
    long requests,
    long cents,
    long errors,
    long slow,
    long slower,
    long measured,
    long purchases,
    long funnel,
    long elapsedMs,
    long started,
    long returned,
    long activeDays) {

  static final long HOUR_MS = 3_600_000;
  static final long DAY_MS = 24 * HOUR_MS;

  /** Latency that history is said to have exceeded in one request of twenty, ms. */
  static final double THRESHOLD_MS = 262;

  /** The same with the margin of the rollout's latency on top. */
  static final double MARGIN_MS = THRESHOLD_MS * 1.1;

  /**
   * Means that follow from sums over units, by metric. There is none of {@code d1}, whose day has
   * not passed in any world, and none of {@code depth} where all units are alike: without variance
   * nothing can be said.
   */
  static Map<String, Double> means(Totals sums) {
    double units = sums.get(0);
    Map<String, Double> means = new TreeMap<>();
    means.put("conversion", sums.get(1) / units);
    means.put("requests", sums.get(2) / units);
    means.put("revenue", sums.get(4) / 100.0 / units);
    means.put("errors", (double) sums.get(6) / sums.get(2));
    means.put("latency", (double) sums.get(9) / sums.get(15));
    means.put("basket", sums.get(4) / 100.0 / sums.get(17));
    means.put("funnel", sums.get(20) / units);
    means.put("checkout_time", sums.get(21) / 1_000.0 / sums.get(23));
    if (sums.get(25) * sums.get(25) != sums.get(26) * sums.get(0)) {
      means.put("depth", sums.get(25) / units);
    }
    return means;
  }

  /** What a unit adds to its cell: itself, and the sums, squares and products of its numbers. */
  Totals sums() {
    return Totals.of(
        1,
        converted,
        requests,
        requests * requests,
        cents,
        cents * cents,
        errors,
        errors * errors,
        errors * requests,
        slow,
        slow * slow,
        slow * measured,
        slower,
        slower * slower,
        slower * measured,
        measured,
        measured * measured,
        purchases,
        purchases * purchases,
        cents * purchases,
        funnel,
        elapsedMs,
        elapsedMs * elapsedMs,
        started,
        returned,
        activeDays,
        activeDays * activeDays);
  }
}
