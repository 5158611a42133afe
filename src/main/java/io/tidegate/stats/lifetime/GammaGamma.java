package io.tidegate.stats.lifetime;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import java.util.List;
import org.apache.commons.math3.special.Gamma;

/**
 * The Gamma-Gamma model of what a purchase is worth (Fader and Hardie 2013, note 025): a customer's
 * purchases are gamma(p, ν), ν is gamma(q, γ) over customers, and both are independent of how often
 * it buys.
 *
 * @param p shape of a customer's purchases, above 0
 * @param q shape over customers, above 0; the mean exists above 1
 * @param gamma scale over customers, in money
 */
public record GammaGamma(double p, double q, double gamma) {

  private static final int LEAST_BUYERS = 10;

  /** Refuses parameters that are not above 0. */
  public GammaGamma {
    if (!(p > 0 && q > 0 && gamma > 0)) {
      throw new IllegalArgumentException(
          "p %s, q %s, gamma %s must be above 0".formatted(p, q, gamma));
    }
  }

  /**
   * The likeliest model of the customers that bought again for more than nothing. Cannot say below
   * ten of them, or where the mean over customers does not exist.
   */
  public static Stated<GammaGamma> fit(List<Buyer> buyers) {
    List<Buyer> valued = buyers.stream().filter(GammaGamma::isValued).toList();
    if (valued.size() < LEAST_BUYERS) {
      return Stated.cannotSay(
          Reason.TOO_FEW_UNITS,
          "%d units bought again for more than nothing, %d are needed"
              .formatted(valued.size(), LEAST_BUYERS));
    }
    double mean = valued.stream().mapToDouble(Buyer::meanValue).average().orElseThrow();
    return Likelihood.maximise(x -> of(x).logLikelihood(valued), 2, 3, mean)
        .map(GammaGamma::of)
        .flatMap(
            model ->
                model.q > 1
                    ? Stated.of(model)
                    : Stated.cannotSay(
                        Reason.OUT_OF_RANGE, "values spread too widely to have a mean"));
  }

  static GammaGamma of(double[] x) {
    return new GammaGamma(x[0], x[1], x[2]);
  }

  double[] parameters() {
    return new double[] {p, q, gamma};
  }

  static boolean isValued(Buyer buyer) {
    return buyer.repeats() > 0 && buyer.meanValue() > 0;
  }

  private double logLikelihood(List<Buyer> buyers) {
    return Likelihood.sum(buyers, this::logLikelihood);
  }

  /** Log-likelihood of a customer's mean value given its repeats (note 025, eq. 1a). */
  double logLikelihood(Buyer buyer) {
    double x = buyer.repeats();
    double mean = buyer.meanValue();
    return Gamma.logGamma(p * x + q)
        - Gamma.logGamma(p * x)
        - Gamma.logGamma(q)
        + q * StrictMath.log(gamma)
        + (p * x - 1) * StrictMath.log(mean)
        + p * x * StrictMath.log(x)
        - (p * x + q) * StrictMath.log(gamma + x * mean);
  }

  /** Mean value of a purchase over customers; q must be above 1. */
  public double mean() {
    return p * gamma / (q - 1);
  }

  /** Mean value expected of a customer's purchases, drawn to the mean of all (note 025, eq. 5). */
  public double expectedValue(Buyer buyer) {
    return isValued(buyer)
        ? p * (gamma + buyer.repeats() * buyer.meanValue()) / (p * buyer.repeats() + q - 1)
        : mean();
  }
}
