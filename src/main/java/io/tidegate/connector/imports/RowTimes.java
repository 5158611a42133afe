package io.tidegate.connector.imports;

import io.tidegate.model.DeadLetterReason;
import io.tidegate.spec.ImportMapping.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the time of a row. A date without a time of day is its first instant. */
final class RowTimes {

  private static final long LATEST_MS = 4_102_444_800_000L; // 2100-01-01T00:00:00Z
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern(
          "uuuu-MM-dd[['T'][' ']HH:mm[:ss[.SSSSSSSSS][.SSSSSS][.SSS]]][XXX][XX][X]", Locale.ROOT);

  private final BoundText at;
  private final @Nullable DateTimeFormatter pattern;
  private final ZoneId zone;

  RowTimes(Clock.Dated clock, BoundText at) {
    this.at = at;
    this.pattern =
        clock.pattern() == null ? null : DateTimeFormatter.ofPattern(clock.pattern(), Locale.ROOT);
    this.zone = clock.zone();
  }

  /** Epoch milliseconds, from 1970 up to 2100. */
  long of(Row row) throws BadRow {
    String text = at.of(row);
    try {
      if (pattern == null && isNumber(text)) {
        return checked(Long.parseLong(text), at.path(), text);
      }
      TemporalAccessor parsed = (pattern == null ? ISO : pattern).parse(text);
      return checked(instant(parsed).toEpochMilli(), at.path(), text);
    } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
      String expected = pattern == null ? "an ISO-8601 time or epoch milliseconds" : "a time";
      throw new BadRow(DeadLetterReason.BAD_TIME, at.path(), text, expected);
    }
  }

  /** Refuses a time that no record can carry. */
  static long checked(long timeMs, String field, String text) throws BadRow {
    if (timeMs < 0 || timeMs >= LATEST_MS) {
      throw new BadRow(DeadLetterReason.ABSURD_TIME, field, text, "a time from 1970 to 2099");
    }
    return timeMs;
  }

  private Instant instant(TemporalAccessor parsed) {
    ZoneId stated = parsed.query(TemporalQueries.zone());
    LocalDate date = LocalDate.from(parsed);
    LocalTime time = parsed.query(TemporalQueries.localTime());
    LocalDateTime local = date.atTime(time == null ? LocalTime.MIDNIGHT : time);
    return local.atZone(stated == null ? zone : stated).toInstant();
  }

  private static boolean isNumber(String text) {
    return text.length() >= 9 && text.chars().allMatch(Character::isDigit);
  }
}
