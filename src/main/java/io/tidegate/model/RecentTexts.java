package io.tidegate.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts made of bytes. Names and variants come again and again: what came lately is found by its
 * bytes and not made anew. Not thread-safe.
 */
public final class RecentTexts {

  /** Bytes of the longest that is remembered. */
  public static final int LONGEST = 64;

  /** How many are remembered, a power of two. */
  private static final int PLACES = 512;

  private static final int SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(PLACES);
  private static final long SPREAD = 0x9e3779b97f4a7c15L;
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long[] heads = new long[PLACES];
  private final long[] tails = new long[PLACES];
  private final byte[] @Nullable [] known = new byte[PLACES][];
  private final String[] texts = new String[PLACES];

  /** The text whose UTF-8 some bytes of an array are. */
  public String text(byte[] bytes, int from, int length) {
    if (length > LONGEST) {
      return new String(bytes, from, length, StandardCharsets.UTF_8);
    }
    long head = word(bytes, from, Math.min(length, Long.BYTES));
    long tail = word(bytes, from + Math.max(0, length - Long.BYTES), Math.min(length, Long.BYTES));
    int place = (int) ((((head * SPREAD) ^ (tail + length)) * SPREAD) >>> SHIFT);
    byte[] there = known[place];
    boolean same =
        there != null
            && there.length == length
            && heads[place] == head
            && tails[place] == tail
            && (length <= 2 * Long.BYTES
                || Arrays.equals(there, 0, length, bytes, from, from + length));
    if (!same) {
      texts[place] = new String(bytes, from, length, StandardCharsets.UTF_8);
      known[place] = Arrays.copyOfRange(bytes, from, from + length);
      heads[place] = head;
      tails[place] = tail;
    }
    return texts[place];
  }

  /** Up to eight bytes as a number. */
  private static long word(byte[] bytes, int from, int length) {
    if (length == Long.BYTES) {
      return (long) WORD.get(bytes, from);
    }
    long word = 0;
    for (int i = from; i < from + length; i++) {
      word = (word << Byte.SIZE) | (bytes[i] & 0xFF);
    }
    return word;
  }
}
