package io.tidegate.stats.sums;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Exact sums over units of an outcome y and, for the units that have one, a pre-exposure covariate
 * x, both in millionths: the eight sums CUPED needs (statistics.md §1.1). Mutable, not thread-safe.
 */
public final class CovariateSums {
  private final UnitSums all = new UnitSums();
  private final UnitSums present = new UnitSums();

  /** A unit without a covariate enters with total y. */
  public void enter(long y) {
    all.enter(y, 0);
  }

  /** A unit with covariate x enters with total y. */
  public void enter(long y, long x) {
    all.enter(y, 0);
    present.enter(y, x);
  }

  /** The total of a unit without a covariate goes from yOld to yNew. */
  public void move(long yOld, long yNew) {
    all.move(yOld, 0, yNew, 0);
  }

  /** The total of a unit with covariate x goes from yOld to yNew. */
  public void move(long yOld, long yNew, long x) {
    all.move(yOld, 0, yNew, 0);
    present.move(yOld, x, yNew, x);
  }

  /** A unit without a covariate is taken out. */
  public void leave(long y) {
    all.leave(y, 0);
  }

  /** A unit with covariate x is taken out. */
  public void leave(long y, long x) {
    all.leave(y, 0);
    present.leave(y, x);
  }

  /** Adds another instance's sums. */
  public void add(CovariateSums other) {
    all.add(other.all);
    present.add(other.present);
  }

  /** Takes another instance's sums out. */
  public void subtract(CovariateSums other) {
    all.subtract(other.all);
    present.subtract(other.present);
  }

  /** Whether every sum is 0. */
  public boolean isZero() {
    return all.isZero() && present.isZero();
  }

  /** The moments; an {@link IllegalStateException} where this is a difference. */
  public CovariateMoments moments() {
    return new CovariateMoments(all.moments(), present.ratio());
  }

  /** Writes both parts in the form of {@link UnitSums#writeTo}. */
  public void writeTo(DataOutput out) throws IOException {
    all.writeTo(out);
    present.writeTo(out);
  }

  /** Replaces the sums by those {@link #writeTo} wrote. */
  public void readFrom(DataInput in) throws IOException {
    all.readFrom(in);
    present.readFrom(in);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CovariateSums that
        && all.equals(that.all)
        && present.equals(that.present);
  }

  @Override
  public int hashCode() {
    return 31 * all.hashCode() + present.hashCode();
  }

  @Override
  public String toString() {
    return "CovariateSums[all=" + all + ", present=" + present + "]";
  }
}
