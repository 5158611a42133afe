package io.tidegate.operator;

import io.tidegate.analysis.alarm.SeriesHours;
import io.tidegate.model.HourlyCount;
import org.jspecify.annotations.Nullable;

/** Lays the parts of each series that is watched out hour by hour. Batch only. */
public final class GatherHours extends SortedRuns<String, HourlyCount, SeriesHours> {

  private static final long serialVersionUID = 1L;

  private final long startMs;
  private final long endMs;
  private transient @Nullable SeriesHours series;

  public GatherHours(long startMs, long endMs) {
    this.startMs = startMs;
    this.endMs = endMs;
  }

  /** One a series. */
  public static String keyOf(HourlyCount part) {
    return part.outcomeName() + '\n' + part.dimension() + '\n' + part.segment();
  }

  @Override
  String key(HourlyCount part) {
    return keyOf(part);
  }

  @Override
  void take(HourlyCount part) {
    if (series == null) {
      series = SeriesHours.of(part, startMs, endMs);
    }
    series.add(part, startMs);
  }

  @Override
  void finish(String key) {
    if (series != null && series.isFrequent()) {
      emit(series);
    }
    series = null;
  }
}
