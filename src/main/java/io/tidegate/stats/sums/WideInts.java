package io.tidegate.stats.sums;

import java.io.DataInput;
import java.io.DataOutput;
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

  /** Writes one length byte and that many two's-complement bytes, most significant first. */
  static void write(DataOutput out, long[] words, int at, int count) throws IOException {
    int length = length(words, at, count);
    out.writeByte(length);
    for (int i = length - 1; i >= 0; i--) {
      out.writeByte(byteOf(words, at, i));
    }
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

  /** Reads what {@link #write} wrote; an {@link IOException} where the length does not fit. */
  static void read(DataInput in, long[] words, int at, int count) throws IOException {
    int length = in.readUnsignedByte();
    if (length > 8 * count) {
      throw new IOException("integer of " + length + " bytes, at most " + 8 * count + " fit");
    }
    for (int i = 0; i < count; i++) {
      words[at + i] = 0;
    }
    for (int i = length - 1; i >= 0; i--) {
      int read = in.readByte();
      if (i == length - 1 && read < 0) {
        for (int k = 0; k < count; k++) {
          words[at + k] = -1;
        }
      }
      int shift = 8 * (i & 7);
      int word = at + (i >> 3);
      words[word] = (words[word] & ~(0xFFL << shift)) | ((read & 0xFFL) << shift);
    }
  }

  private static byte byteOf(long[] words, int at, int index) {
    return (byte) (words[at + (index >> 3)] >>> (8 * (index & 7)));
  }

  private static long carry(long sum, long addend) {
    return Long.compareUnsigned(sum, addend) < 0 ? 1 : 0;
  }
}
