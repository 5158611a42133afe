package io.tidegate.analysis.detect;

import io.tidegate.stats.season.ErrorSpread;
import io.tidegate.stats.season.RecursiveLeastSquares;
import java.util.Arrays;

/**
 * Forecasts a fixed number of buckets ahead: the profile's value plus a regression on the course so
 * far, learned from its own misses. Not thread-safe.
 */
final class Forecaster {
  private static final double FORGETTING = 0.9998;
  private static final double FIRST_COEFFICIENT = 0.7;

  /** Misses of neighbouring far forecasts are much the same: the prior weighs more there. */
  private static final double RIDGE_POWER = 0.8;

  private static final double HALF_WEIGHT = 2;
  private static final double HUBER = 2.5;
  private static final double FIRST_SPREAD = 0.3;

  private final int horizon;
  private final Units units;
  private final Course course;
  private final RecursiveLeastSquares regression;
  private final ErrorSpread spread = new ErrorSpread(LocalSlots.KINDS, FIRST_SPREAD);
  private final int size;
  private final double[] features;
  private final double[] profile;
  private final double[] scaled;
  private final double[] expected;
  private final double[] usual;
  private final double[] below;
  private final double[] above;
  private final int[] kind;
  private final long[] target;

  Forecaster(int horizon, Units units, Course course) {
    this.horizon = horizon;
    this.units = units;
    this.course = course;
    size = course.size();
    double[] prior = new double[size];
    prior[1] = FIRST_COEFFICIENT;
    regression = new RecursiveLeastSquares(prior, StrictMath.pow(horizon, RIDGE_POWER), FORGETTING);
    int slots = horizon + 1;
    features = new double[slots * size];
    profile = new double[slots];
    scaled = new double[slots];
    expected = new double[slots];
    usual = new double[slots];
    below = new double[slots];
    above = new double[slots];
    kind = new int[slots];
    target = new long[slots];
    Arrays.fill(target, -1);
  }

  int horizon() {
    return horizon;
  }

  ErrorSpread spread() {
    return spread;
  }

  /**
   * Forecasts bucket {@code index} from the course as it is now; where values have left the range
   * of doubles it stays unknown.
   */
  void forecast(long index, Place place, long day, double days) {
    int at = (int) (index % target.length);
    course.features(features, at * size, day, days);
    profile[at] = course.profile(place);
    scaled[at] = profile[at] + regression.predict(features, at * size);
    expected[at] = units.value(scaled[at]);
    if (!Double.isFinite(scaled[at]) || !Double.isFinite(expected[at])) {
      target[at] = -1;
      return;
    }
    if (units.logarithmic()) {
      expected[at] = StrictMath.max(0, expected[at]);
    }
    kind[at] = place.kind;
    usual[at] = spread.expected(place.kind, units.counting(expected[at]));
    below[at] = spread.below() * usual[at];
    above[at] = spread.above() * usual[at];
    target[at] = index;
  }

  /** Whether bucket {@code index} was forecast. */
  boolean knows(long index) {
    return target[at(index)] == index;
  }

  /** The forecast of a bucket it knows. */
  double expected(long index) {
    return expected[at(index)];
  }

  /** The same on the units' scale. */
  double scaled(long index) {
    return scaled[at(index)];
  }

  /** Mean absolute error expected of it, on the units' scale. */
  double usual(long index) {
    return usual[at(index)];
  }

  /** Where 2.5 % lie below, {@code wider} times as far as learned. */
  double lower(long index, double wider) {
    int at = at(index);
    return units.value(scaled[at] - wider * below[at]);
  }

  /** Where 2.5 % lie above. */
  double upper(long index, double wider) {
    int at = at(index);
    return units.value(scaled[at] + wider * above[at]);
  }

  /**
   * How far a value on the units' scale lies from its forecast, in expected mean absolute errors.
   */
  double apart(long index, double value) {
    int at = at(index);
    return error(at, value) / usual[at];
  }

  /** Learns what a bucket it knows became, on the units' scale. */
  void learn(long index, double value) {
    int at = at(index);
    double miss = error(at, value);
    if (!Double.isFinite(miss)) {
      return;
    }
    spread.learn(miss, usual[at], kind[at], units.counting(expected[at]));
    double now = profile[at] + regression.predict(features, at * size);
    double error = value + units.correction(expected[at]) - now;
    double weight = units.weight(expected[at], HALF_WEIGHT);
    double limit = HUBER * usual[at];
    double far = StrictMath.abs(error);
    if (Double.isFinite(error)) {
      regression.learn(features, at * size, error, far > limit ? weight * limit / far : weight);
    }
  }

  private double error(int at, double value) {
    return value + units.correction(expected[at]) - scaled[at];
  }

  private int at(long index) {
    return (int) (index % target.length);
  }
}
