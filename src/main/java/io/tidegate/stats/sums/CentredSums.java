package io.tidegate.stats.sums;

/**
 * Count, means and centred second moments of a pair (y, d) per unit in double-double, for values
 * that do not fit fixed point: aggregates from a warehouse, reference data. Mutable, not
 * thread-safe; merging is associative to about 30 digits, not exactly; means are exact and rounded
 * once. What is left of a square 29 digits below its largest term is rounding and reads as 0, so
 * that totals taken back leave none.
 *
 * <p>Updates and merges: Chan, Golub and LeVeque 1983; Pebay 2008, eq. 2.1 and 3.9. Holding means
 * and centred squares keeps full accuracy at means of 1e12, which raw sums lose.
 */
public final class CentredSums {
  /** Relative to the largest term of a square, what is left below this is rounding. */
  private static final double RESOLUTION = 0x1p-96;

  private long units;
  private DoubleDouble meanY = DoubleDouble.ZERO;
  private DoubleDouble meanD = DoubleDouble.ZERO;
  private DoubleDouble m2Y = DoubleDouble.ZERO;
  private DoubleDouble m2D = DoubleDouble.ZERO;
  private DoubleDouble cYd = DoubleDouble.ZERO;
  private final ExactSum sumY = new ExactSum();
  private final ExactSum sumD = new ExactSum();
  private double largestYy;
  private double largestDd;

  /** The sums of one number per unit. */
  public static CentredSums of(double... values) {
    CentredSums sums = new CentredSums();
    for (double value : values) {
      sums.enter(value, 0);
    }
    return sums;
  }

  /**
   * Sums from raw ones over n units: Σy, Σd, Σy², Σd², Σyd. A square that the sums rule out is cut
   * at 0 when moments are taken.
   */
  public static CentredSums ofRaw(
      long n, double sumY, double sumD, double sumYy, double sumDd, double sumYd) {
    CentredSums sums = new CentredSums();
    if (n == 0) {
      return sums;
    }
    DoubleDouble count = DoubleDouble.of(n);
    sums.units = n;
    sums.meanY = DoubleDouble.of(sumY).dividedBy(count);
    sums.meanD = DoubleDouble.of(sumD).dividedBy(count);
    sums.sumY.add(sumY);
    sums.sumD.add(sumD);
    sums.m2Y = centred(sumYy, sumY, sumY, count);
    sums.m2D = centred(sumDd, sumD, sumD, count);
    sums.cYd = centred(sumYd, sumY, sumD, count);
    return sums;
  }

  private static DoubleDouble centred(double product, double a, double b, DoubleDouble n) {
    return DoubleDouble.of(product).minus(DoubleDouble.product(a, b).dividedBy(n));
  }

  /** The sums of n units of which mean and sample variance (divisor n − 1) of y are known. */
  public static CentredSums ofSummary(long n, double mean, double variance) {
    CentredSums sums = new CentredSums();
    sums.units = n;
    if (n > 0) {
      sums.meanY = DoubleDouble.of(mean);
      sums.sumY.add(DoubleDouble.product(mean, n));
    }
    if (n > 1) {
      sums.m2Y = DoubleDouble.of(variance).times(DoubleDouble.of(n - 1));
    }
    return sums;
  }

  /** A unit enters with totals y and d. */
  public void enter(double y, double d) {
    enter(DoubleDouble.of(y), DoubleDouble.of(d));
  }

  /** A unit enters with totals y and d. */
  public void enter(DoubleDouble y, DoubleDouble d) {
    CentredSums one = new CentredSums();
    one.units = 1;
    one.meanY = y;
    one.meanD = d;
    one.sumY.add(y);
    one.sumD.add(d);
    add(one);
  }

  /** A unit with totals y and d is taken out: the inverse of {@link #enter} but for rounding. */
  public void leave(DoubleDouble y, DoubleDouble d) {
    CentredSums one = new CentredSums();
    one.units = 1;
    one.meanY = y;
    one.meanD = d;
    one.sumY.add(y);
    one.sumD.add(d);
    subtract(one);
  }

  /**
   * A unit's totals go from (yOld, dOld) to (yNew, dNew); n stays. An {@link IllegalStateException}
   * where no unit is in.
   */
  public void move(DoubleDouble yOld, DoubleDouble dOld, DoubleDouble yNew, DoubleDouble dNew) {
    if (units < 1) {
      throw new IllegalStateException("no unit is in, so none can move");
    }
    DoubleDouble n = DoubleDouble.of(units);
    DoubleDouble keep = DoubleDouble.of(units - 1).dividedBy(n);
    DoubleDouble x = yNew.minus(yOld);
    DoubleDouble e = dNew.minus(dOld);
    DoubleDouble fromY = yOld.minus(meanY);
    DoubleDouble fromD = dOld.minus(meanD);
    DoubleDouble squareY = x.times(fromY.plus(fromY).plus(x.times(keep)));
    DoubleDouble squareD = e.times(fromD.plus(fromD).plus(e.times(keep)));
    cYd = cYd.plus(x.times(fromD)).plus(e.times(fromY)).plus(x.times(e).times(keep));
    note(squareY, squareD);
    m2Y = m2Y.plus(squareY);
    m2D = m2D.plus(squareD);
    meanY = meanY.plus(x.dividedBy(n));
    meanD = meanD.plus(e.dividedBy(n));
    sumY.subtract(yOld);
    sumY.add(yNew);
    sumD.subtract(dOld);
    sumD.add(dNew);
  }

  /** Adds another population's sums. */
  public void add(CentredSums other) {
    if (other.units == 0) {
      return;
    }
    if (units == 0) {
      set(other);
      return;
    }
    combine(other, other.units, StrictMath.addExact(units, other.units));
  }

  /**
   * Takes out a part of this population. An {@link IllegalArgumentException} where the part has
   * more units than there are.
   */
  public void subtract(CentredSums part) {
    if (part.units > units) {
      throw new IllegalArgumentException(
          "a part of " + part.units + " units, only " + units + " in");
    }
    if (part.units == units) {
      set(new CentredSums());
      return;
    }
    combine(part, -part.units, units - part.units);
  }

  /** Pebay 2008 eq. 2.1 with {@code weight} units of {@code other}, negative to take them out. */
  private void combine(CentredSums other, long weight, long total) {
    DoubleDouble share = DoubleDouble.of(weight).dividedBy(DoubleDouble.of(total));
    DoubleDouble product = share.times(DoubleDouble.of(units));
    DoubleDouble deltaY = other.meanY.minus(meanY);
    DoubleDouble deltaD = other.meanD.minus(meanD);
    DoubleDouble squareY = deltaY.times(deltaY).times(product);
    DoubleDouble squareD = deltaD.times(deltaD).times(product);
    boolean plus = weight > 0;
    cYd = step(cYd, other.cYd, plus).plus(deltaY.times(deltaD).times(product));
    largestYy = StrictMath.max(largestYy, other.largestYy);
    largestDd = StrictMath.max(largestDd, other.largestDd);
    note(squareY, squareD);
    m2Y = step(m2Y, other.m2Y, plus).plus(squareY);
    m2D = step(m2D, other.m2D, plus).plus(squareD);
    meanY = meanY.plus(deltaY.times(share));
    meanD = meanD.plus(deltaD.times(share));
    if (plus) {
      sumY.add(other.sumY);
      sumD.add(other.sumD);
    } else {
      sumY.subtract(other.sumY);
      sumD.subtract(other.sumD);
    }
    units = total;
  }

  /** Keeps the size of the largest square, of the terms and of the sums before them. */
  private void note(DoubleDouble yy, DoubleDouble dd) {
    largestYy = larger(larger(largestYy, yy), m2Y);
    largestDd = larger(larger(largestDd, dd), m2D);
  }

  private static double larger(double largest, DoubleDouble term) {
    return StrictMath.max(largest, StrictMath.abs(term.hi()));
  }

  private static DoubleDouble step(DoubleDouble a, DoubleDouble b, boolean plus) {
    return plus ? a.plus(b) : a.minus(b);
  }

  private void set(CentredSums other) {
    units = other.units;
    meanY = other.meanY;
    meanD = other.meanD;
    m2Y = other.m2Y;
    m2D = other.m2D;
    cYd = other.cYd;
    sumY.set(other.sumY);
    sumD.set(other.sumD);
    largestYy = other.largestYy;
    largestDd = other.largestDd;
  }

  /** n. */
  public long units() {
    return units;
  }

  /** Moments of y. */
  public Moments moments() {
    return new Moments(units, mean(sumY), square(m2Y, largestYy));
  }

  /** Joint moments of y and d; the score's squares are taken in double-double. */
  public RatioMoments ratio() {
    return new RatioMoments(
        units,
        mean(sumY),
        mean(sumD),
        square(m2Y, largestYy),
        square(m2D, largestDd),
        units < 2 ? 0 : cut(cYd, StrictMath.sqrt(largestYy) * StrictMath.sqrt(largestDd)),
        scoreM2());
  }

  private double scoreM2() {
    if (meanD.hi() <= 0 || units < 2) {
      return 0;
    }
    DoubleDouble ratio = meanY.dividedBy(meanD);
    DoubleDouble cross = ratio.times(cYd);
    DoubleDouble squares = m2Y.minus(cross).minus(cross).plus(ratio.times(ratio).times(m2D));
    return StrictMath.max(0, squares.dividedBy(meanD).dividedBy(meanD).value());
  }

  private double mean(ExactSum sum) {
    return units == 0 ? 0 : sum.value().dividedBy(DoubleDouble.of(units)).value();
  }

  private double square(DoubleDouble m2, double largest) {
    return units < 2 ? 0 : StrictMath.max(0, cut(m2, largest));
  }

  /** The sum, 0 where only rounding is left of terms as large as {@code largest}. */
  private static double cut(DoubleDouble sum, double largest) {
    double value = sum.value();
    return StrictMath.abs(value) <= largest * RESOLUTION ? 0 : value;
  }
}
