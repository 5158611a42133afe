package io.tidegate.stats.sequence.calibration;

import io.tidegate.stats.Stated;
import io.tidegate.stats.sequence.MeanContrast;
import io.tidegate.stats.sequence.MeanStratum;
import io.tidegate.stats.sequence.MixtureAverage;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sequence.Tuning;
import java.util.List;

/** Running sums of two variants, and the production sequence on them. */
final class Arms {

  /** Before any unit has come. */
  static final MeanStratum EMPTY = new MeanStratum(0, 0, 0, 0, 0, 0);

  long nA;
  long nB;
  double sumA;
  double sumB;
  double squareA;
  double squareB;
  long nonZeroA;
  long nonZeroB;

  MeanStratum stratum() {
    return new MeanStratum(
        nA, sumA / nA, variance(nA, sumA, squareA), nB, sumB / nB, variance(nB, sumB, squareB));
  }

  void add(Arms other) {
    nA += other.nA;
    nB += other.nB;
    sumA += other.sumA;
    sumB += other.sumB;
    squareA += other.squareA;
    squareB += other.squareB;
    nonZeroA += other.nonZeroA;
    nonZeroB += other.nonZeroB;
  }

  private static double variance(long n, double sum, double square) {
    return n < 2 ? 0 : Math.max(0, (square - sum * sum / n) / (n - 1));
  }

  /** Whether the sequence crosses at its own level. */
  static boolean crosses(
      List<MeanStratum> strata, Side side, Tuning tuning, MixtureAverage mixture, boolean floor) {
    return MeanContrast.of(strata, 1, floor) instanceof Stated.Value<MeanContrast> c
        && crosses(c.value(), side, tuning, mixture);
  }

  static boolean crosses(MeanContrast c, Side side, Tuning tuning, MixtureAverage mixture) {
    double z = c.estimate() / c.standardError();
    double logE = mixture.logE(side, z, tuning.kappa(c.information()));
    return logE >= -Math.log(tuning.alpha());
  }

  /** Information at the end of a run. */
  static double information(List<MeanStratum> strata, boolean floor) {
    return MeanContrast.of(strata, 1, floor).orThrow().information();
  }
}
