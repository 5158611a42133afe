package io.tidegate.stats.sums;

import io.tidegate.InnerLoop;
import io.tidegate.stats.sequence.LabelStratum;
import io.tidegate.stats.sequence.LabelTest;
import io.tidegate.stats.sequence.MeanEvidence;
import io.tidegate.stats.sequence.MeanSequence;
import io.tidegate.stats.sequence.MeanStratum;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sequence.StartUp;
import io.tidegate.stats.sequence.Tuning;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/**
 * Time and allocation of an exact sum's update and merge beside the same on a plain {@code
 * double[]}, and of one full evaluation of a metric in a segment.
 */
public class SumsBenchmark extends InnerLoop {

  private static final int MOVES = 1024;

  private final long[] oldTotals = new long[MOVES];
  private final long[] newTotals = new long[MOVES];
  private final UnitSums sums = new UnitSums();
  private final UnitSums other = new UnitSums();
  private final UnitSums treatment = new UnitSums();
  private final double[] plain = new double[6];
  private final double[] plainOther = new double[6];
  private final Tuning tuning = Tuning.at(0.05, 20_000, 0.25);
  private int at;

  /** Fills two populations of 100,000 units, and the moves of 1,024 of them. */
  @Setup
  public void fill() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      long y = random.nextInt(10) * UnitSums.SCALE;
      sums.enter(y, UnitSums.SCALE);
      other.enter(y, UnitSums.SCALE);
      treatment.enter(y + random.nextInt(2) * UnitSums.SCALE, UnitSums.SCALE);
    }
    for (int i = 0; i < MOVES; i++) {
      oldTotals[i] = random.nextInt(1_000_000_000);
      newTotals[i] = oldTotals[i] + random.nextInt(50_000_000) - 10_000_000;
    }
  }

  /** One O(1) update of the exact sums, y and d both moving. */
  @Benchmark
  public long move() {
    at = (at + 1) & (MOVES - 1);
    sums.move(oldTotals[at], UnitSums.SCALE, newTotals[at], 2 * UnitSums.SCALE);
    return sums.units();
  }

  /** The same update of six plain doubles, wrong by tens of percent at large totals. */
  @Benchmark
  public double movePlainDoubles() {
    at = (at + 1) & (MOVES - 1);
    double s = oldTotals[at];
    double x = newTotals[at] - oldTotals[at];
    double d = UnitSums.SCALE;
    double e = UnitSums.SCALE;
    plain[1] += x;
    plain[2] += 2 * s * x + x * x;
    plain[3] += e;
    plain[4] += 2 * d * e + e * e;
    plain[5] += x * d + e * s + x * e;
    return plain[5];
  }

  /** Two merges of exact sums: one in, one out. */
  @Benchmark
  @OperationsPerInvocation(2)
  public long merge() {
    sums.add(other);
    sums.subtract(other);
    return sums.units();
  }

  /** The same of six plain doubles. */
  @Benchmark
  @OperationsPerInvocation(2)
  public double mergePlainDoubles() {
    for (int i = 0; i < plain.length; i++) {
      plain[i] += plainOther[i];
    }
    for (int i = 0; i < plain.length; i++) {
      plain[i] -= plainOther[i];
    }
    return plain[5];
  }

  /** From exact sums to moments of a ratio, rounded once. */
  @Benchmark
  public RatioMoments moments() {
    return other.ratio();
  }

  /** Two-sided, one-sided, label and relative evidence of one metric in one segment. */
  @Benchmark
  public double evaluate() {
    Moments a = other.moments();
    Moments b = treatment.moments();
    MeanStratum stratum =
        new MeanStratum(
            a.n(), a.mean(), a.m2() / (a.n() - 1), b.n(), b.mean(), b.m2() / (b.n() - 1));
    MeanEvidence evidence =
        MeanSequence.evaluate(List.of(stratum), 1, tuning, StartUp.nonZero(100_000)).orThrow();
    LabelStratum labels = new LabelStratum(0.5, other.unitsNonZero(), treatment.unitsNonZero());
    return evidence.logE(Side.TWO)
        + evidence.logE(Side.GREATER)
        + evidence.lowerBound()
        + evidence.interval().upper()
        + evidence.relativeInterval().orThrow().lower()
        + LabelTest.logE(List.of(labels), 0, Side.TWO);
  }

  /** Interval and one-sided bounds of the label test of one stratum. */
  @Benchmark
  public double labelBounds() {
    LabelStratum labels = new LabelStratum(0.5, 900, 1000);
    LabelTest test = LabelTest.of(List.of(labels), 0, 0.05);
    return test.ratio().upper() + test.ratioLowerBound() + test.ratioUpperBound();
  }
}
