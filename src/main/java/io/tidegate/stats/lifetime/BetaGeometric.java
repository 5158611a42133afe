package io.tidegate.stats.lifetime;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import java.util.List;
import org.apache.commons.math3.special.Gamma;

/**
 * The BG/NBD model of repeat purchases (Fader, Hardie and Lee 2005): a customer buys at a Poisson
 * rate and leaves for good after each purchase with some probability; rates are gamma(r, α) and
 * probabilities beta(a, b) over customers.
 *
 * @param r shape of the rates, above 0
 * @param alpha their scale, in the unit of the customers' times
 * @param a of the leaving, above 0
 * @param b of the leaving, above 0
 */
public record BetaGeometric(double r, double alpha, double a, double b) {

  private static final int LEAST_REPEATERS = 10;

  /** A fitted model and its log-likelihood. */
  public record Fit(BetaGeometric model, double logLikelihood) {}

  /** Refuses parameters that are not above 0. */
  public BetaGeometric {
    if (!(r > 0 && alpha > 0 && a > 0 && b > 0)) {
      throw new IllegalArgumentException(
          "r %s, alpha %s, a %s, b %s must be above 0".formatted(r, alpha, a, b));
    }
  }

  /**
   * The model under which the customers are likeliest. Cannot say below ten customers that bought
   * again, or where their purchases do not determine it.
   */
  public static Stated<Fit> fit(List<Buyer> buyers) {
    long repeaters = buyers.stream().filter(buyer -> buyer.repeats() > 0).count();
    if (repeaters < LEAST_REPEATERS) {
      return Stated.cannotSay(
          Reason.TOO_FEW_UNITS,
          "%d units bought again, %d are needed".formatted(repeaters, LEAST_REPEATERS));
    }
    double age = buyers.stream().mapToDouble(Buyer::age).average().orElseThrow();
    return Likelihood.maximise(p -> of(p).logLikelihood(buyers), 0.5, age / 4, 1, 2)
        .map(p -> new Fit(of(p), of(p).logLikelihood(buyers)));
  }

  static BetaGeometric of(double[] p) {
    return new BetaGeometric(p[0], p[1], p[2], p[3]);
  }

  double[] parameters() {
    return new double[] {r, alpha, a, b};
  }

  /** Log-likelihood of independent customers. */
  public double logLikelihood(List<Buyer> buyers) {
    return Likelihood.sum(buyers, this::logLikelihood);
  }

  /** Log-likelihood of one customer (Fader, Hardie and Lee 2005, eq. 6). */
  double logLikelihood(Buyer buyer) {
    double x = buyer.repeats();
    double common =
        Gamma.logGamma(r + x)
            - Gamma.logGamma(r)
            + r * StrictMath.log(alpha)
            + Gamma.logGamma(a + b)
            + Gamma.logGamma(b + x)
            - Gamma.logGamma(b)
            - Gamma.logGamma(a + b + x);
    double alive = -(r + x) * StrictMath.log(alpha + buyer.age());
    if (x == 0) {
      return common + alive;
    }
    double gone = StrictMath.log(a / (b + x - 1)) - (r + x) * StrictMath.log(alpha + buyer.last());
    double larger = StrictMath.max(alive, gone);
    return common
        + larger
        + StrictMath.log(StrictMath.exp(alive - larger) + StrictMath.exp(gone - larger));
  }

  /** Purchases expected in the {@code t} that follow, of a customer with this past (eq. 10). */
  public double expectedAfter(Buyer buyer, double t) {
    double x = buyer.repeats();
    double seen = alpha + buyer.age();
    double ever =
        limit()
            .purchases(
                shape ->
                    1
                        - StrictMath.pow(seen / (seen + t), r + x)
                            * Hypergeometric.of(r + x, b + x, shape + b + x - 1, t / (seen + t)),
                b + x - 1);
    return ever * aliveProbability(buyer);
  }

  /** Chance that a customer has not left (Fader and Hardie 2008, note 021). */
  public double aliveProbability(Buyer buyer) {
    double x = buyer.repeats();
    if (x == 0) {
      return 1;
    }
    double odds =
        a / (b + x - 1) * StrictMath.pow((alpha + buyer.age()) / (alpha + buyer.last()), r + x);
    return 1 / (1 + odds);
  }

  private Limit limit() {
    return new Limit(a);
  }

  /** (a + rest)/(a − 1) · share(a), which at a = 1 is a limit and not a quotient. */
  private record Limit(double a) {
    private static final double NEAR = 1e-5;

    double purchases(java.util.function.DoubleUnaryOperator share, double rest) {
      if (StrictMath.abs(a - 1) >= NEAR) {
        return at(a, share, rest);
      }
      return (at(1 - NEAR, share, rest) + at(1 + NEAR, share, rest)) / 2;
    }

    private static double at(
        double shape, java.util.function.DoubleUnaryOperator share, double rest) {
      return (shape + rest) / (shape - 1) * share.applyAsDouble(shape);
    }
  }
}
