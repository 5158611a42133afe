package io.tidegate.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts made of bytes. Names, variants and units come again and again: what came lately is found by
 * its bytes and not made anew. Not thread-safe.
 */
public final class RecentTexts {

  /** Makes the text of some bytes of an array. */
  @FunctionalInterface
  public interface Maker {
    String make(byte[] bytes, int from, int length);
  }

  /** Bytes of the longest that is remembered. */
  public static final int LONGEST = 64;

  private static final int PLACES = 512;
  private static final long SPREAD = 0x9e3779b97f4a7c15L;
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final Maker maker;
  private final int shift;
  private final long[] heads;
  private final long[] tails;
  private final byte[] @Nullable [] known;
  private final String[] texts;

  /** The texts whose UTF-8 the bytes are. */
  public RecentTexts() {
    this(PLACES, (bytes, from, length) -> new String(bytes, from, length, StandardCharsets.UTF_8));
  }

  /**
   * @param places how many are remembered, a power of two
   */
  public RecentTexts(int places, Maker maker) {
    this.maker = maker;
    shift = Long.SIZE - Integer.numberOfTrailingZeros(places);
    heads = new long[places];
    tails = new long[places];
    known = new byte[places][];
    texts = new String[places];
  }

  /** The text of some bytes of an array. */
  public String text(byte[] bytes, int from, int length) {
    if (length > LONGEST) {
      return maker.make(bytes, from, length);
    }
    long head = word(bytes, from, Math.min(length, Long.BYTES));
    long tail = word(bytes, from + Math.max(0, length - Long.BYTES), Math.min(length, Long.BYTES));
    int place = (int) ((((head * SPREAD) ^ (tail + length)) * SPREAD) >>> shift);
    byte[] there = known[place];
    boolean same =
        there != null
            && there.length == length
            && heads[place] == head
            && tails[place] == tail
            && (length <= 2 * Long.BYTES
                || Arrays.equals(there, 0, length, bytes, from, from + length));
    if (!same) {
      texts[place] = maker.make(bytes, from, length);
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
