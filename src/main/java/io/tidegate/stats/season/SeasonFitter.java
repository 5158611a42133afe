package io.tidegate.stats.season;

import static io.tidegate.stats.season.SeasonRow.inverseRoot;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.season.SeasonFit.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fits one {@link SeasonFit} after the other in the same working memory. Sums are taken in the
 * buckets' order, so a fit is the same to the bit however rows are laid out. Not thread-safe.
 */
public final class SeasonFitter {

  private static final double HALF = 0.5;

  /** Rows summed at once, each on its own. */
  private static final int ABREAST = 4;

  private final Settings settings;
  private final double[] profile;
  private final double[] roots;
  private final double[] events;
  private final double[] base;
  private final double[] profileBefore;
  private final MiddlePair[] middleSizes;

  /** By pass: how many times the middle of the pass before it the middle was in the fit before. */
  private final double[] changes;

  private final MiddlePair middleExpected = new MiddlePair();
  private final MiddlePair middleRatio = new MiddlePair();
  private final MiddlePair middleSpread = new MiddlePair();

  private SeasonRow[] rows = {};
  private int[] weekOf = {};
  private int size;
  private int weeks;
  private double[][] weightedCounts = {};
  private double[][] weightedDenominators = {};
  private double[] residuals = {};
  private double[] sizes = {};
  private double[] ratios = {};
  private double[] above = {};
  private double[] below = {};
  private double[] levels = {};
  private double[] levelsBefore = {};
  private double[] recency = {};
  private double[] ages = {};
  private final Outliers outliers = new Outliers();
  private double scale;

  /** Buckets that weigh less than 1. */
  private static final class Outliers {
    private int[] places = new int[64];
    private double[] weights = new double[64];
    private int size;

    private void add(int place, double weight) {
      if (size == places.length) {
        places = Arrays.copyOf(places, 2 * size);
        weights = Arrays.copyOf(weights, 2 * size);
      }
      places[size] = place;
      weights[size++] = weight;
    }
  }

  public SeasonFitter(Settings settings) {
    this.settings = settings;
    middleSizes = new MiddlePair[settings.passes()];
    Arrays.setAll(middleSizes, pass -> new MiddlePair());
    changes = new double[settings.passes()];
    profile = new double[settings.slots()];
    roots = new double[settings.slots()];
    events = new double[settings.slots()];
    base = new double[settings.slots()];
    profileBefore = new double[settings.slots()];
  }

  /**
   * Fits the profile; cannot say where no bucket is usable.
   *
   * @param from first row of the history used
   * @param to the one after the last
   * @param parent profile to shrink to, one positive factor a slot (all 1 for a flat one)
   */
  public Stated<SeasonFit> fit(SeasonHistory history, int from, int to, double[] parent) {
    if (parent.length != settings.slots() || history.slots != settings.slots()) {
      throw new IllegalArgumentException(
          "parent has %d slots, the history %d, the profile %d"
              .formatted(parent.length, history.slots, settings.slots()));
    }
    if (!take(history.rows.subList(from, to))) {
      return Stated.cannotSay(Reason.NO_DATA, "no usable bucket in " + weeks + " weeks of history");
    }
    double[] prior = parent.clone();
    scaleToMeanOne(prior);
    System.arraycopy(prior, 0, profile, 0, prior.length);
    scale = 1;
    boolean moves = true;
    for (int pass = 0; moves && pass < settings.passes(); pass++) {
      System.arraycopy(levels, 0, levelsBefore, 0, weeks);
      System.arraycopy(profile, 0, profileBefore, 0, profile.length);
      fitLevels();
      fitProfile(prior);
      moves = pass == 0 || moved();
      if (moves) {
        fitWeights(pass);
      }
    }
    fitLevels();
    return dispersion().map(this::result);
  }

  /** Whether a level or factor moved by more than the tolerance in its standard errors. */
  private boolean moved() {
    double few = settings.tolerance() * scale;
    double limit = few * few;
    boolean moved = false;
    for (int w = 0; !moved && w < weeks; w++) {
      double by = levels[w] - levelsBefore[w];
      moved = by * by * below[w] > limit * StrictMath.max(0, levels[w]);
    }
    for (int h = 0; !moved && h < profile.length; h++) {
      double by = profile[h] - profileBefore[h];
      moved = by * by * (base[h] + settings.shrinkage()) > limit * profile[h];
    }
    return moved;
  }

  private boolean take(List<SeasonRow> some) {
    size = some.size();
    weeks = 0;
    outliers.size = 0;
    reserve();
    boolean usable = false;
    for (int r = 0; r < size; r++) {
      SeasonRow row = some.get(r);
      weeks += r == 0 || row.week != rows[r - 1].week ? 1 : 0;
      rows[r] = row;
      weekOf[r] = weeks - 1;
      usable |= row.usable();
      System.arraycopy(row.counts, 0, weightedCounts[r], 0, profile.length);
      System.arraycopy(row.denominators, 0, weightedDenominators[r], 0, profile.length);
    }
    for (int r = 0; r < size; r++) {
      int w = weekOf[r];
      double age = (double) rows[size - 1].week - rows[r].week;
      if (age != ages[w]) {
        ages[w] = age;
        recency[w] = StrictMath.pow(HALF, age / settings.halfLifeWeeks());
      }
    }
    return usable;
  }

  private void reserve() {
    if (rows.length < size) {
      int slots = settings.slots();
      rows = new SeasonRow[size];
      weekOf = new int[size];
      weightedCounts = new double[size][slots];
      weightedDenominators = new double[size][slots];
      residuals = new double[size * slots];
      sizes = new double[size * slots];
      ratios = new double[size * slots];
      above = new double[size];
      below = new double[size];
      levels = new double[size];
      levelsBefore = new double[size];
      recency = new double[size];
      ages = new double[size];
      Arrays.fill(ages, -1);
    }
  }

  /** Sets each week's level; −1 stands for a week without one. */
  private void fitLevels() {
    Arrays.fill(above, 0, weeks, 0);
    Arrays.fill(below, 0, weeks, 0);
    int row = 0;
    while (row < size) {
      int origin = rows[row].origin;
      if (abreast(row)) {
        sumFour(row, origin, profile.length);
        sumFour(row, 0, origin);
        row += ABREAST;
      } else {
        sumOne(row, origin, profile.length);
        sumOne(row++, 0, origin);
      }
    }
    for (int w = 0; w < weeks; w++) {
      levels[w] = below[w] > 0 ? above[w] / below[w] : -1;
    }
  }

  /** Whether the row and three more are of weeks of their own that begin with the same slot. */
  private boolean abreast(int row) {
    int last = row + ABREAST - 1;
    boolean same = last < size && weekOf[last] == weekOf[row] + ABREAST - 1;
    for (int r = row + 1; same && r <= last; r++) {
      same = rows[r].origin == rows[row].origin;
    }
    return same;
  }

  private void sumOne(int row, int from, int to) {
    int w = weekOf[row];
    double[] counts = weightedCounts[row];
    double[] denominators = weightedDenominators[row];
    for (int h = from; h < to; h++) {
      above[w] += counts[h];
      below[w] += denominators[h] * profile[h];
    }
  }

  /** An addition waits for the one before it: four weeks' sums go on meanwhile. */
  private void sumFour(int row, int from, int to) {
    double[] counts0 = weightedCounts[row];
    double[] counts1 = weightedCounts[row + 1];
    double[] counts2 = weightedCounts[row + 2];
    double[] counts3 = weightedCounts[row + 3];
    double[] denominators0 = weightedDenominators[row];
    double[] denominators1 = weightedDenominators[row + 1];
    double[] denominators2 = weightedDenominators[row + 2];
    double[] denominators3 = weightedDenominators[row + 3];
    int w = weekOf[row];
    double above0 = above[w];
    double above1 = above[w + 1];
    double above2 = above[w + 2];
    double above3 = above[w + 3];
    double below0 = below[w];
    double below1 = below[w + 1];
    double below2 = below[w + 2];
    double below3 = below[w + 3];
    for (int h = from; h < to; h++) {
      double factor = profile[h];
      above0 += counts0[h];
      above1 += counts1[h];
      above2 += counts2[h];
      above3 += counts3[h];
      below0 += denominators0[h] * factor;
      below1 += denominators1[h] * factor;
      below2 += denominators2[h] * factor;
      below3 += denominators3[h] * factor;
    }
    above[w] = above0;
    above[w + 1] = above1;
    above[w + 2] = above2;
    above[w + 3] = above3;
    below[w] = below0;
    below[w + 1] = below1;
    below[w + 2] = below2;
    below[w + 3] = below3;
  }

  private void fitProfile(double[] parent) {
    Arrays.fill(events, 0);
    Arrays.fill(base, 0);
    for (int r = 0; r < size; r++) {
      int w = weekOf[r];
      if (levels[w] >= 0) {
        addTimes(recency[w], weightedCounts[r], events);
        addTimes(recency[w] * levels[w], weightedDenominators[r], base);
      }
    }
    double shrinkage = settings.shrinkage();
    for (int h = 0; h < profile.length; h++) {
      double below = base[h] + shrinkage;
      profile[h] = below > 0 ? (events[h] + shrinkage * parent[h]) / below : parent[h];
    }
    scaleToMeanOne(profile);
  }

  private static void addTimes(double factor, double[] values, double[] sums) {
    for (int h = 0; h < sums.length; h++) {
      sums[h] += factor * values[h];
    }
  }

  /** Weights buckets down by their Pearson residuals. */
  private void fitWeights(int pass) {
    scale = fitScale(pass);
    for (int i = 0; i < outliers.size; i++) {
      weigh(outliers.places[i], 1);
    }
    outliers.size = 0;
    double limit = settings.huber() * scale;
    double[] all = residuals;
    int end = size * profile.length;
    for (int place = 0; place < end; place++) {
      if (!(all[place] <= limit)) {
        outliers.add(place, weight(limit, place));
      }
    }
    for (int i = 0; i < outliers.size; i++) {
      weigh(outliers.places[i], outliers.weights[i]);
    }
  }

  private double weight(double limit, int place) {
    int row = place / profile.length;
    int slot = place % profile.length;
    double expected = rows[row].denominators[slot] * levels[weekOf[row]] * profile[slot];
    double apart = StrictMath.abs(rows[row].counts[slot] - expected);
    double few = settings.fewEvents() / apart;
    return StrictMath.min(1, StrictMath.max(few, limit / residuals[place]));
  }

  private void weigh(int place, double weight) {
    int row = place / profile.length;
    int slot = place % profile.length;
    weightedCounts[row][slot] = weight * rows[row].counts[slot];
    weightedDenominators[row][slot] = weight * rows[row].denominators[slot];
  }

  /** Robust standard deviation of the residuals, 1 where that is 0 or there are none. */
  private double fitScale(int pass) {
    boolean whole = fitResiduals();
    int used = whole ? size * profile.length : gather(residuals, sizes);
    if (used == 0) {
      return 1;
    }
    MiddlePair middle = middleSizes[pass];
    double before = pass == 0 ? middle.mean() : middleSizes[pass - 1].mean();
    middle.find(whole ? residuals : sizes, used, pass == 0 ? before : before * changes[pass]);
    changes[pass] = before > 0 ? middle.mean() / before : 1;
    double size = Medians.MAD_TO_SD * middle.mean();
    return size > 0 ? size : 1;
  }

  /**
   * Sets the residuals, their 1/√μ a product of three inverse roots; returns whether all of them
   * count.
   */
  private boolean fitResiduals() {
    for (int h = 0; h < profile.length; h++) {
      roots[h] = 1 / StrictMath.sqrt(profile[h]);
    }
    for (int h = 0; h < profile.length; h++) {
      if (!(profile[h] > 0)) {
        roots[h] = 0;
      }
    }
    boolean whole = true;
    for (int r = 0; r < size; r++) {
      double level = levels[weekOf[r]];
      residuals(r, level, inverseRoot(level));
      whole &= level >= 0 && rows[r].complete();
    }
    return whole;
  }

  private void residuals(int row, double level, double root) {
    double[] counts = rows[row].counts;
    double[] denominators = rows[row].denominators;
    double[] inverseRoots = rows[row].inverseRoots;
    int from = row * profile.length;
    for (int h = 0; h < profile.length; h++) {
      residuals[from + h] =
          StrictMath.abs(counts[h] - denominators[h] * level * profile[h])
              * (root * roots[h] * inverseRoots[h]);
    }
  }

  /** Puts the values of buckets in weeks with a level together; returns how many they are. */
  private int gather(double[] values, double[] into) {
    int used = 0;
    for (int r = 0; r < size; r++) {
      if (levels[weekOf[r]] >= 0) {
        used = rows[r].gather(values, r * profile.length, into, used);
      }
    }
    return used;
  }

  /**
   * τ², from the median absolute deviation of log(y/μ), each with half an event more. Logs keep the
   * order, so that only those of the middle are taken.
   */
  private Stated<Double> dispersion() {
    boolean whole = true;
    for (int r = 0; r < size; r++) {
      double level = levels[weekOf[r]];
      expected(r, level);
      whole &= level >= 0 && rows[r].complete();
    }
    double[] expectedOf = sizes;
    double[] ratioOf = ratios;
    int used = size * profile.length;
    if (!whole) {
      // Not in place: a week that begins with a later slot is read from there.
      expectedOf = residuals;
      ratioOf = sizes;
      gather(sizes, expectedOf);
      used = gather(ratios, ratioOf);
    }
    if (used == 0) {
      return Stated.cannotSay(Reason.NO_DATA, "no week has a level");
    }
    middleExpected.find(expectedOf, used, middleExpected.mean());
    double poisson = (1 / middleExpected.lower() + 1 / middleExpected.upper()) / 2;
    middleRatio.find(ratioOf, used, middleRatio.mean());
    double centre = StrictMath.exp(middleRatio.meanLog());
    middleSpread.findFolded(ratioOf, used, centre);
    double spread = Medians.MAD_TO_SD * middleSpread.meanLog();
    return Stated.of(StrictMath.max(0, spread * spread - poisson));
  }

  /** Of a row: in {@code sizes} what is expected, in {@code ratios} what came over that. */
  private void expected(int row, double level) {
    double[] counts = rows[row].counts;
    double[] denominators = rows[row].denominators;
    int from = row * profile.length;
    for (int h = 0; h < profile.length; h++) {
      double expected = denominators[h] * level * profile[h] + HALF;
      sizes[from + h] = expected;
      ratios[from + h] = (counts[h] + HALF) / expected;
    }
  }

  private SeasonFit result(double dispersion) {
    List<Stated<Double>> stated = new ArrayList<>(weeks);
    for (int w = 0; w < weeks; w++) {
      stated.add(
          levels[w] >= 0
              ? Stated.of(levels[w])
              : Stated.cannotSay(Reason.NO_DATA, "the week has no usable bucket"));
    }
    Double[] factors = new Double[profile.length];
    Arrays.setAll(factors, h -> profile[h]);
    return new SeasonFit(List.of(factors), stated, scale, dispersion, settings.halfLifeWeeks());
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
