package io.tidegate.stats.season;

import java.util.Arrays;

/**
 * Ridge regression learned point by point with exponential forgetting (Ljung 1999, eq. 11.12). Not
 * thread-safe.
 */
public final class RecursiveLeastSquares {
  /** The ridge never fades below this share: without it forgetting forgets directions unseen. */
  private static final double LARGEST_TRACE = 10;

  private final int size;
  private final double[] beta;
  private final double[] covariance;
  private final double[] gain;
  private final double forgetting;
  private final double largest;

  /**
   * A regression that starts at {@code prior}.
   *
   * @param ridge weight of the prior, in points of unit size
   * @param forgetting λ in (0, 1]: a point's weight is λ^age
   */
  public RecursiveLeastSquares(double[] prior, double ridge, double forgetting) {
    if (!(ridge > 0 && forgetting > 0 && forgetting <= 1)) {
      throw new IllegalArgumentException(
          "ridge " + ridge + " must be above 0, forgetting " + forgetting + " in (0, 1]");
    }
    for (double b : prior) {
      if (!Double.isFinite(b)) {
        throw new IllegalArgumentException("a coefficient must be finite, got " + b);
      }
    }
    size = prior.length;
    beta = prior.clone();
    covariance = new double[size * size];
    gain = new double[size];
    for (int i = 0; i < size; i++) {
      covariance[i * size + i] = 1 / ridge;
    }
    this.forgetting = forgetting;
    largest = LARGEST_TRACE * size / ridge;
  }

  /** The coefficients. */
  public double[] coefficients() {
    return beta.clone();
  }

  /** x·β, x being {@code features[from .. from + size)}. */
  public double predict(double[] features, int from) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += features[from + i] * beta[i];
    }
    return sum;
  }

  /**
   * Learns one point.
   *
   * @param error the point's value less {@link #predict}
   * @param weight above 0
   */
  public void learn(double[] features, int from, double error, double weight) {
    if (!Double.isFinite(error) || !(weight > 0)) {
      throw new IllegalArgumentException(
          "an error must be finite, a weight > 0, got " + error + " and " + weight);
    }
    double spread = forgetting / weight;
    for (int i = 0; i < size; i++) {
      double sum = 0;
      for (int j = 0; j < size; j++) {
        sum += covariance[i * size + j] * features[from + j];
      }
      gain[i] = sum;
    }
    for (int i = 0; i < size; i++) {
      spread += features[from + i] * gain[i];
    }
    double trace = 0;
    double step = error / spread;
    for (int i = 0; i < size; i++) {
      beta[i] += gain[i] * step;
      double scaled = gain[i] / spread;
      for (int j = 0; j <= i; j++) {
        double each = covariance[i * size + j] - scaled * gain[j];
        covariance[i * size + j] = each;
        covariance[j * size + i] = each;
      }
      trace += covariance[i * size + i];
    }
    if (forgetting < 1 && trace / forgetting < largest) {
      for (int i = 0; i < covariance.length; i++) {
        covariance[i] /= forgetting;
      }
    }
    if (!(trace >= 0 && trace < Double.POSITIVE_INFINITY)) {
      restart();
    }
  }

  /**
   * Rounding has made the covariance useless: keeps the coefficients, forgets how sure they are.
   */
  private void restart() {
    Arrays.fill(covariance, 0);
    for (int i = 0; i < size; i++) {
      covariance[i * size + i] = largest / (LARGEST_TRACE * size);
    }
    for (int i = 0; i < size; i++) {
      if (!Double.isFinite(beta[i])) {
        beta[i] = 0;
      }
    }
  }
}
