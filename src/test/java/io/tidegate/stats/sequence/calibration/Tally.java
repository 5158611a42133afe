package io.tidegate.stats.sequence.calibration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** First crossings by method over many runs. */
public final class Tally {

  private final Map<String, List<Double>> firsts = new LinkedHashMap<>();
  private final Map<String, Double> run = new LinkedHashMap<>();
  private int runs;

  /** One look of one method in the current run. */
  public void look(String method, boolean crosses, double at) {
    double first = run.getOrDefault(method, Double.POSITIVE_INFINITY);
    run.put(method, crosses ? Math.min(first, at) : first);
  }

  /** Whether the method has crossed in the current run: later looks change nothing. */
  public boolean done(String method) {
    return run.getOrDefault(method, Double.POSITIVE_INFINITY) < Double.POSITIVE_INFINITY;
  }

  public void endRun() {
    run.forEach((m, first) -> firsts.computeIfAbsent(m, k -> new ArrayList<>()).add(first));
    run.clear();
    runs++;
  }

  public int runs() {
    return runs;
  }

  /** Percent of runs that ever cross. */
  public double percent(String method) {
    return 100.0 * crossed(method) / runs;
  }

  /** One Monte-Carlo standard error of the percentage. */
  public double error(String method) {
    return error(percent(method), runs);
  }

  static double error(double percent, int runs) {
    double p = percent / 100;
    return 100 * Math.sqrt(Math.max(p * (1 - p), 0.25 / runs) / runs);
  }

  /** Median first crossing over all runs, infinite where fewer than half cross. */
  public double median(String method) {
    return quantile(method, 0.5);
  }

  /** One standard error of the median, from the order statistics around it. */
  public double medianError(String method) {
    double half = 0.5 / Math.sqrt(runs);
    return (quantile(method, 0.5 + half) - quantile(method, 0.5 - half)) / 2;
  }

  private double quantile(String method, double q) {
    List<Double> sorted = firsts.getOrDefault(method, List.of()).stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(q * sorted.size())));
  }

  /** Runs that ever cross. */
  long crossed(String method) {
    return firsts.getOrDefault(method, List.of()).stream()
        .filter(f -> f < Double.POSITIVE_INFINITY)
        .count();
  }
}
