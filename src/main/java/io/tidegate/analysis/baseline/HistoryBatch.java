package io.tidegate.analysis.baseline;

/**
 * A part of a series of history, or a day of it that an earlier run kept. Public fields: it is a
 * stream type.
 */
public final class HistoryBatch {

  /** Metric key, or that of an outcome's volume. */
  public String key = "";

  /** Start of a day that was kept, epoch milliseconds; {@link Long#MIN_VALUE} of a new part. */
  public long dayMs = Long.MIN_VALUE;

  /** Whether it is of earlier years than the history. */
  public boolean earlier;

  /** The run that kept the day; of a day's rows the highest holds. */
  public int revision;

  /** Bytes of a {@link HourBook}; of a day that was kept its hours are counted from its first. */
  public byte[] book = new byte[0];

  public static HistoryBatch of(String key, HourBook book) {
    HistoryBatch batch = new HistoryBatch();
    batch.key = key;
    batch.book = book.write();
    return batch;
  }

  /** Hours of earlier years, counted back from the history's first. */
  public static HistoryBatch ofEarlier(String key, HourBook book) {
    HistoryBatch batch = of(key, book);
    batch.earlier = true;
    return batch;
  }

  /** A day of a series. */
  public static HistoryBatch ofDay(String key, long dayMs, int revision, byte[] book) {
    HistoryBatch batch = new HistoryBatch();
    batch.key = key;
    batch.dayMs = dayMs;
    batch.revision = revision;
    batch.book = book;
    return batch;
  }

  public boolean isKept() {
    return dayMs != Long.MIN_VALUE;
  }
}
