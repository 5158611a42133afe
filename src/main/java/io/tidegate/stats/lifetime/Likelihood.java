package io.tidegate.stats.lifetime;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.exception.TooManyEvaluationsException;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.PointValuePair;
import org.apache.commons.math3.optim.SimpleValueChecker;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;

/** Maximum likelihood over positive parameters by Nelder and Mead's simplex in their logarithms. */
final class Likelihood {

  private static final int MOST_EVALUATIONS = 4_000;
  private static final int RESTARTS = 10;
  private static final double ENOUGH = 1e-5;
  private static final double OUTSIDE = -Double.MAX_VALUE;

  /**
   * No parameter leaves e^±EDGE: customers that are all alike would send one there, where the model
   * has long become its limit.
   */
  private static final double EDGE = 10;

  private Likelihood() {}

  /**
   * The parameters at which the log-likelihood is largest. Cannot say ({@code OUT_OF_RANGE}) where
   * the search does not settle.
   */
  static Stated<double[]> maximise(ToDoubleFunction<double[]> logLikelihood, double... start) {
    double[] at = Arrays.stream(start).map(StrictMath::log).toArray();
    double best = Double.NEGATIVE_INFINITY;
    try {
      for (int i = 0; i < RESTARTS; i++) {
        PointValuePair found = climb(logLikelihood, at);
        at = found.getPoint();
        double gained = found.getValue() - best;
        best = found.getValue();
        if (gained < ENOUGH) {
          return Stated.of(exp(at));
        }
      }
    } catch (TooManyEvaluationsException e) {
      return unsettled();
    }
    return unsettled();
  }

  /** Of independent customers together, in their order. */
  static double sum(List<Buyer> buyers, ToDoubleFunction<Buyer> logLikelihood) {
    double sum = 0;
    for (Buyer buyer : buyers) {
      sum += logLikelihood.applyAsDouble(buyer);
    }
    return sum;
  }

  private static Stated<double[]> unsettled() {
    return Stated.cannotSay(Reason.OUT_OF_RANGE, "the likelihood has no maximum that was found");
  }

  private static PointValuePair climb(ToDoubleFunction<double[]> logLikelihood, double[] from) {
    double[] step = new double[from.length];
    Arrays.fill(step, 0.3);
    return new SimplexOptimizer(new SimpleValueChecker(-1, 1e-6))
        .optimize(
            new MaxEval(MOST_EVALUATIONS),
            GoalType.MAXIMIZE,
            new ObjectiveFunction(
                logs -> within(logs) ? logLikelihood.applyAsDouble(exp(logs)) : OUTSIDE),
            new InitialGuess(from),
            new NelderMeadSimplex(step));
  }

  private static boolean within(double[] logs) {
    return Arrays.stream(logs).allMatch(log -> StrictMath.abs(log) <= EDGE);
  }

  private static double[] exp(double[] logs) {
    return Arrays.stream(logs).map(StrictMath::exp).toArray();
  }
}
