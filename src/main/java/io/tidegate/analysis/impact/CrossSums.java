package io.tidegate.analysis.impact;

import io.tidegate.stats.sums.UnitSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Sums of products of a unit's numbers in two cohorts, over the units that are in both: what the
 * variance of an effect over stages needs when a unit may enter more than one stage. Mutable;
 * merging is exactly associative.
 */
public final class CrossSums implements Accumulator<CrossSums> {

  private static final int FORMAT = 1;

  private final UnitSums yy = new UnitSums();
  private final UnitSums yd = new UnitSums();
  private final UnitSums dy = new UnitSums();
  private final UnitSums dd = new UnitSums();

  /** A unit has (y1, d1) in the first cohort and (y2, d2) in the second. */
  public void add(long y1, long d1, long y2, long d2) {
    yy.enter(y1, y2);
    yd.enter(y1, d2);
    dy.enter(d1, y2);
    dd.enter(d1, d2);
  }

  @Override
  public void merge(CrossSums other) {
    yy.add(other.yy);
    yd.add(other.yd);
    dy.add(other.dy);
    dd.add(other.dd);
  }

  public long units() {
    return yy.units();
  }

  /**
   * Σ (y1 − r1 d1 − m1)(y2 − r2 d2 − m2) over the units in both: the product of scores that are
   * linear in a unit's number.
   */
  public double scoreProduct(double r1, double m1, double r2, double m2) {
    double n = units();
    double y1 = units(yy.sumY());
    double y2 = units(yy.sumD());
    double d1 = units(dd.sumY());
    double d2 = units(dd.sumD());
    double products =
        squares(yy.sumProducts())
            - r2 * squares(yd.sumProducts())
            - r1 * squares(dy.sumProducts())
            + r1 * r2 * squares(dd.sumProducts());
    return products - m2 * (y1 - r1 * d1) - m1 * (y2 - r2 * d2) + n * m1 * m2;
  }

  private static double units(java.math.BigInteger micros) {
    return micros.doubleValue() / UnitSums.SCALE;
  }

  private static double squares(java.math.BigInteger micros) {
    return micros.doubleValue() / UnitSums.SCALE / UnitSums.SCALE;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(FORMAT);
    yy.writeTo(out);
    yd.writeTo(out);
    dy.writeTo(out);
    dd.writeTo(out);
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    Accumulator.checkFormat("cross sums", in.readByte(), FORMAT);
    yy.readFrom(in);
    yd.readFrom(in);
    dy.readFrom(in);
    dd.readFrom(in);
  }
}
