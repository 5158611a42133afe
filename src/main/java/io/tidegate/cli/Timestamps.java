package io.tidegate.cli;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneRules;
import java.util.List;

/**
 * Reads times as people write them: ISO-8601 dates and times with {@code T} or a blank, with a zone
 * or in the file's own, and seconds, milliseconds, micro- or nanoseconds since 1970. Remembers the
 * time before, so it is not thread-safe.
 */
final class Timestamps {
  /** Where there is no time. */
  static final long NONE = Long.MIN_VALUE;

  private static final double SECONDS_BELOW = 1e11;
  private static final double LARGEST_MS = 253_402_300_800_000.0; // the year 10000

  private final ZoneId zone;
  private final ZoneRules rules;
  private final long fixedOffsetMs;
  private long previous = NONE;

  Timestamps(ZoneId zone) {
    this.zone = zone;
    rules = zone.getRules();
    fixedOffsetMs =
        rules.isFixedOffset()
            ? rules.getOffset(java.time.Instant.EPOCH).getTotalSeconds() * 1000L
            : NONE;
  }

  /**
   * Milliseconds since 1970, or {@link #NONE}. A local time that the clock shows twice is the later
   * one where the earlier would not come after the time before.
   */
  long read(String text) {
    long found = text.length() >= 8 && text.charAt(4) == '-' ? date(text) : number(text);
    if (found != NONE) {
      previous = found;
    }
    return found;
  }

  private static long number(String text) {
    Double number = Cells.parse(text);
    if (number == null || !(Math.abs(number) < 1e20)) {
      return NONE;
    }
    double ms = number;
    double size = Math.abs(ms);
    if (size < SECONDS_BELOW) {
      ms *= 1e3;
    } else if (size >= SECONDS_BELOW * 1e6) {
      ms /= 1e6;
    } else if (size >= SECONDS_BELOW * 1e3) {
      ms /= 1e3;
    }
    return Math.abs(ms) < LARGEST_MS ? Math.round(ms) : NONE;
  }

  private long date(String text) {
    try {
      int length = text.length();
      if (length == 10) {
        return local(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10), 0, 0, 0, text);
      }
      char between = length > 10 ? text.charAt(10) : 0;
      boolean plain = between == 'T' || between == ' ';
      if (plain && (length == 19 || length == 16) && text.charAt(13) == ':') {
        int second = length == 19 ? digits(text, 17, 19) : 0;
        return local(
            digits(text, 0, 4),
            digits(text, 5, 7),
            digits(text, 8, 10),
            digits(text, 11, 13),
            digits(text, 14, 16),
            second,
            text);
      }
      return other(between == ' ' ? text.replaceFirst(" ", "T") : text);
    } catch (DateTimeException | NumberFormatException notATime) {
      return NONE;
    }
  }

  private long other(String text) {
    String t = text.replace(" ", "");
    boolean zoned = t.endsWith("Z") || t.lastIndexOf('+') > 10 || t.lastIndexOf('-') > 10;
    if (!zoned) {
      return instant(LocalDateTime.parse(t));
    }
    if (t.matches(".*[+-]\\d{4}")) {
      t = t.substring(0, t.length() - 2) + ":" + t.substring(t.length() - 2);
    } else if (t.matches(".*[+-]\\d{2}")) {
      t += ":00";
    }
    if (t.endsWith("]")) {
      return ZonedDateTime.parse(t).toInstant().toEpochMilli();
    }
    return OffsetDateTime.parse(t).toInstant().toEpochMilli();
  }

  private long local(int year, int month, int day, int hour, int minute, int second, String text) {
    LocalDateTime at = LocalDateTime.of(year, month, day, hour, minute, second);
    if (text.charAt(7) != '-') {
      return NONE;
    }
    return instant(at);
  }

  private long instant(LocalDateTime at) {
    if (fixedOffsetMs != NONE) {
      return at.toInstant(ZoneOffset.UTC).toEpochMilli() - fixedOffsetMs;
    }
    List<ZoneOffset> offsets = rules.getValidOffsets(at);
    if (offsets.size() == 2) {
      long early = at.toInstant(offsets.get(0)).toEpochMilli();
      return early > previous ? early : at.toInstant(offsets.get(1)).toEpochMilli();
    }
    return at.atZone(zone).toInstant().toEpochMilli();
  }

  private static int digits(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new NumberFormatException(text);
      }
      number = 10 * number + digit;
    }
    return number;
  }
}
