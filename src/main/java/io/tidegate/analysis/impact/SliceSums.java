package io.tidegate.analysis.impact;

import io.tidegate.model.RetentionPoint;
import io.tidegate.stats.sums.CovariateSums;
import io.tidegate.stats.sums.UnitSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Everything that is summed over the units of a slice. Mutable; merging is exactly associative. */
public final class SliceSums {

  /** Buyers kept for fitting a model. */
  static final int MOST_BUYERS = 2_000;

  /** Units kept to know how what a unit did by one age goes with what it did by another. */
  private static final int MOST_TRAILS = 1_000;

  /** The same of a segment, of which there may be many. */
  private static final int MOST_TRAILS_OF_SEGMENT = 250;

  private long units;
  private final List<AgeSums> series = new ArrayList<>();
  private final List<HourSums> hours = new ArrayList<>();
  private final List<ReturnCounts> days = new ArrayList<>();
  private final List<ReturnCounts> weeks = new ArrayList<>();
  private final List<ThirdSums> thirds = new ArrayList<>();
  private final List<WeekSums> weekly = new ArrayList<>();
  private final List<UnitSums> after = new ArrayList<>();
  private final List<PathSample> buyers = new ArrayList<>();
  private final List<PathSample> trails = new ArrayList<>();
  private final List<PathSample> visits = new ArrayList<>();
  private final List<CovariateSums> before = new ArrayList<>();

  /**
   * Empty sums.
   *
   * @param dimension of the slice
   */
  SliceSums(int dimension, int seriesCount, int activityCount, int durableCount) {
    int mostTrails = dimension == Slice.ALL ? MOST_TRAILS : MOST_TRAILS_OF_SEGMENT;
    for (int i = 0; i < seriesCount; i++) {
      series.add(new AgeSums());
      hours.add(new HourSums());
      buyers.add(new PathSample(MOST_BUYERS));
      trails.add(new PathSample(mostTrails));
      before.add(new CovariateSums());
    }
    for (int i = 0; i < durableCount; i++) {
      thirds.add(new ThirdSums());
      weekly.add(new WeekSums());
      after.add(new UnitSums());
    }
    for (int i = 0; i < activityCount; i++) {
      days.add(new ReturnCounts(RetentionPoint.ABSENT_DAYS));
      weeks.add(new ReturnCounts(RetentionPoint.ABSENT_WEEKS));
      visits.add(new PathSample(mostTrails));
    }
  }

  void countUnit() {
    units++;
  }

  /** Units that entered. */
  long units() {
    return units;
  }

  AgeSums series(int index) {
    return series.get(index);
  }

  HourSums hours(int index) {
    return hours.get(index);
  }

  ReturnCounts days(int activity) {
    return days.get(activity);
  }

  ReturnCounts weeks(int activity) {
    return weeks.get(activity);
  }

  /** Kept of dimension {@code all} only. */
  ThirdSums thirds(int durable) {
    return thirds.get(durable);
  }

  /** By week of the calendar; kept of dimension {@code all} only. */
  WeekSums weekly(int durable) {
    return weekly.get(durable);
  }

  /**
   * After the rollout ended, over the days since as denominators; kept of dimension {@code all}
   * only.
   */
  UnitSums after(int durable) {
    return after.get(durable);
  }

  /** Units with a value, by series; kept of dimension {@code all} and uncapped values only. */
  PathSample buyers(int index) {
    return buyers.get(index);
  }

  /** Units whose number moved, by series; kept of metrics and capped values only. */
  PathSample trails(int index) {
    return trails.get(index);
  }

  /** Units that were active, their days as ages. */
  PathSample visits(int activity) {
    return visits.get(activity);
  }

  /** The number to date with the unit's covariate; kept of dimension {@code all} only. */
  CovariateSums before(int index) {
    return before.get(index);
  }

  /** Adds the sums of other units. */
  public void merge(SliceSums other) {
    units += other.units;
    for (int i = 0; i < series.size(); i++) {
      series.get(i).merge(other.series.get(i));
      hours.get(i).merge(other.hours.get(i));
      buyers.get(i).merge(other.buyers.get(i));
      trails.get(i).merge(other.trails.get(i));
      before.get(i).add(other.before.get(i));
    }
    for (int i = 0; i < thirds.size(); i++) {
      thirds.get(i).merge(other.thirds.get(i));
      weekly.get(i).merge(other.weekly.get(i));
      after.get(i).add(other.after.get(i));
    }
    for (int i = 0; i < days.size(); i++) {
      days.get(i).merge(other.days.get(i));
      weeks.get(i).merge(other.weeks.get(i));
      visits.get(i).merge(other.visits.get(i));
    }
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeLong(units);
    for (int i = 0; i < series.size(); i++) {
      series.get(i).writeTo(out);
      hours.get(i).writeTo(out);
      buyers.get(i).writeTo(out);
      trails.get(i).writeTo(out);
      before.get(i).writeTo(out);
    }
    for (int i = 0; i < thirds.size(); i++) {
      thirds.get(i).writeTo(out);
      weekly.get(i).writeTo(out);
      after.get(i).writeTo(out);
    }
    for (int i = 0; i < days.size(); i++) {
      days.get(i).writeTo(out);
      weeks.get(i).writeTo(out);
      visits.get(i).writeTo(out);
    }
  }

  void readFrom(DataInput in) throws IOException {
    units = in.readLong();
    for (int i = 0; i < series.size(); i++) {
      series.get(i).readFrom(in);
      hours.get(i).readFrom(in);
      buyers.get(i).readFrom(in);
      trails.get(i).readFrom(in);
      before.get(i).readFrom(in);
    }
    for (int i = 0; i < thirds.size(); i++) {
      thirds.get(i).readFrom(in);
      weekly.get(i).readFrom(in);
      after.get(i).readFrom(in);
    }
    for (int i = 0; i < days.size(); i++) {
      days.get(i).readFrom(in);
      weeks.get(i).readFrom(in);
      visits.get(i).readFrom(in);
    }
  }
}
