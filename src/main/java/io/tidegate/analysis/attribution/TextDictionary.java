package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.VarLong;
import java.io.DataInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts, each once, numbered from 0 in the order in which they came. Kept as bytes: looking for a
 * text follows no reference, the garbage collector sees one array, and a checkpoint copies it as it
 * is. Mutable.
 */
final class TextDictionary {

  private static final byte[] NO_BYTES = {};

  /** Of each text its length in bytes, then UTF-8. */
  private byte[] bytes = NO_BYTES;

  private int length;
  private int size;

  /** A text's number, made where it has none. */
  int number(String text) {
    int known = find(text);
    if (known >= 0) {
      return known;
    }
    if (isAscii(text)) {
      reserve(text.length());
      length = VarLong.put(bytes, length, text.length());
      for (int i = 0; i < text.length(); i++) {
        bytes[length++] = (byte) text.charAt(i);
      }
      return size++;
    }
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    known = find(utf8);
    if (known >= 0) {
      return known;
    }
    reserve(utf8.length);
    length = VarLong.put(bytes, length, utf8.length);
    System.arraycopy(utf8, 0, bytes, length, utf8.length);
    length += utf8.length;
    return size++;
  }

  /** The number of an ASCII text; −1 of any other. */
  private int find(String text) {
    int at = 0;
    for (int n = 0; n < size; n++) {
      int count = (int) VarLong.get(bytes, at);
      at = VarLong.end(bytes, at);
      if (count == text.length() && isAt(at, text)) {
        return n;
      }
      at += count;
    }
    return -1;
  }

  private boolean isAt(int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      // A byte that is no ASCII is below 0.
      if (text.charAt(i) != bytes[at + i]) {
        return false;
      }
    }
    return true;
  }

  private int find(byte[] utf8) {
    int at = 0;
    for (int n = 0; n < size; n++) {
      int from = VarLong.end(bytes, at);
      int to = from + (int) VarLong.get(bytes, at);
      if (Arrays.equals(bytes, from, to, utf8, 0, utf8.length)) {
        return n;
      }
      at = to;
    }
    return -1;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private void reserve(int textLength) {
    int needed = length + VarLong.MOST_BYTES + textLength;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, needed + needed / 2);
    }
  }

  /** Every text by its number. */
  String[] texts() {
    Texts ofThread = Texts.ofThread();
    String[] texts = new String[size];
    int at = 0;
    for (int n = 0; n < size; n++) {
      int from = VarLong.end(bytes, at);
      int count = (int) VarLong.get(bytes, at);
      texts[n] = ofThread.text(bytes, from, count);
      at = from + count;
    }
    return texts;
  }

  TextDictionary copy() {
    TextDictionary c = new TextDictionary();
    c.bytes = Arrays.copyOf(bytes, length);
    c.length = length;
    c.size = size;
    return c;
  }

  /** Puts how many there are, then each as {@link StateBytes#putText} would. */
  void writeTo(StateBytes out) {
    out.putNumber(size);
    out.write(bytes, 0, length);
  }

  static TextDictionary readFrom(DataInput in) throws IOException {
    TextDictionary read = new TextDictionary();
    read.size = VarLong.readInt(in);
    StateBytes texts = new StateBytes();
    for (int n = 0; n < read.size; n++) {
      texts.takeText(in);
    }
    read.bytes = texts.toBytes();
    read.length = read.bytes.length;
    return read;
  }
}
