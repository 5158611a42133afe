package io.tidegate.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured.
 *
 * @param figures by name
 * @param ratios by name, of medians
 */
public record BenchResult(Map<String, Figure> figures, Map<String, Double> ratios) {

  /** Events a second. */
  static final String RATE = "events/s";

  /** CPU-seconds of the process a million events. */
  static final String CPU = "CPU-s/million events";

  static final String STATE = "B/unit";

  /** One figure over all runs. */
  public record Figure(double median, double min, double max, String unit) {

    static Figure of(List<Double> runs, String unit) {
      double[] sorted = runs.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      int n = sorted.length;
      double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
      return new Figure(rounded(median), rounded(sorted[0]), rounded(sorted[n - 1]), unit);
    }
  }

  /** Three places, or none from a thousand on. */
  static double rounded(double number) {
    double scale = Math.abs(number) >= 1_000 ? 1 : 1_000;
    return Math.round(number * scale) / scale;
  }

  static BenchResult of(Map<String, Figure> figures) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    put(ratios, "gate_over_decode", figures, "gate", "decode");
    put(ratios, "gate_over_flink_sql", figures, "gate", "flink_sql");
    put(ratios, "gate_over_textbook", figures, "gate", "textbook");
    put(ratios, "hundred_rollouts", figures, "gate_hundred_rollouts", "gate");
    put(ratios, "hot_rollout", figures, "gate_hot_rollout", "gate_hundred_rollouts");
    put(ratios, "many_units", figures, "gate", "gate_few_units");
    put(ratios, "poison", figures, "gate_poison", "gate");
    return new BenchResult(figures, ratios);
  }

  private static void put(
      Map<String, Double> ratios,
      String name,
      Map<String, Figure> figures,
      String above,
      String below) {
    ratios.put(name, rounded(rate(figures, above) / rate(figures, below)));
  }

  private static double rate(Map<String, Figure> figures, String engine) {
    Figure figure = figures.get(rateOf(engine));
    if (figure == null) {
      throw new IllegalStateException(engine + " was not measured");
    }
    return figure.median();
  }

  static String rateOf(String engine) {
    return engine + "_rate";
  }

  static String cpuOf(String engine) {
    return engine + "_cpu";
  }

  static String stateOf(String engine) {
    return engine + "_state";
  }
}
