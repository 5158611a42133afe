package io.tidegate.analysis.attribution;

import java.io.DataInput;
import java.io.IOException;

/** Reads integers that {@link StateBytes#putNumber} wrote. */
final class Varints {

  private static final int MOST_BITS = 63;

  private Varints() {}

  static long read(DataInput in) throws IOException {
    long rest = 0;
    for (int shift = 0; shift <= MOST_BITS; shift += 7) {
      int next = in.readByte();
      rest |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (rest >>> 1) ^ -(rest & 1);
      }
    }
    throw new IOException("a number of more than ten bytes");
  }

  static int readInt(DataInput in) throws IOException {
    return Math.toIntExact(read(in));
  }
}
