package io.tidegate.connector;

import java.io.Serializable;

/**
 * Whose week the baseline learns.
 *
 * @param timeZone time zone of the business, as in the tz database; its clock tells the hour of the
 *     week, daylight saving included
 * @param holidays country whose public holidays are no usual days, such as {@code de} or {@code
 *     us-dc}; empty for none
 */
public record BaselineConfig(String timeZone, String holidays) implements Serializable {

  /** UTC, no holidays. */
  public static final BaselineConfig DEFAULT = new BaselineConfig("UTC", "");
}
