package io.tidegate.stats.sums;

/**
 * Count, means and centred second moments of a pair (y, d) per unit in double-double, for values
 * that do not fit fixed point: aggregates from a warehouse, reference data. Mutable, not
 * thread-safe; merging is associative to about 30 digits, not exactly.
 *
 * <p>Updates and merges: Chan, Golub and LeVeque 1983; Pebay 2008, eq. 2.1 and 3.9. Holding means
 * and centred squares keeps full accuracy at means of 1e12, which raw sums lose.
 */
public final class CentredSums {
  private long units;
  private DoubleDouble meanY = DoubleDouble.ZERO;
  private DoubleDouble meanD = DoubleDouble.ZERO;
  private DoubleDouble m2Y = DoubleDouble.ZERO;
  private DoubleDouble m2D = DoubleDouble.ZERO;
  private DoubleDouble cYd = DoubleDouble.ZERO;

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
    add(one);
  }

  /** A unit with totals y and d is taken out: the inverse of {@link #enter} but for rounding. */
  public void leave(DoubleDouble y, DoubleDouble d) {
    CentredSums one = new CentredSums();
    one.units = 1;
    one.meanY = y;
    one.meanD = d;
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
    m2Y = m2Y.plus(x.times(fromY.plus(fromY).plus(x.times(keep))));
    m2D = m2D.plus(e.times(fromD.plus(fromD).plus(e.times(keep))));
    cYd = cYd.plus(x.times(fromD)).plus(e.times(fromY)).plus(x.times(e).times(keep));
    meanY = meanY.plus(x.dividedBy(n));
    meanD = meanD.plus(e.dividedBy(n));
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
    boolean plus = weight > 0;
    m2Y = step(m2Y, other.m2Y, plus).plus(deltaY.times(deltaY).times(product));
    m2D = step(m2D, other.m2D, plus).plus(deltaD.times(deltaD).times(product));
    cYd = step(cYd, other.cYd, plus).plus(deltaY.times(deltaD).times(product));
    meanY = meanY.plus(deltaY.times(share));
    meanD = meanD.plus(deltaD.times(share));
    units = total;
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
  }

  /** n. */
  public long units() {
    return units;
  }

  /** Moments of y. */
  public Moments moments() {
    return new Moments(units, meanY.value(), square(m2Y));
  }

  /** Joint moments of y and d; the score's squares are taken in double-double. */
  public RatioMoments ratio() {
    return new RatioMoments(
        units,
        meanY.value(),
        meanD.value(),
        square(m2Y),
        square(m2D),
        units < 2 ? 0 : cYd.value(),
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

  private double square(DoubleDouble m2) {
    return units < 2 ? 0 : StrictMath.max(0, m2.value());
  }
}
