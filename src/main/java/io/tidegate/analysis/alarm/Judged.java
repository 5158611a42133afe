package io.tidegate.analysis.alarm;

import io.tidegate.analysis.detect.Detection.Cause;
import io.tidegate.analysis.detect.Detector;
import io.tidegate.analysis.detect.DetectorSettings;
import java.util.Arrays;

/** A series with what the baseline expected of each hour, and its alarms. */
final class Judged {

  /** Longest look back for the beginning of what an alarm found. */
  private static final int LOOK_BACK = 168;

  /** Standard deviations that 95 % lie within. */
  private static final double OUTSIDE = 1.959963984540054;

  private final Watched series;
  private final double[] sums;
  private final double[] weights;
  private final Expectations expectations;
  private final Departures departures;
  private final Cause[] alarms;

  private Judged(Watched series, double[] sums, double[] weights, Hours hours) {
    this.series = series;
    this.sums = sums;
    this.weights = weights;
    expectations = Expectations.of(sums, weights, hours);
    departures = new Departures(sums, expectations);
    alarms = new Cause[sums.length];
    Arrays.fill(alarms, Cause.NONE);
  }

  /**
   * Judges every hour from those before it.
   *
   * @param sums NaN where an hour has none, or before the series began
   * @param weights what the sums are divided by: 1 of numbers, of mean values how many there are
   * @param settings of hours far out, as of one series
   */
  static Judged of(
      Watched series, double[] sums, double[] weights, Hours hours, DetectorSettings settings) {
    Judged judged = new Judged(series, sums, weights, hours);
    Detector detector = new Detector(settings);
    LevelShift shifts = new LevelShift(settings.falseAlarmEvery());
    int first = 0;
    while (first < sums.length && Double.isNaN(sums[first])) {
      first++;
    }
    for (int h = first; h < sums.length; h++) {
      Cause cause = detector.next(hours.startMs(h), sums[h] / weights[h]).cause();
      boolean far = (cause == Cause.OUTLIER || cause == Cause.GAP) && judged.isOutside(h);
      judged.departures.next(h, far);
      if (far) {
        judged.alarms[h] = cause;
      } else if (!hours.quiet()[h] && shifts.fires(judged.departures, h)) {
        judged.alarms[h] = Cause.SHIFT;
      }
    }
    return judged;
  }

  /** Whether an hour lies outside what the baseline expects; never where that says nothing. */
  private boolean isOutside(int hour) {
    return known(hour)
        && StrictMath.abs(sums[hour] - expectations.expected(hour))
            > OUTSIDE * expectations.sd(hour);
  }

  Watched series() {
    return series;
  }

  Departures departures() {
    return departures;
  }

  Cause alarm(int hour) {
    return alarms[hour];
  }

  /**
   * Observed and expected over hours.
   *
   * @param sd standard deviation of the observed, as of hours on their own
   * @param weight what both are divided by for a mean
   * @param hours how many
   */
  record Span(double observed, double expected, double sd, double weight, int hours) {

    static final Span NOTHING = new Span(0, 0, 0, 0, 0);

    /** (Observed − expected) ÷ expected; 0 where nothing was expected. */
    double relative() {
      return expected > 0 ? (observed - expected) / expected : 0;
    }

    Span and(Span other) {
      return new Span(
          observed + other.observed,
          expected + other.expected,
          StrictMath.hypot(sd, other.sd),
          weight + other.weight,
          StrictMath.max(hours, other.hours));
    }
  }

  /** The hours from one to another, both included, of which both numbers are known. */
  Span span(int from, int to) {
    Span span = Span.NOTHING;
    for (int h = StrictMath.max(0, from); h <= to; h++) {
      if (known(h)) {
        span =
            new Span(
                span.observed + sums[h],
                span.expected + expectations.expected(h),
                StrictMath.hypot(span.sd, expectations.sd(h)),
                span.weight + weights[h],
                span.hours + 1);
      }
    }
    return span;
  }

  /**
   * The beginning of a departure.
   *
   * @param score sum of the hours' scores ÷ √ their number; its sign is the direction
   */
  record Onset(int hour, double score) {}

  /** Where the run of hours that ends here and is least likely began. */
  Onset onset(int hour) {
    double sum = 0;
    int used = 0;
    Onset best = new Onset(hour, 0);
    for (int h = hour; h > hour - LOOK_BACK && h >= 0; h--) {
      if (known(h) && expectations.sd(h) > 0) {
        sum += (sums[h] - expectations.expected(h)) / expectations.sd(h);
        used++;
        double score = sum / StrictMath.sqrt(used);
        if (StrictMath.abs(score) > StrictMath.abs(best.score())) {
          best = new Onset(h, score);
        }
      }
    }
    return best;
  }

  private boolean known(int hour) {
    return !Double.isNaN(sums[hour]) && !Double.isNaN(expectations.expected(hour));
  }
}
