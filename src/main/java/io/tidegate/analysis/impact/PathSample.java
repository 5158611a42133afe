package io.tidegate.analysis.impact;

import io.tidegate.stats.sums.VarLong;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeMap;

/**
 * How a number grew with age in the units with the smallest hashed keys: a simple random sample for
 * what cannot be summed, such as fitting a model. Mutable; merging is exactly associative, for the
 * smallest of all are among the smallest of each part.
 */
final class PathSample implements Accumulator<PathSample> {

  /** Units kept. */
  static final int MOST = 2_000;

  private static final int FORMAT = 1;

  private long units;
  private final TreeMap<Long, Path> kept = new TreeMap<>();

  /**
   * One unit.
   *
   * @param mature number of days that it was followed in full
   * @param ages days, from 1 and ascending, at the end of which the number was a new one; at most
   *     {@code mature}
   * @param levels the number then, millionths
   */
  record Path(int mature, int[] ages, long[] levels) {}

  void add(long unitKey, AgePath path, int mature) {
    units++;
    if (kept.size() < MOST || unitKey < kept.lastKey()) {
      keep(unitKey, copy(path, mature));
    }
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
    return new Path(mature, ages, levels);
  }

  private void keep(long unitKey, Path path) {
    kept.put(unitKey, path);
    if (kept.size() > MOST) {
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
      kept.put(unitKey, new Path(mature, ages, levels));
    }
  }
}
