package io.tidegate.stats.sums;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Signed longs in 1 to 10 bytes: zigzag, then 7 bits a byte, least significant first. */
public final class VarLong {

  /** Bytes of the longest number. */
  public static final int MOST_BYTES = 10;

  private VarLong() {}

  /** Writes a number. */
  public static void write(DataOutput out, long value) throws IOException {
    long rest = zigzag(value);
    while ((rest & ~0x7FL) != 0) {
      out.writeByte((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  /**
   * Puts a number into an array with room for it; {@link #read} reads it.
   *
   * @return the place after it
   */
  public static int put(byte[] bytes, int at, long value) {
    int next = at;
    long rest = zigzag(value);
    while ((rest & ~0x7FL) != 0) {
      bytes[next++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[next++] = (byte) rest;
    return next;
  }

  /** The place after the number that begins at one. */
  public static int end(byte[] bytes, int at) {
    int end = at;
    while (bytes[end] < 0) {
      end++;
    }
    return end + 1;
  }

  /** The number that {@link #put} put at a place. */
  public static long get(byte[] bytes, int at) {
    long bits = bytes[at] & 0x7F;
    int next = at;
    for (int shift = 7; bytes[next] < 0; shift += 7) {
      bits |= (bytes[++next] & 0x7FL) << shift;
    }
    return (bits >>> 1) ^ -(bits & 1);
  }

  /** Bytes that {@link #put} puts. */
  public static int length(long value) {
    int significant = Long.SIZE - Long.numberOfLeadingZeros(zigzag(value) | 1);
    return (significant + 6) / 7;
  }

  /** The number that one byte alone holds, at least 0; −1 where it may hold another. */
  public static int single(byte first) {
    return (first & 0x81) == 0 ? first >> 1 : -1;
  }

  private static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  /** Reads a number; an {@link IOException} where it has more than 10 bytes. */
  public static long read(DataInput in) throws IOException {
    long bits = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int read = in.readUnsignedByte();
      bits |= (read & 0x7FL) << shift;
      if ((read & 0x80) == 0) {
        return (bits >>> 1) ^ -(bits & 1);
      }
    }
    throw new IOException("integer of more than 10 bytes");
  }

  /** As {@link #read}, for a number that fits an int; an ArithmeticException where it does not. */
  public static int readInt(DataInput in) throws IOException {
    return StrictMath.toIntExact(read(in));
  }
}
