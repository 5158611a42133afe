package io.tidegate.codec;

import java.util.Arrays;
import java.util.Map;

/** A growing buffer of UTF-8 JSON, written field by field without a tree. Not thread-safe. */
final class JsonBytes {

  private static final byte[] HEX =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private byte[] buffer = new byte[512];
  private int length;

  void reset() {
    length = 0;
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  /** Writes bytes that are JSON already, ASCII only. */
  JsonBytes raw(String ascii) {
    int n = ascii.length();
    ensure(n);
    for (int i = 0; i < n; i++) {
      buffer[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  /** Writes {@code head} (such as {@code ,"name":}) and then the quoted value. */
  JsonBytes field(String head, String value) {
    return raw(head).quoted(value);
  }

  JsonBytes field(String head, long value) {
    return raw(head).raw(Long.toString(value));
  }

  /** Writes an object of strings, in the order of its keys. */
  JsonBytes object(String head, Map<String, String> entries) {
    raw(head).raw("{");
    String[] keys = entries.keySet().toArray(new String[0]);
    Arrays.sort(keys);
    for (int i = 0; i < keys.length; i++) {
      if (i > 0) {
        raw(",");
      }
      quoted(keys[i]).raw(":").quoted(String.valueOf(entries.get(keys[i])));
    }
    return raw("}");
  }

  /** Writes a decimal with at most six places, exactly. */
  JsonBytes micros(String head, long micros) {
    raw(head);
    if (micros < 0) {
      raw("-");
    }
    long whole = Math.abs(micros / 1_000_000);
    long rest = Math.abs(micros % 1_000_000);
    raw(Long.toString(whole));
    if (rest != 0) {
      String digits = Long.toString(1_000_000 + rest);
      int end = digits.length();
      while (digits.charAt(end - 1) == '0') {
        end--;
      }
      raw(".").raw(digits.substring(1, end));
    }
    return this;
  }

  private JsonBytes quoted(String text) {
    int n = text.length();
    ensure(n * 6 + 2);
    buffer[length++] = '"';
    for (int i = 0; i < n; i++) {
      char c = text.charAt(i);
      if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
        buffer[length++] = (byte) c;
      } else {
        i = unusual(text, i, c);
      }
    }
    buffer[length++] = '"';
    return this;
  }

  private int unusual(String text, int i, char c) {
    if (c == '"' || c == '\\') {
      buffer[length++] = '\\';
      buffer[length++] = (byte) c;
    } else if (c < 0x20) {
      escape(c);
    } else if (Character.isHighSurrogate(c)
        && i + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(i + 1))) {
      int point = Character.toCodePoint(c, text.charAt(i + 1));
      buffer[length++] = (byte) (0xF0 | (point >> 18));
      buffer[length++] = (byte) (0x80 | ((point >> 12) & 0x3F));
      buffer[length++] = (byte) (0x80 | ((point >> 6) & 0x3F));
      buffer[length++] = (byte) (0x80 | (point & 0x3F));
      return i + 1;
    } else if (Character.isSurrogate(c)) {
      escape(c);
    } else if (c < 0x800) {
      buffer[length++] = (byte) (0xC0 | (c >> 6));
      buffer[length++] = (byte) (0x80 | (c & 0x3F));
    } else {
      buffer[length++] = (byte) (0xE0 | (c >> 12));
      buffer[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
      buffer[length++] = (byte) (0x80 | (c & 0x3F));
    }
    return i;
  }

  private void escape(char c) {
    buffer[length++] = '\\';
    buffer[length++] = 'u';
    buffer[length++] = HEX[(c >> 12) & 0xF];
    buffer[length++] = HEX[(c >> 8) & 0xF];
    buffer[length++] = HEX[(c >> 4) & 0xF];
    buffer[length++] = HEX[c & 0xF];
  }

  private void ensure(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}
