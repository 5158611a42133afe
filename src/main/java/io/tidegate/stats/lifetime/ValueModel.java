package io.tidegate.stats.lifetime;

import io.tidegate.stats.Stated;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * BG/NBD times Gamma-Gamma, fitted to a sample of buyers. Errors of its forecasts come from their
 * influence function (Huber 1967), so they hold where the model is only about right. Derivatives
 * are central differences in the logarithms of the seven parameters.
 */
public final class ValueModel {

  private static final int P = 4;
  private static final int PARAMETERS = 7;
  private static final double STEP = 1e-4;

  /**
   * A direction with this share of the largest information is one of which the data say nothing.
   */
  private static final double FLAT = 1e-7;

  private final List<Buyer> buyers;
  private final BetaGeometric repeats;
  private final double[] at;
  private final RealMatrix scores;
  private final RealMatrix information;

  private ValueModel(List<Buyer> buyers, BetaGeometric repeats, GammaGamma values) {
    this.buyers = buyers;
    this.repeats = repeats;
    this.at = new double[PARAMETERS];
    System.arraycopy(repeats.parameters(), 0, at, 0, P);
    System.arraycopy(values.parameters(), 0, at, P, PARAMETERS - P);
    this.scores = scores(at);
    this.information = information();
  }

  /**
   * The likeliest model. Cannot say where one of its parts cannot be fitted.
   *
   * @param sample buyers drawn at random, each with the same chance; all of them where few
   */
  public static Stated<ValueModel> fit(List<Buyer> sample) {
    List<Buyer> kept = List.copyOf(sample);
    return BetaGeometric.fit(kept)
        .flatMap(
            fit -> GammaGamma.fit(kept).map(values -> new ValueModel(kept, fit.model(), values)));
  }

  /**
   * What is to be expected per unit.
   *
   * @param all how many units have bought, of whom the model knows a sample
   * @param units how many units there are, buyers or not
   * @param horizon how far ahead, in the buyers' unit of time
   */
  public Stated<ValueForecast> forecast(long all, long units, double horizon) {
    if (buyers.size() > all || all > units) {
      throw new IllegalArgumentException(
          "sample of %d of %d buyers of %d units".formatted(buyers.size(), all, units));
    }
    double share = (double) all / units;
    RealVector adjustment = solved(information, new ArrayRealVector(slope(horizon)));
    double mean = 0;
    double purchases = 0;
    List<Double> influences = new ArrayList<>();
    for (int i = 0; i < buyers.size(); i++) {
      double own = value(at, buyers.get(i), horizon);
      mean += share * own / buyers.size();
      purchases += share * repeats.expectedAfter(buyers.get(i), horizon) / buyers.size();
      influences.add(own + scores.getRowVector(i).dotProduct(adjustment));
    }
    double se = se(influences, share, units);
    return Stated.ofFinite(new ValueForecast(mean, se, purchases), mean, se);
  }

  /** Of the share of buyers times the mean over a sample of them. */
  private static double se(List<Double> influences, double share, long units) {
    double n = influences.size();
    double mean = influences.stream().mapToDouble(Double::doubleValue).sum() / n;
    double squares = influences.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
    return StrictMath.sqrt(
        share * share * squares / (n - 1) / n + mean * mean * share * (1 - share) / units);
  }

  /** x of A x = b, nothing in directions in which the data say nothing. */
  private static RealVector solved(RealMatrix information, RealVector slope) {
    RealMatrix symmetric = information.add(information.transpose()).scalarMultiply(0.5);
    EigenDecomposition eigen = new EigenDecomposition(symmetric);
    double largest = Arrays.stream(eigen.getRealEigenvalues()).max().orElse(0);
    RealVector x = new ArrayRealVector(PARAMETERS);
    for (int i = 0; i < PARAMETERS; i++) {
      double value = eigen.getRealEigenvalue(i);
      if (value > FLAT * largest) {
        RealVector axis = eigen.getEigenvector(i);
        x = x.add(axis.mapMultiply(axis.dotProduct(slope) / value));
      }
    }
    return x;
  }

  private static double value(double[] at, Buyer buyer, double horizon) {
    return repeats(at).expectedAfter(buyer, horizon) * values(at).expectedValue(buyer);
  }

  private static BetaGeometric repeats(double[] at) {
    return BetaGeometric.of(at);
  }

  private static GammaGamma values(double[] at) {
    return new GammaGamma(at[P], at[P + 1], at[P + 2]);
  }

  private static double logLikelihood(double[] at, Buyer buyer) {
    double spent = GammaGamma.isValued(buyer) ? values(at).logLikelihood(buyer) : 0;
    return repeats(at).logLikelihood(buyer) + spent;
  }

  private RealMatrix scores(double[] where) {
    RealMatrix found = new Array2DRowRealMatrix(buyers.size(), PARAMETERS);
    for (int j = 0; j < PARAMETERS; j++) {
      double[] up = moved(where, j, STEP);
      double[] down = moved(where, j, -STEP);
      for (int i = 0; i < buyers.size(); i++) {
        Buyer buyer = buyers.get(i);
        double slope = (logLikelihood(up, buyer) - logLikelihood(down, buyer)) / (2 * STEP);
        found.setEntry(i, j, slope);
      }
    }
    return found;
  }

  /** Σ over buyers of how their forecast moves with each parameter. */
  private double[] slope(double horizon) {
    double[] slope = new double[PARAMETERS];
    for (int j = 0; j < PARAMETERS; j++) {
      double[] up = moved(at, j, STEP);
      double[] down = moved(at, j, -STEP);
      for (Buyer buyer : buyers) {
        slope[j] += (value(up, buyer, horizon) - value(down, buyer, horizon)) / (2 * STEP);
      }
    }
    return slope;
  }

  /** Minus the second derivatives of the log-likelihood, from differences of summed scores. */
  private RealMatrix information() {
    RealMatrix found = new Array2DRowRealMatrix(PARAMETERS, PARAMETERS);
    double step = 1e-3;
    for (int j = 0; j < PARAMETERS; j++) {
      RealMatrix up = scores(moved(at, j, step));
      RealMatrix down = scores(moved(at, j, -step));
      for (int k = 0; k < PARAMETERS; k++) {
        double moved = total(up, k) - total(down, k);
        found.setEntry(j, k, -moved / (2 * step));
      }
    }
    return found;
  }

  private static double total(RealMatrix scores, int column) {
    double total = 0;
    for (double score : scores.getColumn(column)) {
      total += score;
    }
    return total;
  }

  private static double[] moved(double[] at, int parameter, double by) {
    double[] moved = at.clone();
    moved[parameter] *= StrictMath.exp(by);
    return moved;
  }
}
