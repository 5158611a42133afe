package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sequence.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Time to an event where some units have not had it yet. */
public final class Survival {
  private Survival() {}

  /**
   * One unit followed until its event or until it left sight.
   *
   * @param time since entry, in any unit
   * @param event whether it had the event at {@code time}; else it is censored there
   * @param treatment whether it belongs to variant B
   */
  public record Followed(double time, boolean event, boolean treatment) {
    /** Refuses a time that is not finite. */
    public Followed {
      if (!Double.isFinite(time)) {
        throw new IllegalArgumentException("time " + time + " must be finite");
      }
    }
  }

  /**
   * The curve just after one event time.
   *
   * @param time when
   * @param survival share without the event so far
   * @param se Greenwood 1926; cannot say ({@code ZERO_VARIANCE}) where the share is 0
   * @param atRisk units followed up to {@code time}
   * @param events units with the event at {@code time}
   */
  public record Point(double time, double survival, Stated<Double> se, long atRisk, long events) {

    /**
     * The interval on the scale of log(−log S), which stays within (0, 1) (Kalbfleisch and Prentice
     * 1980, §1.3): S^exp(±z·se/(S·|log S|)). Cannot say ({@code ZERO_VARIANCE}) where S is 0 or 1.
     *
     * @param z normal quantile of its level
     */
    public Stated<Interval> interval(double z) {
      if (!se.said() || survival <= 0 || survival >= 1) {
        return Stated.cannotSay(Reason.ZERO_VARIANCE, "the share is " + survival);
      }
      double half = z * se.orThrow() / (survival * -StrictMath.log(survival));
      return Stated.of(
          new Interval(
              StrictMath.pow(survival, StrictMath.exp(half)),
              StrictMath.pow(survival, StrictMath.exp(-half))));
    }
  }

  /**
   * The log-rank comparison of B with A.
   *
   * @param observedB events in B
   * @param expectedB what equal hazards would give
   * @param variance of the difference, hypergeometric
   * @param test (O − E)²/V on one degree of freedom; cannot say at zero variance
   */
  public record LogRank(
      double observedB, double expectedB, double variance, Stated<Tables.Chi2> test) {}

  /**
   * The Kaplan–Meier curve at each event time (Kaplan and Meier 1958); variants are not told apart.
   */
  public static List<Point> kaplanMeier(List<Followed> units) {
    ProductLimit curve = new ProductLimit();
    return steps(units).stream()
        .map(step -> curve.next(step.time, (long) step.atRisk, (long) step.events))
        .toList();
  }

  /**
   * The Kaplan–Meier curve of counts by period 0, 1, …: one point each.
   *
   * @param atRisk units followed through the period that had no event before it
   * @param events those with the event in it
   */
  public static List<Point> kaplanMeier(long[] atRisk, long[] events) {
    ProductLimit curve = new ProductLimit();
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < atRisk.length; i++) {
      points.add(curve.next(i, atRisk[i], events[i]));
    }
    return points;
  }

  /** The running product; its state is just after the last point. */
  private static final class ProductLimit {
    private double survival = 1;
    private double greenwood;

    Point next(double time, long atRisk, long events) {
      if (events > 0) {
        double left = atRisk - events;
        survival *= left / atRisk;
        greenwood += events / (atRisk * left);
      }
      Stated<Double> se =
          survival > 0
              ? Stated.of(survival * StrictMath.sqrt(greenwood))
              : Stated.cannotSay(Reason.ZERO_VARIANCE, "no unit is left at " + time);
      return new Point(time, survival, se, atRisk, events);
    }
  }

  /** The log-rank test (Mantel 1966): E = Σ d r_B/r, V = Σ d (r_B/r)(1 − r_B/r)(r − d)/(r − 1). */
  public static LogRank logRank(List<Followed> units) {
    double observed = 0;
    double expected = 0;
    double variance = 0;
    for (Step step : steps(units)) {
      double share = step.atRiskB / step.atRisk;
      observed += step.eventsB;
      expected += step.events * share;
      if (step.atRisk > 1) {
        variance +=
            step.events * share * (1 - share) * (step.atRisk - step.events) / (step.atRisk - 1);
      }
    }
    double apart = observed - expected;
    return new LogRank(
        observed,
        expected,
        variance,
        variance > 0
            ? Stated.of(Tables.chi2(apart * apart / variance, 1))
            : Stated.cannotSay(Reason.ZERO_VARIANCE, "no event with both variants at risk"));
  }

  private static final class Step {
    private final double time;
    private double atRisk;
    private double atRiskB;
    private double events;
    private double eventsB;

    Step(double time) {
      this.time = time;
    }
  }

  private static List<Step> steps(List<Followed> units) {
    Followed[] sorted = units.toArray(new Followed[0]);
    Arrays.sort(sorted, Comparator.comparingDouble(Followed::time));
    double treatmentLeft = units.stream().filter(Followed::treatment).count();
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < sorted.length; ) {
      Step step = new Step(sorted[i].time);
      step.atRisk = sorted.length - i;
      step.atRiskB = treatmentLeft;
      for (; i < sorted.length && sorted[i].time == step.time; i++) {
        boolean treatment = sorted[i].treatment;
        treatmentLeft -= treatment ? 1 : 0;
        step.events += sorted[i].event ? 1 : 0;
        step.eventsB += sorted[i].event && treatment ? 1 : 0;
      }
      if (step.events > 0) {
        steps.add(step);
      }
    }
    return steps;
  }
}
