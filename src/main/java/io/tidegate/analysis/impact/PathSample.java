package io.tidegate.analysis.impact;

import io.tidegate.stats.sums.VarLong;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeMap;

/**
 * How a number (y, d) grew with age in the units with the smallest hashed keys: a simple random
 * sample for what cannot be summed, such as fitting a model. Mutable; merging is exactly
 * associative, for the smallest of all are among the smallest of each part.
 */
final class PathSample implements Accumulator<PathSample> {

  private static final int FORMAT = 2;
  private static final long[] NONE = {};

  private final int most;
  private long units;
  private final TreeMap<Long, Path> kept = new TreeMap<>();

  /**
   * One unit.
   *
   * @param mature number of days that it was followed in full
   * @param ages days, from 1 and ascending, at the end of which the number was a new one; at most
   *     {@code mature}
   * @param levels the number then, millionths
   * @param denominators d then, millionths; empty where it is always 0
   */
  record Path(int mature, int[] ages, long[] levels, long[] denominators) {}

  /**
   * @param most units kept
   */
  PathSample(int most) {
    this.most = most;
  }

  void add(long unitKey, AgePath path, int mature) {
    units++;
    if (isWanted(unitKey)) {
      keep(unitKey, copy(path, mature));
    }
  }

  /**
   * Adds a unit that did something on some days.
   *
   * @param days days from 0, ascending, of which the first {@code count} hold
   */
  void addDays(long unitKey, int[] days, int count, int mature) {
    units++;
    if (isWanted(unitKey)) {
      int[] ages = new int[count];
      long[] levels = new long[count];
      Arrays.setAll(ages, i -> days[i] + 1);
      Arrays.setAll(levels, i -> i + 1L);
      keep(unitKey, new Path(mature, ages, levels, NONE));
    }
  }

  private boolean isWanted(long unitKey) {
    return kept.size() < most || unitKey < kept.lastKey();
  }

  private static Path copy(AgePath path, int mature) {
    int steps = 0;
    while (steps < path.steps() && path.age(steps) <= mature) {
      steps++;
    }
    int[] ages = new int[steps];
    long[] levels = new long[steps];
    Arrays.setAll(ages, path::age);
    Arrays.setAll(levels, path::y);
    long[] denominators = new long[steps];
    Arrays.setAll(denominators, path::d);
    boolean isZero = Arrays.stream(denominators).allMatch(d -> d == 0);
    return new Path(mature, ages, levels, isZero ? NONE : denominators);
  }

  private void keep(long unitKey, Path path) {
    kept.put(unitKey, path);
    if (kept.size() > most) {
      kept.pollLastEntry();
    }
  }

  /** Units of which this is a sample. */
  long units() {
    return units;
  }

  /** The sample, in the order of the hashed keys. */
  Collection<Path> paths() {
    return kept.values();
  }

  @Override
  public void merge(PathSample other) {
    units += other.units;
    other.kept.forEach(this::keep);
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(FORMAT);
    VarLong.write(out, units);
    out.writeInt(kept.size());
    for (var unit : kept.entrySet()) {
      out.writeLong(unit.getKey());
      Path path = unit.getValue();
      VarLong.write(out, path.mature);
      VarLong.write(out, path.ages.length);
      for (int i = 0; i < path.ages.length; i++) {
        VarLong.write(out, path.ages[i]);
        VarLong.write(out, path.levels[i]);
      }
      out.writeBoolean(path.denominators.length > 0);
      for (long denominator : path.denominators) {
        VarLong.write(out, denominator);
      }
    }
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    Accumulator.checkFormat("path sample", in.readByte(), FORMAT);
    units = VarLong.read(in);
    kept.clear();
    for (int left = in.readInt(); left > 0; left--) {
      long unitKey = in.readLong();
      int mature = VarLong.readInt(in);
      int[] ages = new int[VarLong.readInt(in)];
      long[] levels = new long[ages.length];
      for (int i = 0; i < ages.length; i++) {
        ages[i] = VarLong.readInt(in);
        levels[i] = VarLong.read(in);
      }
      long[] denominators = in.readBoolean() ? new long[ages.length] : NONE;
      for (int i = 0; i < denominators.length; i++) {
        denominators[i] = VarLong.read(in);
      }
      kept.put(unitKey, new Path(mature, ages, levels, denominators));
    }
  }
}
