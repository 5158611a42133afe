package io.tidegate.codec;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

/** Reads ISO-8601 instants that state their zone. */
final class EventTime {

  /** Returned for text that is no such instant. */
  static final long BAD = Long.MIN_VALUE;

  private static final long DAY_MS = 86_400_000L;

  private EventTime() {}

  /** Epoch milliseconds, fractions cut; {@link #BAD} where the text has no zone or no sense. */
  static long parse(String text) {
    long fast = plain(text);
    if (fast != BAD) {
      return fast;
    }
    try {
      return OffsetDateTime.parse(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
          .toInstant()
          .toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return BAD;
    }
  }

  /** {@code yyyy-MM-ddTHH:mm:ss[.fraction]Z}, by far the commonest; {@link #BAD} for the rest. */
  private static long plain(String text) {
    int n = text.length();
    if (n < 20 || n > 30 || text.charAt(n - 1) != 'Z' || !separators(text)) {
      return BAD;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 7);
    int day = digits(text, 8, 10);
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, 16);
    int second = digits(text, 17, 19);
    int ms = n == 20 ? 0 : fraction(text, 19, n - 1);
    boolean sound =
        year >= 1970
            && month >= 1
            && month <= 12
            && day >= 1
            && day <= 28
            && inRange(hour, 23)
            && inRange(minute, 59)
            && inRange(second, 59)
            && ms >= 0;
    if (!sound) {
      return BAD;
    }
    return epochDay(year, month, day) * DAY_MS
        + ((hour * 60L + minute) * 60L + second) * 1000L
        + ms;
  }

  private static boolean separators(String text) {
    return text.charAt(4) == '-'
        && text.charAt(7) == '-'
        && text.charAt(10) == 'T'
        && text.charAt(13) == ':'
        && text.charAt(16) == ':';
  }

  private static boolean inRange(int value, int most) {
    return value >= 0 && value <= most;
  }

  private static int digits(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static int fraction(String text, int dot, int end) {
    if (text.charAt(dot) != '.' || end - dot < 2 || digits(text, dot + 1, end) < 0) {
      return -1;
    }
    int ms = 0;
    for (int i = 1; i <= 3; i++) {
      ms = ms * 10 + (dot + i < end ? text.charAt(dot + i) - '0' : 0);
    }
    return ms;
  }

  /** Days since 1970-01-01 (Hinnant, days_from_civil). */
  private static long epochDay(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400;
    int yearOfEra = y - era * 400;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097L + dayOfEra - 719_468L;
  }
}
