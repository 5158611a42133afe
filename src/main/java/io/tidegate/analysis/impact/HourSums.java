package io.tidegate.analysis.impact;

import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.stats.sums.UnitSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sums of one series by the hour in which units entered, over those followed as long as the
 * baseline follows them: what is held against an hour of the week. Mutable; merging is exactly
 * associative.
 */
final class HourSums implements Accumulator<HourSums> {

  private static final int FORMAT = 1;

  private static final int MORE = 24;

  /** By hour from {@code first} on; null for one without units. */
  private @Nullable UnitSums[] hours = {};

  private int first;

  void add(long entryMs, long y, long d) {
    hour((int) Math.floorDiv(entryMs, HistoryPlan.HOUR_MS)).enter(y, d);
  }

  private UnitSums hour(int hour) {
    if (hour < first || hour >= first + hours.length) {
      cover(hour);
    }
    UnitSums sums = hours[hour - first];
    if (sums == null) {
      sums = new UnitSums();
      hours[hour - first] = sums;
    }
    return sums;
  }

  private void cover(int hour) {
    int from = hours.length == 0 ? hour : Math.min(first, hour - MORE);
    int to = hours.length == 0 ? hour + MORE : Math.max(first + hours.length, hour + MORE);
    @Nullable UnitSums[] wider = new UnitSums[to - from];
    System.arraycopy(hours, 0, wider, hours.length == 0 ? 0 : first - from, hours.length);
    hours = wider;
    first = from;
  }

  /** Hours since 1970 → sums, in order. */
  Map<Integer, UnitSums> hours() {
    Map<Integer, UnitSums> known = new LinkedHashMap<>();
    for (int i = 0; i < hours.length; i++) {
      UnitSums sums = hours[i];
      if (sums != null) {
        known.put(first + i, sums);
      }
    }
    return known;
  }

  UnitSums total() {
    UnitSums total = new UnitSums();
    hours().values().forEach(total::add);
    return total;
  }

  @Override
  public void merge(HourSums other) {
    other.hours().forEach((hour, sums) -> hour(hour).add(sums));
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(FORMAT);
    Map<Integer, UnitSums> known = hours();
    out.writeInt(known.size());
    for (Map.Entry<Integer, UnitSums> hour : known.entrySet()) {
      out.writeInt(hour.getKey());
      hour.getValue().writeTo(out);
    }
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    Accumulator.checkFormat("hour sums", in.readByte(), FORMAT);
    hours = new UnitSums[0];
    for (int left = in.readInt(); left > 0; left--) {
      int hour = in.readInt();
      hour(hour).readFrom(in);
    }
  }
}
