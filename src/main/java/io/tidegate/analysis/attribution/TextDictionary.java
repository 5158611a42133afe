package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.VarLong;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Texts at the head of an array, numbered from 0 in the order in which they lie there: of each its
 * length in bytes, then UTF-8, as {@link StateBytes#putText} puts it. Looking for one follows no
 * reference.
 */
final class TextDictionary {

  private TextDictionary() {}

  /**
   * The number of a text; −1 where it is none of those looked at.
   *
   * @param first number of the first that is looked at
   * @param firstAt its place
   * @param end number after the last
   */
  static int find(byte[] bytes, int first, int firstAt, int end, String text) {
    int at = firstAt;
    for (int n = first; n < end; n++) {
      int count = VarLong.single(bytes[at]);
      if (count >= 0) {
        at++;
      } else {
        count = count(bytes, at);
        at = VarLong.end(bytes, at);
      }
      if (count == text.length() && isAt(bytes, at, text)) {
        return n;
      }
      at += count;
    }
    return isAscii(text)
        ? -1
        : find(bytes, first, firstAt, end, text.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isAt(byte[] bytes, int at, String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      // A byte that is no ASCII is below 0.
      if (ascii.charAt(i) != bytes[at + i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static int find(byte[] bytes, int first, int firstAt, int end, byte[] utf8) {
    int at = firstAt;
    for (int n = first; n < end; n++) {
      int from = VarLong.end(bytes, at);
      int to = from + count(bytes, at);
      if (Arrays.equals(bytes, from, to, utf8, 0, utf8.length)) {
        return n;
      }
      at = to;
    }
    return -1;
  }

  /** Bytes that a text takes. */
  static int count(String text) {
    return isAscii(text) ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Puts a text of so many bytes where there is room for it. */
  static void put(String text, int count, byte[] bytes, int place) {
    int at = VarLong.put(bytes, place, count);
    if (isAscii(text)) {
      for (int i = 0; i < count; i++) {
        bytes[at + i] = (byte) text.charAt(i);
      }
    } else {
      System.arraycopy(text.getBytes(StandardCharsets.UTF_8), 0, bytes, at, count);
    }
  }

  private static int count(byte[] bytes, int at) {
    return (int) VarLong.get(bytes, at);
  }

  /** Finds texts by their numbers, each made at most once, while the array is as it is. */
  static final class Lookup {
    private final Texts ofThread = Texts.ofThread();
    private final byte[] bytes;
    private final @Nullable String[] texts;

    /** Of the first {@link #found} texts. */
    private final int[] places;

    private int found;
    private int next;

    Lookup(byte[] bytes, int size) {
      this.bytes = bytes;
      texts = new String[size];
      places = new int[size];
    }

    String text(int number) {
      String known = texts[number];
      if (known == null) {
        known = made(number);
        texts[number] = known;
      }
      return known;
    }

    private String made(int number) {
      while (found <= number) {
        places[found++] = next;
        next = VarLong.end(bytes, next) + count(bytes, next);
      }
      int at = places[number];
      return ofThread.text(bytes, VarLong.end(bytes, at), count(bytes, at));
    }
  }
}
