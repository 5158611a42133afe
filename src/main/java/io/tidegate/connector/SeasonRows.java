package io.tidegate.connector;

import io.tidegate.model.BaselineVersion;
import io.tidegate.model.Seasonal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The hours of the week of metrics, of each metric those of its newest run. Mutable. */
final class SeasonRows {

  /** Digits of a number carried in a rollout's definition; the baseline is no better known. */
  private static final MathContext DIGITS = new MathContext(6);

  private record Run(BaselineVersion version, double[] expected, double[] units) {}

  private final Map<String, Run> runs = new HashMap<>();

  /** Notes a row; null figures are not known. */
  void add(
      String metricKey,
      BaselineVersion version,
      int hourOfWeek,
      @Nullable Double expected,
      @Nullable Double unitsPerHour) {
    Run run = runs.get(metricKey);
    if (run == null || run.version.compareTo(version) < 0) {
      run = new Run(version, unknown(), unknown());
      runs.put(metricKey, run);
    }
    if (run.version.equals(version) && hourOfWeek < Seasonal.HOURS) {
      run.expected[hourOfWeek] = expected == null ? Double.NaN : expected;
      run.units[hourOfWeek] = unitsPerHour == null ? Double.NaN : unitsPerHour;
    }
  }

  /** What is expected of the units that enter in each hour; empty where an hour is not known. */
  List<Double> expected(String metricKey) {
    Run run = runs.get(metricKey);
    return run == null ? List.of() : rounded(run.expected);
  }

  /** Units that enter in each hour. */
  List<Double> units(String metricKey) {
    Run run = runs.get(metricKey);
    return run == null ? List.of() : rounded(run.units);
  }

  private static double[] unknown() {
    double[] hours = new double[Seasonal.HOURS];
    Arrays.fill(hours, Double.NaN);
    return hours;
  }

  private static List<Double> rounded(double[] hours) {
    List<Double> rounded = new ArrayList<>(hours.length);
    for (double hour : hours) {
      if (!(hour >= 0) || Double.isInfinite(hour)) {
        return List.of();
      }
      rounded.add(rounded(hour));
    }
    return rounded;
  }

  static double rounded(double number) {
    return new BigDecimal(number).round(DIGITS).doubleValue();
  }
}
