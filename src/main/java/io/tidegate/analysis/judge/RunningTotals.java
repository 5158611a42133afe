package io.tidegate.analysis.judge;

import io.tidegate.stats.sums.DoubleDouble;
import java.util.Optional;

/** Turns a variant's running totals into the units that are new in each period. */
final class RunningTotals {

  private static final double ROUNDING = 1e-6;

  private long units;
  private DoubleDouble sum = DoubleDouble.ZERO;
  private DoubleDouble squares = DoubleDouble.ZERO;

  /**
   * The new units since the last totals. Empty where the totals cannot have come from adding units:
   * fewer units than before, other sums at the same units, or a negative variance.
   */
  Optional<JudgeRow> next(JudgeRow row) {
    DoubleDouble mean = DoubleDouble.of(row.units() == 0 ? 0 : row.mean());
    DoubleDouble count = DoubleDouble.of(row.units());
    DoubleDouble nowSum = mean.times(count);
    double centred = row.units() < 2 ? 0 : row.variance() * (row.units() - 1);
    DoubleDouble nowSquares = nowSum.times(mean).plus(DoubleDouble.of(centred));
    long added = row.units() - units;
    DoubleDouble addedSum = nowSum.minus(sum);
    DoubleDouble addedSquares = nowSquares.minus(squares);
    double tolerance = ROUNDING * StrictMath.max(1e-300, nowSquares.value());
    if (added <= 0) {
      boolean same =
          added == 0
              && StrictMath.abs(addedSum.value())
                  <= ROUNDING * StrictMath.max(1e-300, StrictMath.abs(nowSum.value()));
      return same ? Optional.of(period(row, 0, 0, 0)) : Optional.empty();
    }
    DoubleDouble addedMean = addedSum.dividedBy(DoubleDouble.of(added));
    double rest = addedSquares.minus(addedSum.times(addedMean)).value();
    if (rest < -tolerance || negativeCount(row.kind(), addedMean.value())) {
      return Optional.empty();
    }
    units = row.units();
    sum = nowSum;
    squares = nowSquares;
    if (row.kind() == ValueKind.BINARY) {
      long successes = StrictMath.min(added, StrictMath.round(addedSum.value()));
      return Optional.of(
          JudgeRow.binary(
              row.test(),
              row.metric(),
              row.time(),
              row.variant(),
              added,
              successes,
              row.settings()));
    }
    double variance = added < 2 ? 0 : StrictMath.max(0, rest) / (added - 1);
    return Optional.of(period(row, added, addedMean.value(), variance));
  }

  private static boolean negativeCount(ValueKind kind, double mean) {
    return kind != ValueKind.REAL && mean < -ROUNDING;
  }

  private static JudgeRow period(JudgeRow row, long units, double mean, double variance) {
    return new JudgeRow(
        row.test(),
        row.metric(),
        row.kind(),
        row.time(),
        row.variant(),
        units,
        mean,
        variance,
        row.settings());
  }
}
