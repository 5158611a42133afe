package io.tidegate.analysis.detect;

import io.tidegate.analysis.detect.Detection.Basis;
import io.tidegate.analysis.detect.Detection.Cause;
import io.tidegate.stats.season.ShiftDetector;
import io.tidegate.stats.season.ShiryaevRoberts;
import java.util.ArrayList;
import java.util.List;

/**
 * A series of known resolution: its course, the forecasts asked for, forecasts a week ahead against
 * which outages and shifts show, and the kinds of alarm. Not thread-safe.
 */
final class SeriesModel {
  private static final long DAY = 24L * 3_600_000;
  private static final int LARGEST_WEEK = 20_160;
  private static final int FEWEST = 8;
  private static final double FEWEST_BETWEEN_ALARMS = 400;
  private static final double KINDS_OF_ALARM = 4;
  private static final double PROVISIONAL = 2;
  private static final double SCORE_CAP = 4;

  /** Mean errors below this share are not told from none: no profile is that exact. */
  private static final double SMALLEST_SHIFT = 0.02;

  /** Evidence of a shift grows by itself once it has begun. */
  private static final double SHIFT_STEP = 4;

  /** Weeks before shifts are looked for. */
  private static final int SETTLED_WEEKS = 4;

  private static final double CORRELATION_RATE = 0.002;

  private final long stepMs;
  private final long week;
  private final Units units;
  private final LocalSlots clock;
  private final Course course;
  private final Forecaster asked;
  private final Forecaster slow;
  private final Place place = new Place();
  private final Place ahead = new Place();
  private final Gaps gaps = new Gaps();
  private final AlarmBudget outliers;
  private final AlarmBudget outages;
  private final AlarmBudget shifts;
  private final AlarmBudget holes;
  private final double every;
  private final double logEvery;
  private long index = -1;
  private long lastTime;
  private double firstValue = Double.NaN;
  private boolean varied;
  private long known;
  private boolean negative;
  private final ShiftDetector detector = new ShiftDetector();
  private final LongRunSpread longRun;

  /** Forecasts made before a shift know nothing of it. */
  private long quietUntil;

  private double previousScore;
  private double correlation = 0.3;
  private double scoreSquares = 1;
  private Basis basis = Basis.NONE;

  SeriesModel(DetectorSettings settings, Units units, long stepMs) {
    this.stepMs = stepMs;
    this.units = units;
    week = StrictMath.max(1, StrictMath.round(7.0 * DAY / stepMs));
    clock = new LocalSlots(settings.zone(), settings.holidays(), stepMs);
    course = new Course(units, stepMs);
    asked = new Forecaster(settings.horizon(), units, course);
    int slowest = (int) StrictMath.min(LARGEST_WEEK, week);
    slow = slowest == settings.horizon() ? asked : new Forecaster(slowest, units, course);
    every =
        KINDS_OF_ALARM
            * StrictMath.max(
                FEWEST_BETWEEN_ALARMS, (double) settings.falseAlarmEvery().toMillis() / stepMs);
    logEvery = StrictMath.log(every);
    long day = StrictMath.max(1, DAY / stepMs);
    quietUntil = SETTLED_WEEKS * week;
    longRun = new LongRunSpread((int) StrictMath.max(FEWEST, day));
    outliers = new AlarmBudget(every, day, 1);
    outages = new AlarmBudget(every, day, 1);
    shifts = new AlarmBudget(every, day, SHIFT_STEP);
    holes = new AlarmBudget(every, day, 1);
  }

  long stepMs() {
    return stepMs;
  }

  Basis basis() {
    return basis;
  }

  Detection next(long timeMs, double value) {
    double logGap = index < 0 ? Double.NEGATIVE_INFINITY : pass(timeMs);
    index++;
    lastTime = timeMs;
    clock.locate(timeMs, place);
    double scaled = units.scaled(value);
    Detection answer = answer(value, scaled, logGap);
    if (!Double.isNaN(value)) {
      learn(timeMs, value, scaled);
    } else {
      course.skip(1);
    }
    forecast(asked, index, timeMs);
    if (slow != asked) {
      forecast(slow, index, timeMs);
    }
    return answer;
  }

  /**
   * Lets the buckets before {@code timeMs} pass without rows; log evidence that their lack is odd.
   */
  private double pass(long timeMs) {
    long absent = StrictMath.round((double) (timeMs - lastTime) / stepMs) - 1;
    if (absent <= 0) {
      return Double.NEGATIVE_INFINITY;
    }
    double before = index + 1.0;
    double mass = 0;
    long farthest = StrictMath.max(asked.horizon(), slow.horizon());
    long unseen = StrictMath.max(0, absent - farthest);
    if (unseen > 0) {
      course.skip(unseen);
      index += unseen;
      lastTime += unseen * stepMs;
    }
    for (long i = unseen; i < absent; i++) {
      index++;
      lastTime += stepMs;
      course.skip(1);
      mass += units.counts() && slow.knows(index) ? slow.expected(index) : 1;
      forecast(asked, index, lastTime);
      if (slow != asked) {
        forecast(slow, index, lastTime);
      }
    }
    mass += unseen * (units.counts() ? units.typical() : 1);
    return gaps.add(mass, before);
  }

  private void forecast(Forecaster forecaster, long from, long timeMs) {
    long target = from + forecaster.horizon();
    if (target < week) {
      return;
    }
    long at = timeMs + forecaster.horizon() * stepMs;
    clock.locate(at, ahead);
    forecaster.forecast(target, ahead, clock.day(at), (double) forecaster.horizon() * stepMs / DAY);
  }

  /** The rows after the last one, as far as the horizon; empty where nothing can be said. */
  List<Outlook> ahead() {
    List<Outlook> rows = new ArrayList<>();
    if (basis == Basis.HISTORY || basis == Basis.PROVISIONAL) {
      double wider = basis == Basis.HISTORY ? 1 : PROVISIONAL;
      for (int i = 1; i <= asked.horizon(); i++) {
        if (asked.knows(index + i)) {
          rows.add(
              new Outlook(
                  lastTime + i * stepMs,
                  asked.expected(index + i),
                  lower(index + i, wider),
                  upper(index + i, wider)));
        }
      }
    }
    return rows;
  }

  private double lower(long row, double wider) {
    double lower = asked.lower(row, wider);
    if (units.counts()) {
      lower = StrictMath.floor(lower);
    }
    return units.logarithmic() && !negative ? StrictMath.max(0, lower) : lower;
  }

  private double upper(long row, double wider) {
    double upper = asked.upper(row, wider);
    return units.counts() ? StrictMath.ceil(upper) : upper;
  }

  private Detection answer(double value, double scaled, double logGap) {
    long warm = StrictMath.max(week, FEWEST);
    if (index < warm || !asked.knows(index)) {
      basis = Basis.NONE;
      return Detection.UNKNOWN;
    }
    if (!varied) {
      basis = Basis.CONSTANT;
      return constant(value);
    }
    boolean judged = index >= 2 * warm && asked.spread().errors() >= warm;
    basis = judged ? Basis.HISTORY : Basis.PROVISIONAL;
    double wider = judged ? 1 : PROVISIONAL;
    double lower = lower(index, wider);
    double upper = upper(index, wider);
    if (Double.isNaN(value)) {
      return new Detection(
          asked.expected(index), lower, upper, Double.NaN, false, basis, Cause.NONE);
    }
    double p = asked.spread().pValue(asked.apart(index, scaled) / wider);
    Cause cause = judged ? cause(scaled, p, logGap) : Cause.NONE;
    double score = 1 - p;
    if (cause != Cause.NONE) {
      score = StrictMath.max(score, 1 - StrictMath.exp(-logEvery));
    }
    return new Detection(
        asked.expected(index), lower, upper, score, cause != Cause.NONE, basis, cause);
  }

  /** A series that never varied: the first other value among n is one of n + 1 equally likely. */
  private Detection constant(double value) {
    if (Double.isNaN(value) || value == firstValue) {
      double score = Double.isNaN(value) ? Double.NaN : 0;
      return new Detection(firstValue, Double.NaN, Double.NaN, score, false, basis, Cause.NONE);
    }
    boolean alarm = known >= 2 * week && StrictMath.log(known + 1.0) >= logEvery;
    return new Detection(
        firstValue,
        Double.NaN,
        Double.NaN,
        known / (known + 1.0),
        alarm,
        basis,
        alarm ? Cause.OUTLIER : Cause.NONE);
  }

  private Cause cause(double scaled, double p, double logGap) {
    boolean hole = holes.alarms(index, logGap);
    boolean outlier = outliers.alarms(index, evidence(p));
    boolean shift = false;
    if (slow.knows(index) && slow.spread().errors() >= 2 * week) {
      double apart = slow.apart(index, scaled);
      double slowP = slow.spread().pValue(apart);
      outlier |= slow != asked && outages.alarms(index, evidence(slowP));
      shift = shifted(slow.spread().score(apart, slowP, SCORE_CAP));
    }
    if (hole) {
      return Cause.GAP;
    }
    return outlier ? Cause.OUTLIER : shift ? Cause.SHIFT : Cause.NONE;
  }

  private static double evidence(double p) {
    return -StrictMath.log(StrictMath.max(p, 1e-300));
  }

  private boolean shifted(double slowScore) {
    double usual = slow.usual(index);
    double score =
        slowScore * usual / StrictMath.sqrt(usual * usual + SMALLEST_SHIFT * SMALLEST_SHIFT);
    double rho = StrictMath.max(0, StrictMath.min(0.97, correlation / scoreSquares));
    double fresh = ShiryaevRoberts.whitened(score, previousScore, rho);
    fresh = StrictMath.max(-SCORE_CAP, StrictMath.min(SCORE_CAP, fresh));
    if (index >= quietUntil) {
      detector.next(fresh / longRun.sd());
    }
    longRun.add(fresh);
    correlation += CORRELATION_RATE * (score * previousScore - correlation);
    scoreSquares += CORRELATION_RATE * (score * score - scoreSquares);
    previousScore = score;
    double evidence = detector.reaches(every) ? detector.logStatistic() : 0;
    boolean alarm = shifts.alarms(index, evidence);
    if (alarm) {
      detector.restart();
      quietUntil = index + slow.horizon();
    }
    return alarm;
  }

  private void learn(long timeMs, double value, double scaled) {
    if (Double.isNaN(firstValue)) {
      firstValue = value;
    }
    varied |= value != firstValue;
    known++;
    negative |= value < 0;
    Forecaster near = asked.knows(index) ? asked : slow;
    boolean forecast = near.knows(index);
    double usual = forecast ? near.usual(index) : 1;
    double told = forecast ? near.scaled(index) : Double.NaN;
    if (asked.knows(index)) {
      asked.learn(index, scaled);
    }
    if (slow != asked && slow.knows(index)) {
      slow.learn(index, scaled);
    }
    course.add(scaled, place, clock.day(timeMs), usual, told);
  }
}
