package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.Contrast.Bounds;
import io.tidegate.model.RetentionPoint;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.estimate.Survival;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shares of units by age in every form, with their errors: {@link ReturnCounts} read out. */
final class ReturnShares {

  /** What a share is of, as {@link RetentionPoint#definition} says it. */
  enum Form {
    EXACT(RetentionPoint.EXACT),
    BOUNDED(RetentionPoint.BOUNDED),
    UNBOUNDED(RetentionPoint.UNBOUNDED),
    ROLLING(RetentionPoint.ROLLING),
    RETURNING(RetentionPoint.RETURNING),
    FIRST_RETURN(RetentionPoint.FIRST_RETURN),
    NOT_LAPSED(RetentionPoint.NOT_LAPSED);

    private final String label;

    Form(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }

    /** Whether it comes from a Kaplan–Meier curve, which uses units not yet old enough. */
    boolean isSurvival() {
      return this == FIRST_RETURN || this == NOT_LAPSED;
    }

    /** Whether the variants' units are alike but for the change. */
    boolean compared() {
      return this != RETURNING;
    }
  }

  /** Quotients of whole numbers are as near to one. */
  private static final double ROUNDING = 1e-6;

  private final int absence;
  private final long units;
  private final long[] passed;
  private final Map<Form, long[]> eligible = new EnumMap<>(Form.class);
  private final Map<Form, long[]> retained = new EnumMap<>(Form.class);
  private final Map<Form, List<Survival.Point>> curves = new EnumMap<>(Form.class);

  private ReturnShares(ReturnCounts counts, int periods) {
    absence = counts.absence();
    units = counts.units();
    passed = counts.eligible(periods + absence);
    long[] all = counts.eligible(periods);
    put(Form.EXACT, all, counts.exact(periods));
    put(Form.BOUNDED, all, counts.bounded(periods));
    put(Form.UNBOUNDED, all, counts.unbounded(periods));
    put(Form.ROLLING, all, counts.rolling(periods));
    put(Form.RETURNING, counts.absent(periods), counts.returned(periods));
    long[] returns = counts.firstReturns(periods);
    put(Form.FIRST_RETURN, less(all, less(counts.bounded(periods), returns)), returns);
    long[] unlapsed = counts.unlapsed(periods);
    long[] lapses = counts.lapses(periods);
    put(Form.NOT_LAPSED, unlapsed, less(unlapsed, lapses));
    curves.put(Form.FIRST_RETURN, Survival.kaplanMeier(eligibleOf(Form.FIRST_RETURN), returns));
    curves.put(Form.NOT_LAPSED, Survival.kaplanMeier(unlapsed, lapses));
  }

  private void put(Form form, long[] of, long[] came) {
    eligible.put(form, of);
    retained.put(form, came);
  }

  private static long[] less(long[] a, long[] b) {
    long[] difference = a.clone();
    for (int i = 0; i < a.length; i++) {
      difference[i] -= b[i];
    }
    return difference;
  }

  /** Shares at ages 0 to before {@code periods}. */
  static ReturnShares of(ReturnCounts counts, int periods) {
    return new ReturnShares(counts, periods);
  }

  long units() {
    return units;
  }

  /** First age at which a form says something. */
  int first(Form form) {
    return switch (form) {
      case EXACT, UNBOUNDED -> 0;
      case BOUNDED, FIRST_RETURN, NOT_LAPSED -> 1;
      case ROLLING -> absence;
      case RETURNING -> absence + 1;
    };
  }

  /** Units that have been followed for as long as the age takes. */
  long reached(Form form, int age) {
    return passed[form == Form.NOT_LAPSED ? age + absence - 1 : age];
  }

  long eligible(Form form, int age) {
    return eligibleOf(form)[age];
  }

  private long[] eligibleOf(Form form) {
    return eligible.getOrDefault(form, passed);
  }

  long retained(Form form, int age) {
    return retained.getOrDefault(form, passed)[age];
  }

  /** Retained over eligible, where some are. */
  double share(Form form, int age) {
    return (double) retained(form, age) / eligible(form, age);
  }

  /** The share; cannot say where no unit is eligible. */
  Stated<Double> rate(Form form, int age) {
    if (reached(form, age) == 0 || (!form.isSurvival() && eligible(form, age) == 0)) {
      return Stated.cannotSay(Reason.TOO_FEW_UNITS, "no unit was absent before this age");
    }
    if (form.isSurvival()) {
      double survival = point(form, age).survival();
      return Stated.of(form == Form.FIRST_RETURN ? 1 - survival : survival);
    }
    return Stated.of(share(form, age));
  }

  /**
   * Wilson's interval, of a curve Greenwood's on the log(−log) scale; Wilson's where nothing or
   * everything has happened.
   */
  Stated<Bounds> bounds(Form form, int age) {
    return bounds(form, age, Contrast.critical(Double.POSITIVE_INFINITY));
  }

  /**
   * The same at another level.
   *
   * @param z normal quantile of the level
   */
  Stated<Bounds> bounds(Form form, int age, double z) {
    return rate(form, age)
        .map(
            rate -> {
              if (!form.isSurvival()) {
                return Rates.wilson(retained(form, age), eligible(form, age), z);
              }
              Survival.Point point = point(form, age);
              if (point.survival() > 0 && point.survival() < 1) {
                return greenwood(form, point, z);
              }
              long n = behind(form, age);
              return Rates.wilson(rate > 0 ? n : 0, n, z);
            });
  }

  private static Bounds greenwood(Form form, Survival.Point point, double z) {
    var interval = point.interval(z).orThrow();
    return form == Form.FIRST_RETURN
        ? new Bounds(1 - interval.upper(), 1 - interval.lower())
        : new Bounds(interval.lower(), interval.upper());
  }

  /**
   * Units that a curve of nothing or everything is of: as many as, all followed to the end, would
   * leave those last at risk.
   */
  private long behind(Form form, int age) {
    int last = age;
    while (last > 0 && point(form, last).atRisk() == 0) {
      last--;
    }
    double before = last == 0 ? 1 : point(form, last - 1).survival();
    return Math.max(1, (long) (point(form, last).atRisk() / before + ROUNDING));
  }

  /** A curve at an age. */
  Survival.Point point(Form form, int age) {
    return curves.getOrDefault(form, List.of()).get(age);
  }

  /** Units that the share is found from: of a curve all, else those eligible. */
  long of(Form form, int age) {
    return form.isSurvival() ? units : eligible(form, age);
  }

  /** The share, of no curve, as one side of a comparison; null of fewer than two units. */
  @Nullable Arm arm(Slice slice, Form form, int age) {
    return Arm.ofSuccesses(slice, retained(form, age), eligible(form, age));
  }

  /** The shares of all strata's units together. */
  static ReturnShares together(Collection<ReturnCounts> strata, int periods) {
    ReturnCounts all = null;
    for (ReturnCounts each : strata) {
      all = all == null ? new ReturnCounts(each.absence()) : all;
      all.merge(each);
    }
    return new ReturnShares(all == null ? new ReturnCounts(1) : all, periods);
  }
}
