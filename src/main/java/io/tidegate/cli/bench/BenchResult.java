package io.tidegate.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What was measured.
 *
 * @param setup sizes and machine, by name
 * @param figures by name; ratios are among them with their spread, each of two runs of one round
 * @param ratios median of each ratio measured, by name
 * @param refreshes what an answer costs as history grows
 */
public record BenchResult(
    Map<String, Long> setup,
    Map<String, Figure> figures,
    Map<String, Double> ratios,
    List<Refresh> refreshes) {

  /** Events a second. */
  static final String RATE = "events/s";

  /** CPU-seconds of the process a million events. */
  static final String CPU = "CPU-s/million events";

  static final String STATE = "B/unit";

  /** Ids of events within the horizon, of which state must know whether they were counted. */
  static final String IDS = "ids/unit";

  static final String SECONDS = "s";

  /** CPU-seconds of the process for one more answer. */
  static final String REFRESH = "CPU-s/refresh";

  static final String RATIO = "ratio";

  /** What an answer costs in the last third of history over what it costs in the first. */
  static final String GROWTH = "last third/first third";

  /** One figure over all runs. */
  public record Figure(double median, double min, double max, String unit) {

    static Figure of(List<Double> runs, String unit) {
      double[] sorted = runs.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      int n = sorted.length;
      double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
      return new Figure(rounded(median), rounded(sorted[0]), rounded(sorted[n - 1]), unit);
    }
  }

  /**
   * The cost of an answer.
   *
   * @param history events it is about
   * @param gate since the last measured one, by look; reading and decoding the events included
   * @param warehouse scanning the whole history, which is loaded
   */
  public record Refresh(long history, Figure gate, Figure warehouse) {}

  /** A ratio of two engines' rates, and what it should be at least. */
  record Ratio(String name, String above, String below, double aim) {}

  /** The ratios. */
  static List<Ratio> ratios(boolean manyUnits) {
    String many = manyUnits ? "gate_" + Bench.MANY : "gate";
    return List.of(
        new Ratio("gate_over_decode", "gate", "decode", 0.5),
        new Ratio("gate_over_flink_sql", "gate", "flink_sql", 10),
        new Ratio("gate_over_textbook", "gate", "textbook", 5),
        new Ratio("hundred_rollouts", "gate_hundred_rollouts", "gate", 0.5),
        new Ratio("hot_rollout", "gate_hot_rollout", "gate_hundred_rollouts", 0.9),
        new Ratio("many_units", many, "gate_few_units", 0.7),
        new Ratio("poison", "gate_poison", "gate", 0.9));
  }

  /** Ratios beside those that have an aim. */
  static final List<Ratio> FURTHER_RATIOS =
      List.of(
          new Ratio("dense_hundred_rollouts", "gate_dense_hundred_rollouts", "gate_dense", 0.5),
          new Ratio("gate_over_flink_sql_light", "gate", "flink_sql_light", 0),
          new Ratio("gate_over_textbook_light", "gate", "textbook_light", 0));

  static Stream<Ratio> everyRatio(boolean manyUnits) {
    return Stream.concat(ratios(manyUnits).stream(), FURTHER_RATIOS.stream());
  }

  /** Growth of what an answer costs, from medians. */
  static Figure growth(List<Refresh> refreshes, Function<Refresh, Figure> of) {
    int third = Math.max(1, refreshes.size() / 3);
    double first = mean(refreshes.subList(0, third), of);
    double last = mean(refreshes.subList(refreshes.size() - third, refreshes.size()), of);
    return Figure.of(List.of(last / first), GROWTH);
  }

  private static double mean(List<Refresh> refreshes, Function<Refresh, Figure> of) {
    return refreshes.stream().mapToDouble(r -> of.apply(r).median()).average().orElse(Double.NaN);
  }

  static BenchResult of(
      Map<String, Long> setup, Map<String, Figure> figures, List<Refresh> refreshes) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    ratios(false)
        .forEach(
            ratio -> {
              Figure figure = figures.get(ratio.name());
              if (figure != null) {
                ratios.put(ratio.name(), figure.median());
              }
            });
    return new BenchResult(setup, figures, ratios, refreshes);
  }

  /** Three places, or none from a thousand on. */
  static double rounded(double number) {
    double scale = Math.abs(number) >= 1_000 ? 1 : 1_000;
    return Math.round(number * scale) / scale;
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

  static String idsOf(String engine) {
    return engine + "_ids";
  }
}
