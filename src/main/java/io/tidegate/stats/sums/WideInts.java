package io.tidegate.stats.sums;

import java.io.DataInput;
import java.io.IOException;
import java.math.BigInteger;

/**
 * Two's-complement integers of 128 and 192 bits kept as slices of a {@code long[]}, least
 * significant word first. Sums wrap, so an intermediate overflow cancels when the true total fits.
 */
final class WideInts {
  private WideInts() {}

  /** Adds a signed 64-bit value to the two words at {@code at}. */
  static void add64(long[] words, int at, long value) {
    long low = words[at] + value;
    words[at] = low;
    words[at + 1] += (value >> 63) + carry(low, value);
  }

  /** Adds the signed 128-bit value (high, low) to the three words at {@code at}. */
  static void add128(long[] words, int at, long high, long low) {
    long first = words[at] + low;
    long carry = carry(first, low);
    long second = words[at + 1] + high;
    long carryOut = carry(second, high);
    second += carry;
    carryOut += carry(second, carry);
    words[at] = first;
    words[at + 1] = second;
    words[at + 2] += (high >> 63) + carryOut;
  }

  /** Adds a·b − c·d to the three words at {@code at}; none of the four may be −2^63. */
  static void addProductDifference(long[] words, int at, long a, long b, long c, long d) {
    long plus = a * b;
    long minus = c * d;
    long low = plus - minus;
    long borrow = Long.compareUnsigned(plus, minus) < 0 ? 1 : 0;
    long high = StrictMath.multiplyHigh(a, b) - StrictMath.multiplyHigh(c, d) - borrow;
    add128(words, at, high, low);
  }

  /** Adds the integer of {@code count} words of {@code other} to the one in {@code words}. */
  static void add(long[] words, long[] other, int at, int count) {
    long carry = 0;
    for (int i = at; i < at + count; i++) {
      long sum = words[i] + other[i];
      long out = carry(sum, other[i]);
      sum += carry;
      carry = out + carry(sum, carry);
      words[i] = sum;
    }
  }

  /** Subtracts the integer of {@code count} words of {@code other} from the one in words. */
  static void subtract(long[] words, long[] other, int at, int count) {
    long borrow = 0;
    for (int i = at; i < at + count; i++) {
      long difference = words[i] - other[i];
      long out = Long.compareUnsigned(words[i], other[i]) < 0 ? 1 : 0;
      long result = difference - borrow;
      borrow = out + (Long.compareUnsigned(difference, borrow) < 0 ? 1 : 0);
      words[i] = result;
    }
  }

  /** The integer as a {@link BigInteger}. */
  static BigInteger toBigInteger(long[] words, int at, int count) {
    if (fitsLong(words, at, count)) {
      return BigInteger.valueOf(words[at]);
    }
    byte[] bytes = new byte[8 * count];
    for (int i = 0; i < bytes.length; i++) {
      bytes[bytes.length - 1 - i] = byteOf(words, at, i);
    }
    return new BigInteger(bytes);
  }

  private static boolean fitsLong(long[] words, int at, int count) {
    long sign = words[at] >> 63;
    for (int i = at + 1; i < at + count; i++) {
      if (words[i] != sign) {
        return false;
      }
    }
    return true;
  }

  /**
   * Puts one length byte and that many two's-complement bytes, most significant first.
   *
   * @return the place after them
   */
  static int put(byte[] bytes, int place, long[] words, int at, int count) {
    int length = length(words, at, count);
    bytes[place] = (byte) length;
    int next = place + 1;
    for (int i = length - 1; i >= 0; i--) {
      bytes[next++] = byteOf(words, at, i);
    }
    return next;
  }

  /** Fewest two's-complement bytes that hold the integer; none for 0. */
  private static int length(long[] words, int at, int count) {
    long sign = words[at + count - 1] >> 63;
    for (int i = count - 1; i >= 0; i--) {
      long other = words[at + i] ^ sign;
      if (other != 0) {
        int bits = Long.SIZE * (i + 1) - Long.numberOfLeadingZeros(other) + 1;
        return (bits + Byte.SIZE - 1) / Byte.SIZE;
      }
    }
    return sign == 0 ? 0 : 1;
  }

  /** Reads what {@link #put} put; an {@link IOException} where the length does not fit. */
  static void read(DataInput in, long[] words, int at, int count) throws IOException {
    byte[] bytes = new byte[requireFits(in.readUnsignedByte(), count)];
    in.readFully(bytes);
    set(bytes, 0, bytes.length, words, at, count);
  }

  /**
   * Gets what {@link #put} put; an {@link IOException} where the length does not fit.
   *
   * @return the place after it
   */
  static int get(byte[] bytes, int place, long[] words, int at, int count) throws IOException {
    int from = place + 1;
    int to = from + requireFits(bytes[place] & 0xFF, count);
    set(bytes, from, to, words, at, count);
    return to;
  }

  private static int requireFits(int length, int count) throws IOException {
    if (length > 8 * count) {
      throw new IOException("integer of " + length + " bytes, at most " + 8 * count + " fit");
    }
    return length;
  }

  private static void set(byte[] bytes, int from, int to, long[] words, int at, int count) {
    long sign = from < to && bytes[from] < 0 ? -1 : 0;
    int end = to;
    for (int i = at; i < at + count; i++) {
      int start = Math.max(from, end - Long.BYTES);
      long word = sign;
      for (int k = start; k < end; k++) {
        word = (word << Byte.SIZE) | (bytes[k] & 0xFF);
      }
      words[i] = word;
      end = start;
    }
  }

  private static byte byteOf(long[] words, int at, int index) {
    return (byte) (words[at + (index >> 3)] >>> (8 * (index & 7)));
  }

  private static long carry(long sum, long addend) {
    return Long.compareUnsigned(sum, addend) < 0 ? 1 : 0;
  }
}
