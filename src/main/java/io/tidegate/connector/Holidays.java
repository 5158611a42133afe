package io.tidegate.connector;

import de.focus_shift.jollyday.core.Holiday;
import de.focus_shift.jollyday.core.HolidayManager;
import de.focus_shift.jollyday.core.ManagerParameters;
import io.tidegate.model.UserError;
import java.time.LocalDate;
import java.time.Year;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Public holidays by country, or by a part of one as in {@code us-dc}. */
public final class Holidays {

  private Holidays() {}

  /** Whether there is a calendar of a country. */
  static boolean known(String country) {
    try {
      return !of("", country, 2026, 2026).isEmpty();
    } catch (UserError e) {
      return false;
    }
  }

  /** The dates from one year to another, both included; a {@link UserError} without a calendar. */
  public static Set<LocalDate> of(String option, String country, int firstYear, int lastYear) {
    String[] parts = country.toLowerCase(Locale.ROOT).split("-", -1);
    Set<LocalDate> dates = new HashSet<>();
    try {
      HolidayManager manager = HolidayManager.getInstance(ManagerParameters.create(parts[0]));
      String[] within = Arrays.copyOfRange(parts, 1, parts.length);
      for (int year = firstYear; year <= lastYear; year++) {
        Set<Holiday> holidays = manager.getHolidays(Year.of(year), within);
        holidays.forEach(each -> dates.add(each.getDate()));
      }
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new UserError(
          option, "", country, "the code of a country such as de, or of a part such as us-dc");
    }
    return dates;
  }
}
