package io.tidegate.analysis.alarm;

import java.util.Arrays;
import java.util.List;

/**
 * How far a series was from what was expected of it, over windows of hours: log (observed ÷
 * expected), to be held against the same of windows before.
 */
final class Departures {

  private static final int DAY = 24;

  /** Windows to look back on, one a day. */
  private static final int MOST_WINDOWS = 182;

  private static final double KEPT = 0.9;

  /** Root mean square of a standard normal against that of its nine tenths nearest to 0. */
  private static final double TRIMMED = 1.267;

  /** Half an event keeps the logarithm of nothing finite. */
  private static final double HALF = 0.5;

  /** Share of a window's hours that must be known. */
  private static final double ENOUGH = 0.75;

  /** Standard deviations at which hours are cut. */
  private static final double CUT = 4;

  private final double[] sums;
  private final Expectations expectations;
  private final double[] seen;
  private final double[] foreseen;
  private final int[] known;

  Departures(double[] sums, Expectations expectations) {
    this.sums = sums;
    this.expectations = expectations;
    seen = new double[sums.length + 1];
    foreseen = new double[sums.length + 1];
    known = new int[sums.length + 1];
  }

  /**
   * Takes in an hour; hours come one after the other. An hour far out is cut, so that it alone is
   * no shift.
   *
   * @param leftOut whether an alarm speaks of it already
   */
  void next(int hour, boolean leftOut) {
    double expected = expectations.expected(hour);
    boolean both = !leftOut && !Double.isNaN(sums[hour]) && !Double.isNaN(expected);
    double reach = CUT * expectations.sd(hour);
    double cut = StrictMath.max(expected - reach, StrictMath.min(expected + reach, sums[hour]));
    seen[hour + 1] = seen[hour] + (both ? cut : 0);
    foreseen[hour + 1] = foreseen[hour] + (both ? expected : 0);
    known[hour + 1] = known[hour] + (both ? 1 : 0);
  }

  /** Hours up to this one with both numbers. */
  int known(int hour) {
    return known[hour + 1];
  }

  /** log (observed ÷ expected) of the hours that end with this one; NaN where too few are known. */
  double of(int hour, int hours) {
    int from = hour + 1 - hours;
    return from < 0 || known[hour + 1] - known[from] < ENOUGH * hours
        ? Double.NaN
        : ratio(seen[hour + 1] - seen[from], foreseen[hour + 1] - foreseen[from]);
  }

  /** What series come to together. */
  static Departures total(List<Departures> series) {
    Departures first = series.get(0);
    Departures total = new Departures(first.sums, first.expectations);
    for (Departures each : series) {
      for (int h = 0; h < total.seen.length; h++) {
        total.seen[h] += each.seen[h];
        total.foreseen[h] += each.foreseen[h];
        total.known[h] = StrictMath.max(total.known[h], each.known[h]);
      }
    }
    return total;
  }

  /**
   * The departure of a segment less that of the rest of its dimension: what moves both is in
   * neither.
   *
   * @param total of the dimension
   */
  double contrast(Departures total, int hour, int hours) {
    double own = of(hour, hours);
    int from = hour + 1 - hours;
    if (Double.isNaN(own)) {
      return own;
    }
    double observed = total.seen[hour + 1] - total.seen[from] - seen[hour + 1] + seen[from];
    double expected =
        total.foreseen[hour + 1] - total.foreseen[from] - foreseen[hour + 1] + foreseen[from];
    return own - ratio(observed, expected);
  }

  private static double ratio(double observed, double expected) {
    return expected > 0
        ? StrictMath.log((StrictMath.max(0, observed) + HALF) / (expected + HALF))
        : Double.NaN;
  }

  /**
   * What such departures usually are.
   *
   * @param size root mean square, of the usual nine tenths
   * @param windows as many as were looked at
   */
  record Usual(double size, int windows) {}

  /** A departure over hours that end with one; NaN where it is not known. */
  @FunctionalInterface
  interface Measure {
    double of(int hour, int hours);
  }

  /** Windows of as many hours before one that ends with this hour, each a day before the next. */
  static Usual usual(Measure departures, int hour, int hours) {
    double[] squares = new double[MOST_WINDOWS];
    int found = 0;
    int first = hour - DAY * ((hours + DAY - 1) / DAY);
    for (int end = first; end >= 0 && found < MOST_WINDOWS; end -= DAY) {
      double departure = departures.of(end, hours);
      if (!Double.isNaN(departure)) {
        squares[found++] = departure * departure;
      }
    }
    Arrays.sort(squares, 0, found);
    int kept = (int) StrictMath.ceil(KEPT * found);
    double sum = 0;
    for (int i = 0; i < kept; i++) {
      sum += squares[i];
    }
    return new Usual(kept > 0 ? TRIMMED * StrictMath.sqrt(sum / kept) : 0, found);
  }
}
