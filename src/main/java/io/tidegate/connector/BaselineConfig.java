package io.tidegate.connector;

import java.io.Serializable;
import java.time.LocalDate;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whose week the baseline learns.
 *
 * @param timeZone time zone of the business, as in the tz database; its clock tells the hour of the
 *     week, daylight saving included
 * @param holidays country whose public holidays are no usual days, such as {@code de} or {@code
 *     us-dc}; empty for none
 * @param events the business's own dates that are no usual days: sales, launches
 */
public record BaselineConfig(String timeZone, String holidays, Set<LocalDate> events)
    implements Serializable {

  /** UTC, no holidays. */
  public static final BaselineConfig DEFAULT = new BaselineConfig("UTC", "", Set.of());

  public BaselineConfig {
    events = Set.copyOf(events);
  }

  /** The days from one year to another, both included, that are no usual days, in order. */
  public Set<LocalDate> unusualDays(int firstYear, int lastYear) {
    Set<LocalDate> days = new TreeSet<>(events);
    if (!holidays.isEmpty()) {
      days.addAll(Holidays.of("baseline.holidays", holidays, firstYear, lastYear));
    }
    return days;
  }
}
