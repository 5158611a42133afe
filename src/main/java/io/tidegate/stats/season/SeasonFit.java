package io.tidegate.stats.season;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A robust multiplicative profile of a week, fitted to hourly history: E[y] = denominator × level
 * of the week × profile of the slot, the profile's mean being 1 (statistics.md §4).
 *
 * <p>Levels and profile are ratios of weighted sums, iterated; points far off their Pearson
 * residual are weighted down (Huber 1964), old weeks by half-life, and a slot with few events takes
 * its parent's shape (posterior mean of a gamma prior worth {@code shrinkage} events).
 *
 * @param profile factor per slot, mean 1
 * @param levels by week in ascending order; cannot say for a week without usable points
 * @param scale robust standard deviation of the Pearson residuals in the last pass
 * @param dispersion τ², the variance of log(y/μ) beyond Poisson, at least 0
 * @param halfLifeWeeks as fitted with
 */
public record SeasonFit(
    List<Double> profile,
    List<Stated<Double>> levels,
    double scale,
    double dispersion,
    double halfLifeWeeks) {

  /** Copies the lists. */
  public SeasonFit {
    profile = List.copyOf(profile);
    levels = List.copyOf(levels);
  }

  /**
   * One bucket of history.
   *
   * @param count y, at least 0
   * @param denominator 1 for counts, what a rate is per otherwise; at least 0
   * @param slot in [0, slots)
   * @param week any increasing number of the week
   * @param masked whether an incident or holiday keeps it out of the fit
   */
  public record Point(double count, double denominator, int slot, int week, boolean masked) {
    /** Refuses what is negative or not finite. */
    public Point {
      if (!(count >= 0 && denominator >= 0 && Double.isFinite(count + denominator)) || slot < 0) {
        throw new IllegalArgumentException(
            "count %s, denominator %s and slot %d must be finite and >= 0"
                .formatted(count, denominator, slot));
      }
    }
  }

  /**
   * How to fit.
   *
   * @param slots slots in a period, 168 for an hour-of-week profile
   * @param shrinkage κ, events the parent's profile is worth
   * @param huber residuals beyond this many robust standard deviations are weighted down
   * @param passes iterations
   * @param halfLifeWeeks age at which a week weighs half
   */
  public record Settings(
      int slots, double shrinkage, double huber, int passes, double halfLifeWeeks) {
    /** Hour of week, 20 events, 2.5 deviations, 6 passes, 4 weeks. */
    public static final Settings HOUR_OF_WEEK = new Settings(HourOfWeek.SLOTS, 20, 2.5, 6, 4);

    /** Refuses settings out of range. */
    public Settings {
      if (slots < 1 || passes < 1 || !(shrinkage >= 0 && huber > 0 && halfLifeWeeks > 0)) {
        throw new IllegalArgumentException(
            "slots %d, passes %d, shrinkage %s, huber %s, halfLifeWeeks %s out of range"
                .formatted(slots, passes, shrinkage, huber, halfLifeWeeks));
      }
    }
  }

  /**
   * Fits the profile; cannot say where no point is usable.
   *
   * @param parent profile to shrink to, one positive factor a slot (all 1 for a flat one)
   */
  public static Stated<SeasonFit> fit(List<Point> history, double[] parent, Settings settings) {
    if (parent.length != settings.slots) {
      throw new IllegalArgumentException(
          "parent has " + parent.length + " slots, the profile " + settings.slots);
    }
    for (Point p : history) {
      if (p.slot >= settings.slots) {
        throw new IllegalArgumentException(
            "slot " + p.slot + " must be below the profile's " + settings.slots);
      }
    }
    boolean anything = history.stream().anyMatch(p -> !p.masked && p.denominator > 0);
    return anything
        ? new Fitting(history, parent, settings).run()
        : Stated.cannotSay(Reason.NO_DATA, "no usable bucket among " + history.size());
  }

  /** The state of one fit. */
  private static final class Fitting {
    private final Point[] points;
    private final int[] weekOf;
    private final double[] recency;
    private final double[] robust;
    private final double[] parent;
    private final double[] profile;
    private final double[] levels;
    private final Settings settings;
    private double scale = 1;

    Fitting(List<Point> history, double[] parent, Settings settings) {
      this.settings = settings;
      points = history.toArray(new Point[0]);
      int[] weeks = history.stream().mapToInt(Point::week).sorted().distinct().toArray();
      weekOf = new int[points.length];
      recency = new double[points.length];
      for (int i = 0; i < points.length; i++) {
        weekOf[i] = Arrays.binarySearch(weeks, points[i].week);
        double age = (double) weeks[weeks.length - 1] - points[i].week;
        recency[i] = StrictMath.pow(0.5, age / settings.halfLifeWeeks);
      }
      robust = new double[points.length];
      Arrays.fill(robust, 1);
      this.parent = scaledToMeanOne(parent);
      profile = this.parent.clone();
      levels = new double[weeks.length];
    }

    Stated<SeasonFit> run() {
      for (int pass = 0; pass < settings.passes; pass++) {
        fitLevels();
        fitProfile();
        fitWeights();
      }
      fitLevels();
      double[] offsets = new double[points.length];
      double[] noise = new double[points.length];
      int used = 0;
      for (int i = 0; i < points.length; i++) {
        if (usable(i)) {
          double expected = expected(i);
          offsets[used] = StrictMath.log((points[i].count + 0.5) / (expected + 0.5));
          noise[used++] = 1 / (expected + 0.5);
        }
      }
      if (used == 0) {
        return Stated.cannotSay(Reason.NO_DATA, "no week has a level");
      }
      double spread = Medians.MAD_TO_SD * Medians.deviation(Arrays.copyOf(offsets, used));
      double poisson = Medians.median(Arrays.copyOf(noise, used));
      List<Stated<Double>> stated = new ArrayList<>(levels.length);
      for (double level : levels) {
        stated.add(
            level >= 0
                ? Stated.of(level)
                : Stated.cannotSay(Reason.NO_DATA, "the week has no usable bucket"));
      }
      return Stated.of(
          new SeasonFit(
              Arrays.stream(profile).boxed().toList(),
              stated,
              scale,
              StrictMath.max(0, spread * spread - poisson),
              settings.halfLifeWeeks));
    }

    /** Sets each week's level; −1 stands for a week without one. */
    private void fitLevels() {
      double[] events = new double[levels.length];
      double[] base = new double[levels.length];
      for (int i = 0; i < points.length; i++) {
        if (!points[i].masked) {
          events[weekOf[i]] += robust[i] * points[i].count;
          base[weekOf[i]] += robust[i] * points[i].denominator * profile[points[i].slot];
        }
      }
      for (int w = 0; w < levels.length; w++) {
        levels[w] = base[w] > 0 ? events[w] / base[w] : -1;
      }
    }

    private void fitProfile() {
      double[] events = new double[profile.length];
      double[] base = new double[profile.length];
      for (int i = 0; i < points.length; i++) {
        if (usable(i)) {
          double weight = recency[i] * robust[i];
          events[points[i].slot] += weight * points[i].count;
          base[points[i].slot] += weight * points[i].denominator * levels[weekOf[i]];
        }
      }
      for (int h = 0; h < profile.length; h++) {
        double below = base[h] + settings.shrinkage;
        profile[h] = below > 0 ? (events[h] + settings.shrinkage * parent[h]) / below : parent[h];
      }
      System.arraycopy(scaledToMeanOne(profile), 0, profile, 0, profile.length);
    }

    private void fitWeights() {
      double[] residuals = new double[points.length];
      double[] sizes = new double[points.length];
      int used = 0;
      for (int i = 0; i < points.length; i++) {
        if (usable(i)) {
          double expected = expected(i);
          if (expected > 0) {
            residuals[i] = StrictMath.abs(points[i].count - expected) / StrictMath.sqrt(expected);
          }
          sizes[used++] = residuals[i];
        }
      }
      double size = used == 0 ? 0 : Medians.MAD_TO_SD * Medians.median(Arrays.copyOf(sizes, used));
      scale = size > 0 ? size : 1;
      double limit = settings.huber * scale;
      for (int i = 0; i < points.length; i++) {
        robust[i] = residuals[i] <= limit ? 1 : limit / residuals[i];
      }
    }

    private boolean usable(int i) {
      return !points[i].masked && levels[weekOf[i]] >= 0;
    }

    private double expected(int i) {
      return points[i].denominator * levels[weekOf[i]] * profile[points[i].slot];
    }

    private static double[] scaledToMeanOne(double[] values) {
      double mean = Arrays.stream(values).sum() / values.length;
      return Arrays.stream(values).map(v -> v / mean).toArray();
    }
  }
}
