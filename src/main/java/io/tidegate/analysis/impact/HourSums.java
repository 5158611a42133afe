package io.tidegate.analysis.impact;

import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.stats.sums.UnitSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sums of one series by the hour in which units entered, over those followed as long as the
 * baseline follows them: what is held against an hour of the week. Mutable; merging is exactly
 * associative.
 */
final class HourSums implements Accumulator<HourSums> {

  private static final int FORMAT = 1;

  private final Map<Integer, UnitSums> hours = new TreeMap<>();

  void add(long entryMs, long y, long d) {
    hour((int) Math.floorDiv(entryMs, HistoryPlan.HOUR_MS)).enter(y, d);
  }

  private UnitSums hour(int hour) {
    return hours.computeIfAbsent(hour, h -> new UnitSums());
  }

  /** Hours since 1970 → sums, in order. */
  Map<Integer, UnitSums> hours() {
    return hours;
  }

  UnitSums total() {
    UnitSums total = new UnitSums();
    hours.values().forEach(total::add);
    return total;
  }

  @Override
  public void merge(HourSums other) {
    other.hours.forEach((hour, sums) -> hour(hour).add(sums));
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(FORMAT);
    out.writeInt(hours.size());
    for (Map.Entry<Integer, UnitSums> hour : hours.entrySet()) {
      out.writeInt(hour.getKey());
      hour.getValue().writeTo(out);
    }
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    Accumulator.checkFormat("hour sums", in.readByte(), FORMAT);
    hours.clear();
    for (int left = in.readInt(); left > 0; left--) {
      int hour = in.readInt();
      hour(hour).readFrom(in);
    }
  }
}
