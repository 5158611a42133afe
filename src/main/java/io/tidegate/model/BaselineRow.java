package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/**
 * What history expects of a metric, or of an outcome's volume, in an hour of the week: one row of
 * {@code baselines}. Null figures cannot be said.
 *
 * @param validFromMs end of the history used
 * @param metricKey hash of the metric's definition, with the trigger or the flag at which units
 *     enter; {@code outcome:NAME} for a volume
 * @param metric the metric's name; the outcome's for a volume
 * @param hourOfWeek 0 for Monday 00:00 in the business's time zone to 167; {@link #WHOLE_WEEK}
 * @param expected the metric's value of units that enter in the hour; of a volume outcomes an hour
 * @param lower lower end of the 95 % predictive interval
 * @param unitMean mean per unit over the metric's window; null but for the whole week
 * @param unitRate share of units with a number other than 0
 * @param unitsPerHour units that enter in such an hour
 * @param observations hours behind the row
 * @param details JSON of the model's parameters
 */
public record BaselineRow(
    long validFromMs,
    long historyStartMs,
    String metricKey,
    String metric,
    String dimension,
    String segment,
    int hourOfWeek,
    @Nullable Double expected,
    @Nullable Double lower,
    @Nullable Double upper,
    @Nullable Double unitMean,
    @Nullable Double unitVariance,
    @Nullable Double unitRate,
    @Nullable Double unitsPerHour,
    long observations,
    boolean provisional,
    String estimator,
    String details) {

  /** Hour of week of a row that speaks of the whole week. */
  public static final int WHOLE_WEEK = -1;

  /** Key of the volume of an outcome, which no metric's hash can be. */
  public static String volumeKey(String outcome) {
    return "outcome:" + outcome;
  }
}
