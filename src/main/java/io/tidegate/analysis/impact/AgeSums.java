package io.tidegate.analysis.impact;

import io.tidegate.stats.sums.UnitSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums over units of a cumulative number (y, d) by age in days, over the units mature at each age,
 * and to date over all. Kept as differences between ages, so that a unit costs one step for each
 * day on which its number changed, not one for each day of its life. Mutable; merging is exactly
 * associative.
 */
public final class AgeSums implements Accumulator<AgeSums> {

  private static final int FORMAT = 1;
  private static final UnitSums NONE = new UnitSums();

  private final UnitSums toDate = new UnitSums();
  private final List<UnitSums> differences = new ArrayList<>();

  /** Running sums of the differences; empty until asked for. */
  private final List<UnitSums> levels = new ArrayList<>();

  /**
   * Adds a unit.
   *
   * @param path how its number grew
   * @param first first age with a number, at least 1
   * @param last last age at which the unit is mature, or at which the number is of interest; below
   *     {@code first} the unit counts to date only
   */
  public void add(AgePath path, int first, int last) {
    toDate.enter(path.endY(), path.endD());
    if (last < first) {
      return;
    }
    long y = path.startY();
    long d = path.startD();
    boolean entered = false;
    for (int i = 0; i < path.steps() && path.age(i) <= last; i++) {
      if (!entered && path.age(i) > first) {
        change(first).enter(y, d);
        entered = true;
      }
      if (entered) {
        change(path.age(i)).move(y, d, path.y(i), path.d(i));
      }
      y = path.y(i);
      d = path.d(i);
    }
    if (!entered) {
      change(first).enter(y, d);
    }
    change(last + 1).leave(y, d);
  }

  private UnitSums change(int age) {
    levels.clear();
    while (differences.size() <= age) {
      differences.add(new UnitSums());
    }
    return differences.get(age);
  }

  @Override
  public void merge(AgeSums other) {
    toDate.add(other.toDate);
    for (int age = 0; age < other.differences.size(); age++) {
      change(age).add(other.differences.get(age));
    }
  }

  /** Sums over every unit, each at the age it has. */
  public UnitSums toDate() {
    return toDate;
  }

  /** Sums over the units mature at an age; not to be changed. */
  public UnitSums at(int age) {
    if (levels.isEmpty()) {
      UnitSums running = new UnitSums();
      for (UnitSums difference : differences) {
        running.add(difference);
        levels.add(running.copy());
      }
    }
    return age < levels.size() ? levels.get(age) : NONE;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(FORMAT);
    toDate.writeTo(out);
    out.writeInt(differences.size());
    for (UnitSums difference : differences) {
      difference.writeTo(out);
    }
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    Accumulator.checkFormat("age sums", in.readByte(), FORMAT);
    toDate.readFrom(in);
    int size = in.readInt();
    differences.clear();
    for (int i = 0; i < size; i++) {
      change(i).readFrom(in);
    }
  }
}
