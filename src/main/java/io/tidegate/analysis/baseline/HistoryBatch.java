package io.tidegate.analysis.baseline;

/** A part of a series of history. Public fields: it is a stream type. */
public final class HistoryBatch {

  /** Metric key, or that of an outcome's volume. */
  public String key = "";

  /** Bytes of a {@link HourBook}. */
  public byte[] book = new byte[0];

  public static HistoryBatch of(String key, HourBook book) {
    HistoryBatch batch = new HistoryBatch();
    batch.key = key;
    batch.book = book.write();
    return batch;
  }
}
