package io.tidegate.analysis.alarm;

import io.tidegate.model.HourlyCount;

/** An outcome in a segment, hour by hour. Public fields: it is a stream type. */
public final class SeriesHours {

  private static final long HOUR_MS = 3_600_000L;
  private static final double MICRO = 1e-6;

  /** Outcomes in an average hour from which a series is watched. */
  private static final double FEWEST_AN_HOUR = 1;

  public String outcome = "";
  public String dimension = "";
  public String segment = "";

  /** Outcomes in each hour from the start. */
  public long[] counts = new long[0];

  /** Those of them with a value. */
  public long[] valued = new long[0];

  /** Sums of their values. */
  public double[] sums = new double[0];

  /** Empty hours of [startMs, endMs) for the series of a part. */
  public static SeriesHours of(HourlyCount part, long startMs, long endMs) {
    SeriesHours series = new SeriesHours();
    series.outcome = part.outcomeName();
    series.dimension = part.dimension();
    series.segment = part.segment();
    int hours = Math.toIntExact((endMs - startMs) / HOUR_MS);
    series.counts = new long[hours];
    series.valued = new long[hours];
    series.sums = new double[hours];
    return series;
  }

  /** Adds a part; one outside the hours is left out. */
  public void add(HourlyCount part, long startMs) {
    long hour = Math.floorDiv(part.hourStartMs() - startMs, HOUR_MS);
    if (hour >= 0 && hour < counts.length) {
      int at = (int) hour;
      counts[at] += part.count();
      valued[at] += part.valueCount();
      sums[at] += part.valueSumMicros().doubleValue() * MICRO;
    }
  }

  /** Whether it is frequent enough to have a season; what is not is not watched. */
  public boolean isFrequent() {
    return total() >= FEWEST_AN_HOUR * counts.length;
  }

  long total() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }
}
