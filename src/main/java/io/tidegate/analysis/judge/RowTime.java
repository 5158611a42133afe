package io.tidegate.analysis.judge;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * The time of an aggregate: a number, or an ISO-8601 date or date-time (UTC where no zone is
 * given).
 *
 * @param text as written
 * @param order seconds since 1970, or the number itself
 * @param numeric whether it was a number
 */
public record RowTime(String text, BigDecimal order, boolean numeric)
    implements Comparable<RowTime> {

  /** Where a file has no times. */
  public static final RowTime NONE = new RowTime("", BigDecimal.ZERO, true);

  /** Reads a time; empty where it is none. */
  public static Optional<RowTime> parse(String text) {
    String t = text.strip();
    if (t.isEmpty() || t.length() > 40) {
      return Optional.empty();
    }
    try {
      return Optional.of(new RowTime(t, new BigDecimal(t), true));
    } catch (NumberFormatException notANumber) {
      return instant(t).map(i -> new RowTime(t, seconds(i), false));
    }
  }

  private static Optional<Instant> instant(String text) {
    String t = text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
    try {
      if (t.length() <= 10) {
        return Optional.of(LocalDate.parse(t).atStartOfDay().toInstant(ZoneOffset.UTC));
      }
      boolean zoned = t.endsWith("Z") || t.lastIndexOf('+') > 10 || t.lastIndexOf('-') > 10;
      return Optional.of(
          zoned
              ? OffsetDateTime.parse(t).toInstant()
              : LocalDateTime.parse(t).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException notATime) {
      return Optional.empty();
    }
  }

  private static BigDecimal seconds(Instant instant) {
    return BigDecimal.valueOf(instant.getEpochSecond())
        .add(BigDecimal.valueOf(instant.getNano(), 9));
  }

  @Override
  public int compareTo(RowTime other) {
    return order.compareTo(other.order);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowTime time && order.compareTo(time.order) == 0;
  }

  @Override
  public int hashCode() {
    return order.stripTrailingZeros().hashCode();
  }
}
