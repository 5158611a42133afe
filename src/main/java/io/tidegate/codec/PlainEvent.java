package io.tidegate.codec;

import io.tidegate.model.Attributes;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.model.RecentTexts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads events as nearly all are written: one JSON object of short ASCII texts without escapes and
 * plain numbers, {@code attributes} an object of the same, no field twice, nothing amiss. Whatever
 * is written otherwise is left to the parser of {@link EventDecoder}, which finds the same in what
 * is read here. Not thread-safe.
 */
final class PlainEvent {

  private static final int LONGEST_TEXT = 256;
  private static final int LONGEST_NUMBER = 24;
  private static final int DIGITS_OF_A_LONG = 18;

  private static final int EVENT_ID = 0;
  private static final int UNIT_ID = 1;
  private static final int FLAG_KEY = 2;
  private static final int VARIANT = 3;
  private static final int FLAG_VERSION = 4;
  private static final int REASON = 5;
  private static final int NAME = 6;
  private static final int TEXTS = 7;
  private static final int EVENT_TIME = 7;
  private static final int VALUE = 8;
  private static final int ATTRIBUTES = 9;
  private static final int UNKNOWN = 10;
  private static final int NONE = 11;

  /** By field. */
  private static final byte[][] NAMES =
      Stream.of(
              "event_id",
              "unit_id",
              "flag_key",
              "variant",
              "flag_version",
              "reason",
              "name",
              "event_time",
              "value",
              "attributes")
          .map(name -> name.getBytes(StandardCharsets.US_ASCII))
          .toArray(byte[][]::new);

  /** Members of a record of which it is remembered which field came there. */
  private static final int ORDERED = 16;

  private final RecentTexts recent = new RecentTexts();
  private final int[] starts = new int[TEXTS];
  private final int[] lengths = new int[TEXTS];
  private final int[] order = new int[ORDERED];
  private final String[] pairs = new String[2 * DecodeLimits.MAX_ATTRIBUTES];

  private byte[] bytes = {};
  private int at;

  /** How many members were passed. */
  private int member;

  /** Bits of the fields that were found. */
  private int found;

  /** Where the newest text or number is. */
  private int start;

  private int length;
  private boolean whole;

  private long timeMs;
  private long valueMicros;
  private Attributes attributes = Attributes.NONE;

  /** Reads a record; false where it is written otherwise or lacks a time that can be true. */
  boolean read(byte @Nullable [] value, DecodeLimits limits, long recordTimeMs) {
    if (value == null || value.length > limits.maxBytes()) {
      return false;
    }
    bytes = value;
    at = 0;
    member = 0;
    found = 0;
    Arrays.fill(lengths, 0);
    valueMicros = 0;
    attributes = Attributes.NONE;
    return object() && has(EVENT_TIME) && limits.plausible(timeMs, recordTimeMs);
  }

  /** What was read; null where an exposure's field is missing. */
  @Nullable Exposure exposure(Pseudonymiser pseudonymiser) {
    boolean complete =
        lengths[EVENT_ID] > 0
            && lengths[UNIT_ID] > 0
            && lengths[FLAG_KEY] > 0
            && lengths[VARIANT] > 0;
    return complete
        ? new Exposure(
            eventId(),
            timeMs,
            unitId(pseudonymiser),
            text(FLAG_KEY),
            text(VARIANT),
            text(FLAG_VERSION),
            text(REASON),
            attributes)
        : null;
  }

  /** What was read; null where an outcome's field is missing. */
  @Nullable Outcome outcome(Pseudonymiser pseudonymiser) {
    boolean complete = lengths[EVENT_ID] > 0 && lengths[UNIT_ID] > 0 && lengths[NAME] > 0;
    return complete
        ? new Outcome(
            eventId(),
            timeMs,
            unitId(pseudonymiser),
            text(NAME),
            valueMicros,
            has(VALUE),
            attributes)
        : null;
  }

  private String eventId() {
    return new String(bytes, starts[EVENT_ID], lengths[EVENT_ID], StandardCharsets.ISO_8859_1);
  }

  private String unitId(Pseudonymiser pseudonymiser) {
    return pseudonymiser.pseudonym(bytes, starts[UNIT_ID], lengths[UNIT_ID]);
  }

  private String text(int field) {
    return lengths[field] == 0 ? "" : recent.text(bytes, starts[field], lengths[field]);
  }

  private boolean has(int field) {
    return (found & (1 << field)) != 0;
  }

  private boolean object() {
    if (!next('{')) {
      return false;
    }
    do {
      if (!member()) {
        return false;
      }
    } while (next(','));
    if (!next('}')) {
      return false;
    }
    skipSpace();
    return at == bytes.length;
  }

  private boolean member() {
    int field = field();
    if (field == NONE || !next(':')) {
      return false;
    }
    if (field == UNKNOWN) {
      return scalar();
    }
    if (has(field)) {
      return false;
    }
    found |= 1 << field;
    return switch (field) {
      case EVENT_TIME -> time();
      case VALUE -> value();
      case ATTRIBUTES -> attributes();
      default -> place(field);
    };
  }

  /**
   * Passes the name of a member; {@link #NONE} where there is none. Most records have their members
   * in the order of the one before.
   */
  private int field() {
    skipSpace();
    int field = isNamed(order[member]) ? order[member] : search();
    if (field < NAMES.length) {
      at += NAMES[field].length + 2;
      order[member] = field;
    } else if (!quoted()) {
      return NONE;
    }
    member = Math.min(member + 1, ORDERED - 1);
    return field;
  }

  private int search() {
    for (int field = 0; field < NAMES.length; field++) {
      if (isNamed(field)) {
        return field;
      }
    }
    return UNKNOWN;
  }

  /** Whether the name of a field comes next. */
  private boolean isNamed(int field) {
    byte[] name = NAMES[field];
    int end = at + 1 + name.length;
    return end < bytes.length
        && bytes[at] == '"'
        && bytes[end] == '"'
        && Arrays.equals(bytes, at + 1, end, name, 0, name.length);
  }

  private boolean place(int field) {
    boolean text = quoted();
    starts[field] = start;
    lengths[field] = length;
    return text;
  }

  private boolean time() {
    if (number()) {
      timeMs = whole && length <= DIGITS_OF_A_LONG ? integer() : EventTime.BAD;
    } else {
      timeMs =
          quoted()
              ? EventTime.parse(new String(bytes, start, length, StandardCharsets.ISO_8859_1))
              : EventTime.BAD;
    }
    return timeMs != EventTime.BAD;
  }

  private long integer() {
    boolean negative = bytes[start] == '-';
    long value = 0;
    for (int i = negative ? start + 1 : start; i < start + length; i++) {
      value = value * 10 + (bytes[i] - '0');
    }
    return negative ? -value : value;
  }

  private boolean value() {
    if (!number()) {
      return false;
    }
    valueMicros = Micros.parse(bytes, start, start + length);
    return valueMicros != Micros.OUT_OF_RANGE;
  }

  private boolean attributes() {
    int count = 0;
    if (!next('{')) {
      return false;
    }
    if (!next('}')) {
      do {
        if (count == pairs.length || !pair(count)) {
          return false;
        }
        count += 2;
      } while (next(','));
      if (!next('}')) {
        return false;
      }
    }
    Attributes read = Attributes.ofPairs(Arrays.copyOf(pairs, count));
    attributes = read == null ? Attributes.NONE : read;
    return read != null;
  }

  private boolean pair(int to) {
    if (!quoted()) {
      return false;
    }
    pairs[to] = recent.text(bytes, start, length);
    if (!next(':') || !scalar()) {
      return false;
    }
    pairs[to + 1] = recent.text(bytes, start, length);
    return true;
  }

  private boolean scalar() {
    return quoted() || number();
  }

  /** A text without escapes; nothing is passed where there is none. */
  private boolean quoted() {
    skipSpace();
    if (at >= bytes.length || bytes[at] != '"') {
      return false;
    }
    int first = at + 1;
    int end = Math.min(bytes.length, first + LONGEST_TEXT);
    for (int i = first; i < end; i++) {
      byte b = bytes[i];
      if (b == '"') {
        start = first;
        length = i - first;
        at = i + 1;
        return true;
      }
      if (b < ' ' || b == '\\') {
        return false;
      }
    }
    return false;
  }

  /** A number without an exponent; nothing is passed where there is none. */
  private boolean number() {
    skipSpace();
    int first = at < bytes.length && bytes[at] == '-' ? at + 1 : at;
    int end = digits(first);
    if (end == first || (bytes[first] == '0' && end > first + 1)) {
      return false;
    }
    whole = end == bytes.length || bytes[end] != '.';
    if (!whole) {
      int point = end;
      end = digits(point + 1);
      if (end == point + 1) {
        return false;
      }
    }
    start = at;
    length = end - at;
    at = end;
    return length <= LONGEST_NUMBER;
  }

  private int digits(int from) {
    int end = from;
    while (end < bytes.length && bytes[end] >= '0' && bytes[end] <= '9') {
      end++;
    }
    return end;
  }

  /** Passes a character, and space before it, where it comes next. */
  private boolean next(char wanted) {
    skipSpace();
    boolean there = at < bytes.length && bytes[at] == wanted;
    if (there) {
      at++;
    }
    return there;
  }

  private void skipSpace() {
    while (at < bytes.length
        && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\t' || bytes[at] == '\r')) {
      at++;
    }
  }
}
