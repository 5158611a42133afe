package io.tidegate.model;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How far a partition was read.
 *
 * @param next offset before which every record was read: it is in its table, among the dead letters
 *     or concerns another stream
 * @param kept largest offset before {@code next} of a record that can be used, of which the table
 *     gets a row; −1 for none
 * @param readMs when it was so, by the reader's clock, epoch milliseconds
 */
public record ReadPosition(String topic, int partition, long next, long kept, long readMs)
    implements Serializable {

  /** The further of both in either regard. */
  public ReadPosition and(ReadPosition other) {
    return new ReadPosition(
        topic,
        partition,
        Math.max(next, other.next),
        Math.max(kept, other.kept),
        Math.max(readMs, other.readMs));
  }

  /** Whether another of the same partition, read at another time, says the same. */
  public boolean isWhere(@Nullable ReadPosition other) {
    return other != null && next == other.next && kept == other.kept;
  }
}
