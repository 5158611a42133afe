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

  /** Of each place the first and the last eight bytes, side by side. */
  private final long[] ends = new long[2 * PLACES];

  /** Lengths in bytes. */
  private final byte[] lengths = new byte[PLACES];

  private final String[] texts = new String[PLACES];

  /** Bytes of those that are longer than what {@link #ends} holds. */
  private final byte[] @Nullable [] known = new byte[PLACES][];

  public RecentTexts() {
    Arrays.fill(texts, "");
  }

  /** The text whose UTF-8 some bytes of an array are. */
  public String text(byte[] bytes, int from, int length) {
    if (length > LONGEST) {
      return new String(bytes, from, length, StandardCharsets.UTF_8);
    }
    long head;
    long tail;
    if (length >= Long.BYTES) {
      head = (long) WORD.get(bytes, from);
      tail = (long) WORD.get(bytes, from + length - Long.BYTES);
    } else {
      head = word(bytes, from, length);
      tail = 0;
    }
    int place = (int) ((((head * SPREAD) ^ (tail + length)) * SPREAD) >>> SHIFT);
    boolean same =
        ends[2 * place] == head
            && ends[2 * place + 1] == tail
            && lengths[place] == length
            && (length <= 2 * Long.BYTES
                || Arrays.equals(known[place], 0, length, bytes, from, from + length));
    if (!same) {
      ends[2 * place] = head;
      ends[2 * place + 1] = tail;
      lengths[place] = (byte) length;
      texts[place] = new String(bytes, from, length, StandardCharsets.UTF_8);
      known[place] =
          length <= 2 * Long.BYTES ? null : Arrays.copyOfRange(bytes, from, from + length);
    }
    return texts[place];
  }

  /** Less than eight bytes as a number. */
  private static long word(byte[] bytes, int from, int length) {
    long word = 0;
    for (int i = from; i < from + length; i++) {
      word = (word << Byte.SIZE) | (bytes[i] & 0xFF);
    }
    return word;
  }
}
