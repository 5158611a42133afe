package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.VarLong;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of one state, gathered in memory so that they are written in one go. Mutable, reused. */
final class StateBytes {

  private byte[] bytes = new byte[512];
  private int size;

  void clear() {
    size = 0;
  }

  void writeTo(DataOutput out) throws IOException {
    out.write(bytes, 0, size);
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }

  void putByte(int value) {
    reserve(1);
    bytes[size++] = (byte) value;
  }

  /** A number of variable length; {@link VarLong#read} reads it. */
  void putNumber(long value) {
    reserve(VarLong.MOST_BYTES);
    size = VarLong.put(bytes, size, value);
  }

  void putLong(long value) {
    reserve(Long.BYTES);
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  /** Length in bytes, then UTF-8; {@link Texts#read} reads it. */
  void putText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    putNumber(utf8.length);
    reserve(utf8.length);
    System.arraycopy(utf8, 0, bytes, size, utf8.length);
    size += utf8.length;
  }
}
