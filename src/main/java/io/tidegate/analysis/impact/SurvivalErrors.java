package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.ReturnShares.Form;
import io.tidegate.stats.estimate.Survival;

/**
 * How the errors of a Kaplan–Meier curve at its ages go together. Those of log S grow by
 * independent steps, so the covariance is S(s)·S(t) times Greenwood's sum up to the earlier age
 * (Kalbfleisch and Prentice 1980, §1.3): no sample of units is needed.
 */
final class SurvivalErrors implements CurveErrors {

  private final long[] units;
  private final double[] survival;
  private final double[] greenwood;

  private SurvivalErrors(int size) {
    units = new long[size];
    survival = new double[size];
    greenwood = new double[size];
  }

  /** Of a curve at some ages; those that no unit has reached have no units. */
  static SurvivalErrors of(ReturnShares shares, Form form, int[] ages) {
    SurvivalErrors errors = new SurvivalErrors(ages.length);
    for (int j = 0; j < ages.length; j++) {
      if (shares.rate(form, ages[j]).said()) {
        Survival.Point point = shares.point(form, ages[j]);
        errors.units[j] = shares.of(form, ages[j]);
        errors.survival[j] = point.survival();
        errors.greenwood[j] =
            point.se().said() ? Math.pow(point.se().orThrow() / point.survival(), 2) : 0;
      }
    }
    return errors;
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
    for (int j = 0; j < units.length; j++) {
      double by = weights[j] * survival[j];
      for (int i = 0; i <= j; i++) {
        covariance[j][i] += by * weights[i] * survival[i] * greenwood[i];
      }
    }
  }
}
