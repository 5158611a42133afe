package io.tidegate.stats.season;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.season.SeasonFit.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Fits one {@link SeasonFit} after the other in the same working memory. Not thread-safe. */
public final class SeasonFitter {

  private static final double HALF = 0.5;

  private final Settings settings;
  private final double[] profile;
  private final double[] roots;
  private final double[] events;
  private final double[] base;
  private final MiddlePair middle = new MiddlePair();

  private double[] counts = {};
  private double[] denominators = {};
  private double[] inverseRoots = {};
  private double[] weightedCounts = {};
  private double[] weightedDenominators = {};
  private double[] residuals = {};
  private double[] sizes = {};
  private int[] slots = {};
  private int[] firsts = {};
  private int[] numbers = {};
  private double[] levels = {};
  private double[] recency = {};
  private double[] ages = {};
  private int weeks;
  private double scale;

  public SeasonFitter(Settings settings) {
    this.settings = settings;
    profile = new double[settings.slots()];
    roots = new double[settings.slots()];
    events = new double[settings.slots()];
    base = new double[settings.slots()];
  }

  /**
   * Fits the profile; cannot say where no bucket is usable.
   *
   * @param from first bucket used
   * @param to the one after the last
   * @param parent profile to shrink to, one positive factor a slot (all 1 for a flat one)
   */
  public Stated<SeasonFit> fit(SeasonHistory history, int from, int to, double[] parent) {
    if (parent.length != settings.slots()) {
      throw new IllegalArgumentException(
          "parent has " + parent.length + " slots, the profile " + settings.slots());
    }
    if (from == to || !take(history, from, to)) {
      return Stated.cannotSay(Reason.NO_DATA, "no usable bucket among " + (to - from));
    }
    double[] prior = parent.clone();
    scaleToMeanOne(prior);
    System.arraycopy(prior, 0, profile, 0, prior.length);
    scale = 1;
    for (int pass = 0; pass < settings.passes(); pass++) {
      fitLevels();
      fitProfile(prior);
      fitWeights();
    }
    fitLevels();
    return dispersion().map(this::result);
  }

  private boolean take(SeasonHistory history, int from, int to) {
    reserve(to - from);
    boolean anything = false;
    int used = 0;
    weeks = 0;
    double root = 1;
    double rootOf = 1;
    for (int i = from; i < to; i++) {
      if (i == from || history.weeks[i] != history.weeks[i - 1]) {
        firsts[weeks] = used;
        numbers[weeks++] = history.weeks[i];
      }
      int slot = history.slots[i];
      if (slot >= settings.slots()) {
        throw new IllegalArgumentException(
            "slot " + slot + " must be below the profile's " + settings.slots());
      }
      if (!history.masked[i]) {
        double denominator = history.denominators[i];
        if (denominator != rootOf) {
          rootOf = denominator;
          root = inverseRoot(denominator);
        }
        anything |= denominator > 0;
        counts[used] = history.counts[i];
        denominators[used] = denominator;
        inverseRoots[used] = root;
        slots[used++] = slot;
      }
    }
    firsts[weeks] = used;
    System.arraycopy(counts, 0, weightedCounts, 0, used);
    System.arraycopy(denominators, 0, weightedDenominators, 0, used);
    for (int w = 0; w < weeks; w++) {
      double age = (double) numbers[weeks - 1] - numbers[w];
      if (age != ages[w]) {
        ages[w] = age;
        recency[w] = StrictMath.pow(HALF, age / settings.halfLifeWeeks());
      }
    }
    return anything;
  }

  private void reserve(int size) {
    if (counts.length < size) {
      counts = new double[size];
      denominators = new double[size];
      inverseRoots = new double[size];
      weightedCounts = new double[size];
      weightedDenominators = new double[size];
      residuals = new double[size];
      sizes = new double[size];
      slots = new int[size];
      firsts = new int[size + 1];
      numbers = new int[size];
      levels = new double[size];
      recency = new double[size];
      ages = new double[size];
      Arrays.fill(ages, -1);
    }
  }

  /** Sets each week's level; −1 stands for a week without one. */
  private void fitLevels() {
    for (int w = 0; w < weeks; w++) {
      double above = 0;
      double below = 0;
      for (int i = firsts[w]; i < firsts[w + 1]; i++) {
        above += weightedCounts[i];
        below += weightedDenominators[i] * profile[slots[i]];
      }
      levels[w] = below > 0 ? above / below : -1;
    }
  }

  private void fitProfile(double[] parent) {
    Arrays.fill(events, 0);
    Arrays.fill(base, 0);
    for (int w = 0; w < weeks; w++) {
      if (levels[w] >= 0) {
        double weight = recency[w];
        double weightedLevel = weight * levels[w];
        for (int i = firsts[w]; i < firsts[w + 1]; i++) {
          events[slots[i]] += weight * weightedCounts[i];
          base[slots[i]] += weightedLevel * weightedDenominators[i];
        }
      }
    }
    double shrinkage = settings.shrinkage();
    for (int h = 0; h < profile.length; h++) {
      double below = base[h] + shrinkage;
      profile[h] = below > 0 ? (events[h] + shrinkage * parent[h]) / below : parent[h];
    }
    scaleToMeanOne(profile);
  }

  /** Weights points down by their Pearson residuals. */
  private void fitWeights() {
    scale = scale(fitResiduals());
    double limit = settings.huber() * scale;
    for (int w = 0; w < weeks; w++) {
      for (int i = firsts[w]; i < firsts[w + 1]; i++) {
        double weight = residuals[i] <= limit ? 1 : weight(limit, w, i);
        weightedCounts[i] = weight * counts[i];
        weightedDenominators[i] = weight * denominators[i];
      }
    }
  }

  /**
   * Sets the residuals, their 1/√μ a product of three inverse roots, and puts those of weeks with a
   * level together, whose number it returns.
   */
  private int fitResiduals() {
    for (int h = 0; h < profile.length; h++) {
      roots[h] = inverseRoot(profile[h]);
    }
    int used = 0;
    for (int w = 0; w < weeks; w++) {
      double root = inverseRoot(levels[w]);
      for (int i = firsts[w]; i < firsts[w + 1]; i++) {
        double apart = StrictMath.abs(counts[i] - expected(w, i));
        residuals[i] = apart * (root * roots[slots[i]] * inverseRoots[i]);
      }
      if (levels[w] >= 0) {
        int here = firsts[w + 1] - firsts[w];
        System.arraycopy(residuals, firsts[w], sizes, used, here);
        used += here;
      }
    }
    return used;
  }

  private double scale(int used) {
    if (used == 0) {
      return 1;
    }
    middle.find(sizes, used);
    double size = Medians.MAD_TO_SD * middle.mean();
    return size > 0 ? size : 1;
  }

  private double weight(double limit, int week, int i) {
    double apart = StrictMath.abs(counts[i] - expected(week, i));
    double few = settings.fewEvents() / apart;
    return StrictMath.min(1, StrictMath.max(few, limit / residuals[i]));
  }

  private double expected(int week, int i) {
    return denominators[i] * levels[week] * profile[slots[i]];
  }

  /** 0 where nothing is expected. */
  private static double inverseRoot(double value) {
    return value > 0 ? 1 / StrictMath.sqrt(value) : 0;
  }

  /**
   * τ², from the median absolute deviation of log(y/μ), each with half an event more. Logs keep the
   * order, so that only those of the middle are taken.
   */
  private Stated<Double> dispersion() {
    int used = 0;
    for (int w = 0; w < weeks; w++) {
      if (levels[w] >= 0) {
        for (int i = firsts[w]; i < firsts[w + 1]; i++) {
          double expected = expected(w, i) + HALF;
          sizes[used] = expected;
          residuals[used++] = (counts[i] + HALF) / expected;
        }
      }
    }
    if (used == 0) {
      return Stated.cannotSay(Reason.NO_DATA, "no week has a level");
    }
    middle.find(sizes, used);
    double poisson = (1 / middle.lower() + 1 / middle.upper()) / 2;
    middle.find(residuals, used);
    double centre = StrictMath.exp(meanLog());
    for (int i = 0; i < used; i++) {
      double ratio = residuals[i] / centre;
      sizes[i] = StrictMath.max(ratio, 1 / ratio);
    }
    middle.find(sizes, used);
    double spread = Medians.MAD_TO_SD * meanLog();
    return Stated.of(StrictMath.max(0, spread * spread - poisson));
  }

  private double meanLog() {
    return (StrictMath.log(middle.lower()) + StrictMath.log(middle.upper())) / 2;
  }

  private SeasonFit result(double dispersion) {
    List<Stated<Double>> stated = new ArrayList<>(weeks);
    for (int w = 0; w < weeks; w++) {
      stated.add(
          levels[w] >= 0
              ? Stated.of(levels[w])
              : Stated.cannotSay(Reason.NO_DATA, "the week has no usable bucket"));
    }
    return new SeasonFit(
        Arrays.stream(profile).boxed().toList(),
        stated,
        scale,
        dispersion,
        settings.halfLifeWeeks());
  }

  private static void scaleToMeanOne(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    for (int h = 0; h < values.length; h++) {
      values[h] /= mean;
    }
  }
}
