package io.tidegate.analysis.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The course of a series so far: a profile by hour of the week, made of one by kind of day and what
 * each weekday adds, and exponential means of what the profile leaves, over spans from one bucket
 * to four weeks (the cascade of Corsi 2009, by exponential means). Outages and bursts move the long
 * means and the profile by a bounded step only. Not thread-safe.
 */
final class Course {
  private static final double SHORTEST = 0.7;
  private static final double RATIO = 4;
  private static final double KIND_RATE = 0.07;
  private static final double SLOT_RATE = 0.03;
  private static final double HALF_WEIGHT = 0.1;
  private static final double LEAST_WEIGHT = 0.02;
  private static final double LARGEST_STEP = 1;
  private static final double CUT = 8;
  private static final double FAR = 7;
  private static final double FARTHEST = 8;
  private static final long HOUR = 3_600_000;
  private static final long LONGEST = 31 * 24 * HOUR;
  private static final long DETREND = 45 * HOUR;
  private static final int YEAR_DAYS = 364;
  private static final int KEPT_DAYS = 380;
  private static final double HALF_WEEK_DAYS = 3.5;

  private final Units units;
  private final double perHour;
  private final double[] kinds = new double[LocalSlots.KINDS];
  private final double[] slots = new double[LocalSlots.SLOTS];
  private final double[] kindCounts = new double[LocalSlots.KINDS];
  private final double[] slotCounts = new double[LocalSlots.SLOTS];
  private final double[] rates;
  private final double[] means;
  private final double[] weights;
  private final int detrend;
  private final double[] yearly = new double[KEPT_DAYS];
  private final long[] yearlyDay = new long[KEPT_DAYS];
  private double start = Double.NaN;
  private double last;
  private boolean lastKnown;
  private double farBefore;

  Course(Units units, long stepMs) {
    this.units = units;
    perHour = StrictMath.max(1, (double) HOUR / stepMs);
    List<Double> spans = new ArrayList<>();
    for (double span = SHORTEST; span * stepMs <= LONGEST || spans.size() < 3; span *= RATIO) {
      spans.add(span);
    }
    rates = spans.stream().mapToDouble(s -> 1 - StrictMath.pow(0.5, 1 / s)).toArray();
    means = new double[rates.length];
    weights = new double[rates.length];
    int nearest = 1;
    for (int i = 1; i < rates.length; i++) {
      if (spans.get(i) * stepMs <= 1.1 * DETREND) {
        nearest = i;
      }
    }
    detrend = nearest;
    Arrays.fill(yearlyDay, Long.MIN_VALUE);
  }

  /** Numbers that {@link #features} writes. */
  int size() {
    return means.length + 3;
  }

  /** What the profile alone expects of a bucket, on the units' scale. */
  double profile(Place place) {
    double sum = start + kinds[place.kind] + slots[place.slot];
    if (place.share > 0) {
      sum +=
          place.share
              * (kinds[place.nextKind]
                  + slots[place.nextSlot]
                  - kinds[place.kind]
                  - slots[place.slot]);
    }
    return sum;
  }

  /**
   * Describes the course for a forecast.
   *
   * @param day local day of the bucket to forecast
   * @param days how many days that is ahead
   */
  void features(double[] into, int from, long day, double days) {
    System.arraycopy(means, 0, into, from, means.length);
    int at = from + means.length;
    into[at] = 0.1;
    into[at + 1] = lastYear(day, days);
    into[at + 2] = lastKnown ? last : means[1];
  }

  /** How the longest mean moved at this time of last year; 0 where unknown. */
  private double lastYear(long day, double days) {
    long then = day - YEAR_DAYS;
    long before = then - StrictMath.round(days + HALF_WEEK_DAYS);
    int a = (int) Math.floorMod(then, (long) KEPT_DAYS);
    int b = (int) Math.floorMod(before, (long) KEPT_DAYS);
    return yearlyDay[a] == then && yearlyDay[b] == before ? yearly[a] - yearly[b] : 0;
  }

  /**
   * Takes in a bucket.
   *
   * @param usual mean absolute error of a forecast; what is far beyond it is cut
   * @param forecast of the bucket; NaN where there was none
   */
  void add(double scaled, Place place, long day, double usual, double forecast) {
    if (Double.isNaN(start)) {
      start = scaled;
    }
    double expected = profile(place);
    double level = means[detrend + 1];
    double value = units.value(expected + level);
    double left = believed(scaled + units.correction(value), usual, forecast) - expected;
    left = StrictMath.max(level - FARTHEST, StrictMath.min(level + FARTHEST, left));
    double far = CUT * usual;
    double cut = StrictMath.max(level - far, StrictMath.min(level + far, left));
    double weight = units.weight(value, HALF_WEIGHT) + LEAST_WEIGHT;
    for (int i = 0; i < means.length; i++) {
      double rate = rates[i];
      weights[i] += rate * (weight - weights[i]);
      means[i] += rate * weight / weights[i] * ((i < 2 ? left : cut) - means[i]);
    }
    last = left;
    lastKnown = true;
    double step = cut - means[detrend];
    step = StrictMath.max(-LARGEST_STEP, StrictMath.min(LARGEST_STEP, step));
    if (place.share < 1) {
      move(place.kind, place.slot, step, 1 - place.share);
    }
    if (place.share > 0) {
      move(place.nextKind, place.nextSlot, step, place.share);
    }
    int of = (int) Math.floorMod(day, (long) KEPT_DAYS);
    yearlyDay[of] = day;
    yearly[of] = means[means.length - 1];
  }

  /** One bucket far out is an outlier and is cut; a second on the same side is a change. */
  private double believed(double scaled, double usual, double forecast) {
    double apart = scaled - forecast;
    if (!(StrictMath.abs(apart) > FAR * usual)) {
      farBefore = 0;
      return scaled;
    }
    double side = StrictMath.signum(apart);
    boolean again = side == farBefore;
    farBefore = side;
    return again ? scaled : forecast + side * FAR / 2 * usual;
  }

  private void move(int kind, int slot, double step, double share) {
    double part = share / perHour;
    kindCounts[kind] += part;
    slotCounts[slot] += part;
    kinds[kind] += part * StrictMath.max(KIND_RATE, 1 / (kindCounts[kind] + 1)) * step;
    slots[slot] += part * StrictMath.max(SLOT_RATE, 0.5 / (slotCounts[slot] + 3)) * step;
  }

  /** Buckets pass without a value. */
  void skip(long buckets) {
    for (int i = 0; i < weights.length; i++) {
      weights[i] =
          StrictMath.max(
              1e-6, weights[i] * StrictMath.pow(1 - rates[i], StrictMath.min(buckets, 1_000_000)));
    }
    lastKnown = false;
  }
}
