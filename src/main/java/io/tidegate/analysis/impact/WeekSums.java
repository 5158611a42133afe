package io.tidegate.analysis.impact;

import io.tidegate.stats.sums.UnitSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What units did in each week of the calendar, with the days of it for which they were followed.
 * Mutable; merging is exactly associative.
 */
final class WeekSums implements Accumulator<WeekSums> {

  private static final int FORMAT = 1;
  private static final UnitSums NONE = new UnitSums();

  private final List<UnitSums> weeks = new ArrayList<>();

  /**
   * A unit was followed for some of a week.
   *
   * @param micros what it did, in millionths
   * @param followedDays how long it was followed, in millionths of a day
   */
  void add(int week, long micros, long followedDays) {
    change(week).enter(micros, followedDays);
  }

  private UnitSums change(int week) {
    while (weeks.size() <= week) {
      weeks.add(new UnitSums());
    }
    return weeks.get(week);
  }

  /** Sums of a week: numbers, and days followed as denominators; not to be changed. */
  UnitSums at(int week) {
    return week < weeks.size() ? weeks.get(week) : NONE;
  }

  @Override
  public void merge(WeekSums other) {
    for (int week = 0; week < other.weeks.size(); week++) {
      change(week).add(other.weeks.get(week));
    }
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(FORMAT);
    out.writeInt(weeks.size());
    for (UnitSums sums : weeks) {
      sums.writeTo(out);
    }
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    Accumulator.checkFormat("sums of weeks", in.readByte(), FORMAT);
    weeks.clear();
    for (int left = in.readInt(); left > 0; left--) {
      UnitSums sums = new UnitSums();
      sums.readFrom(in);
      weeks.add(sums);
    }
  }
}
