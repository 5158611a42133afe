package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.PathSample.Path;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the errors of one variant's means at the ages of a curve go together. A unit adds (x −
 * mean)/n to the error at each age that it has reached; the covariance is the sum over units of the
 * products of these. Units whose number moved are taken from a sample and stand for all of their
 * kind, the others are alike and only counted.
 */
final class AgeErrors implements CurveErrors {

  private final long[] units;
  private final List<double[]> moved = new ArrayList<>();
  private final double each;
  private final double[] still;
  private final double[] stillUnits;

  /** How a sampled unit is read at an age. */
  interface Reading {
    /**
     * Whether the unit counts at the age. One that counts at an age counts at every smaller one.
     */
    boolean counts(Path path, int age);

    /** Its y, millionths. */
    long y(Path path, int age);

    /** Its d, millionths; 0 but for ratios. */
    long d(Path path, int age);
  }

  private AgeErrors(long[] units, double each, double[] still, double[] stillUnits) {
    this.units = units;
    this.each = each;
    this.still = still;
    this.stillUnits = stillUnits;
  }

  /**
   * @param arms the variant at each of {@code ages}; null where it has too few units
   * @param sample of the units whose number moved
   * @param unmoved a unit whose number did not
   */
  static AgeErrors of(
      @Nullable Arm[] arms, int[] ages, PathSample sample, Path unmoved, Reading reading) {
    int size = ages.length;
    long[] units = new long[size];
    double[] still = new double[size];
    for (int j = 0; j < size; j++) {
      Arm arm = arms[j];
      if (arm != null) {
        units[j] = arm.n();
        still[j] = error(arm, unmoved, ages[j], reading);
      }
    }
    int kept = Math.max(1, sample.paths().size());
    AgeErrors errors =
        new AgeErrors(units, (double) sample.units() / kept, still, new double[size]);
    double[] movedUnits = new double[size];
    for (Path path : sample.paths()) {
      int reached = 0;
      while (reached < size && reading.counts(path, ages[reached])) {
        reached++;
      }
      double[] row = new double[reached];
      for (int j = 0; j < reached; j++) {
        Arm arm = arms[j];
        row[j] = arm == null ? 0 : error(arm, path, ages[j], reading);
        movedUnits[j] += errors.each;
      }
      errors.moved.add(row);
    }
    double before = Double.POSITIVE_INFINITY;
    for (int j = 0; j < size; j++) {
      before = Math.max(0, Math.min(before, units[j] - movedUnits[j]));
      errors.stillUnits[j] = before;
    }
    return errors;
  }

  private static double error(Arm arm, Path path, int age, Reading reading) {
    double y = (double) reading.y(path, age) / UnitSums.SCALE;
    double d = (double) reading.d(path, age) / UnitSums.SCALE;
    return (y - arm.ratio() * d - arm.centre()) / arm.meanD() / arm.n();
  }

  @Override
  public int size() {
    return units.length;
  }

  @Override
  public long units(int index) {
    return units[index];
  }

  @Override
  public void addTo(double[][] covariance, double[] weights) {
    for (double[] row : moved) {
      for (int j = 0; j < row.length; j++) {
        double by = each * weights[j] * row[j];
        for (int i = 0; i <= j; i++) {
          covariance[j][i] += by * weights[i] * row[i];
        }
      }
    }
    for (int j = 0; j < still.length; j++) {
      double by = stillUnits[j] * weights[j] * still[j];
      for (int i = 0; i <= j; i++) {
        covariance[j][i] += by * weights[i] * still[i];
      }
    }
  }
}
