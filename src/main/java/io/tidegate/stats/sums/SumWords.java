package io.tidegate.stats.sums;

import java.io.DataInput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The numbers of a {@link UnitSums} in successive words of an array: units, those with y ≠ 0, then
 * the sums as {@link WideInts}.
 */
final class SumWords {

  static final int UNITS = 0;
  static final int NON_ZERO = 1;
  static final int Y = 2;
  static final int D = 4;
  static final int YY = 6;
  static final int DD = 9;
  static final int YD = 12;
  static final int WORDS = 15;

  /** A format byte, two counts and five integers with their lengths. */
  static final int MOST_BYTES = 1 + 2 * VarLong.MOST_BYTES + 5 + Long.BYTES * (2 + 2 + 3 + 3 + 3);

  private static final int FORMAT = 1;
  private static final int WITH_DENOMINATOR = 0x10;

  private SumWords() {}

  static void enter(long[] words, int at, long y, long d) {
    requireTotal(y);
    requireTotal(d);
    words[at + UNITS] = StrictMath.incrementExact(words[at + UNITS]);
    if (y != 0) {
      words[at + NON_ZERO]++;
    }
    shift(words, at, 0, 0, y, d);
  }

  static void move(long[] words, int at, long yOld, long dOld, long yNew, long dNew) {
    requireTotal(yOld);
    requireTotal(dOld);
    requireTotal(yNew);
    requireTotal(dNew);
    words[at + NON_ZERO] += (yNew != 0 ? 1 : 0) - (yOld != 0 ? 1 : 0);
    shift(words, at, yOld, dOld, yNew, dNew);
  }

  static void leave(long[] words, int at, long y, long d) {
    requireTotal(y);
    requireTotal(d);
    words[at + UNITS] = StrictMath.decrementExact(words[at + UNITS]);
    if (y != 0) {
      words[at + NON_ZERO]--;
    }
    shift(words, at, y, d, 0, 0);
  }

  private static void shift(long[] words, int at, long yOld, long dOld, long yNew, long dNew) {
    if (yOld != yNew) {
      addDifference(words, at + Y, yNew, yOld);
      WideInts.addProductDifference(words, at + YY, yNew, yNew, yOld, yOld);
    }
    if (dOld != dNew) {
      addDifference(words, at + D, dNew, dOld);
      WideInts.addProductDifference(words, at + DD, dNew, dNew, dOld, dOld);
    }
    if ((dOld | dNew) != 0) {
      WideInts.addProductDifference(words, at + YD, yNew, dNew, yOld, dOld);
    }
  }

  private static void addDifference(long[] words, int at, long plus, long minus) {
    WideInts.add64(words, at, plus);
    WideInts.add64(words, at, -minus);
  }

  private static void requireTotal(long total) {
    if (total == Long.MIN_VALUE) {
      throw new IllegalArgumentException("a unit's total must be above -2^63 millionths");
    }
  }

  static boolean isZero(long[] words, int at) {
    long any = 0;
    for (int i = at; i < at + WORDS; i++) {
      any |= words[i];
    }
    return any == 0;
  }

  /**
   * Puts sums into an array with room for {@link #MOST_BYTES}.
   *
   * @return the place after them
   */
  static int put(byte[] bytes, int place, long[] words, int at) {
    boolean denominator = hasDenominator(words, at);
    bytes[place] = (byte) (denominator ? FORMAT | WITH_DENOMINATOR : FORMAT);
    int next = VarLong.put(bytes, place + 1, words[at + UNITS]);
    next = VarLong.put(bytes, next, words[at + NON_ZERO]);
    next = WideInts.put(bytes, next, words, at + Y, 2);
    next = WideInts.put(bytes, next, words, at + YY, 3);
    if (denominator) {
      next = WideInts.put(bytes, next, words, at + D, 2);
      next = WideInts.put(bytes, next, words, at + DD, 3);
      next = WideInts.put(bytes, next, words, at + YD, 3);
    }
    return next;
  }

  /** As {@link #get}, from a stream. */
  static void readFrom(DataInput in, long[] words) throws IOException {
    boolean denominator = denominator(in.readUnsignedByte());
    words[UNITS] = VarLong.read(in);
    words[NON_ZERO] = VarLong.read(in);
    WideInts.read(in, words, Y, 2);
    WideInts.read(in, words, YY, 3);
    if (denominator) {
      WideInts.read(in, words, D, 2);
      WideInts.read(in, words, DD, 3);
      WideInts.read(in, words, YD, 3);
    } else {
      withoutDenominator(words);
    }
  }

  /**
   * Gets the sums that {@link #put} put at a place.
   *
   * @return the place after them
   */
  static int get(byte[] bytes, int place, long[] words) throws IOException {
    boolean denominator = denominator(bytes[place] & 0xFF);
    int next = place + 1;
    words[UNITS] = VarLong.get(bytes, next);
    next = VarLong.end(bytes, next);
    words[NON_ZERO] = VarLong.get(bytes, next);
    next = VarLong.end(bytes, next);
    next = WideInts.get(bytes, next, words, Y, 2);
    next = WideInts.get(bytes, next, words, YY, 3);
    if (denominator) {
      next = WideInts.get(bytes, next, words, D, 2);
      next = WideInts.get(bytes, next, words, DD, 3);
      next = WideInts.get(bytes, next, words, YD, 3);
    } else {
      withoutDenominator(words);
    }
    return next;
  }

  private static boolean denominator(int format) throws IOException {
    if ((format & ~WITH_DENOMINATOR) != FORMAT) {
      throw new IOException("unit sums of format " + format + ", known is " + FORMAT);
    }
    return (format & WITH_DENOMINATOR) != 0;
  }

  private static void withoutDenominator(long[] words) {
    Arrays.fill(words, D, YY, 0);
    Arrays.fill(words, DD, WORDS, 0);
  }

  private static boolean hasDenominator(long[] words, int at) {
    long any = words[at + D] | words[at + D + 1];
    for (int i = at + DD; i < at + WORDS; i++) {
      any |= words[i];
    }
    return any != 0;
  }
}
