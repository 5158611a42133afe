package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.UnitSums;
import io.tidegate.stats.sums.VarLong;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** The bytes of a {@link CellBatch}, read from first to last. Mutable. */
final class CellBytes {

  private final byte[] bytes;
  private int at;

  CellBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  boolean hasMore() {
    return at < bytes.length;
  }

  long bucketMs() {
    long bucketMs = ByteBuffer.wrap(bytes).getLong(at);
    at += Long.BYTES;
    return bucketMs;
  }

  CellKey key() {
    return new CellKey(number(), number(), number(), number(), number(), number(), number());
  }

  private int number() {
    long number = VarLong.get(bytes, at);
    at = VarLong.end(bytes, at);
    return StrictMath.toIntExact(number);
  }

  UnitSums sums() {
    UnitSums sums = new UnitSums();
    try {
      at = sums.get(bytes, at);
      return sums;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
