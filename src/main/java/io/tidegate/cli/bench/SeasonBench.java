package io.tidegate.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Builds the baselines of every week from Parquet files of hourly counts, beside DuckDB, which
 * computes only the medians of the hours of the week from the same files, round after round.
 */
public final class SeasonBench {

  /** Shortest history: a night reads eight weeks, of half of it too. */
  public static final int LEAST_WEEKS = 4 * SeasonBuild.HISTORY_WEEKS;

  /** Of the busiest series: medians are not the model, but near what it expects. */
  private static final double LARGEST_DIFFERENCE = 0.1;

  /**
   * What is measured.
   *
   * @param folder of the files, empty
   * @param series of hourly counts
   * @param weeks of history
   * @param runs measured
   * @param warmUps runs before them
   * @param threads of each side
   */
  public record Plan(Path folder, int series, int weeks, int runs, int warmUps, int threads) {}

  private final Plan plan;
  private final Consumer<String> progress;
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
  private final Map<String, List<Double>> cpu = new LinkedHashMap<>();

  private SeasonBench(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  private interface Work {
    void run() throws Exception;
  }

  /**
   * Throws an IllegalStateException where the two disagree on what is usual.
   *
   * @param progress takes a line a step
   * @return figures by name
   */
  public static Map<String, BenchResult.Figure> run(Plan plan, Consumer<String> progress)
      throws Exception {
    SeasonBench bench = new SeasonBench(plan, progress);
    bench.rounds();
    return bench.figures();
  }

  private void rounds() throws Exception {
    try (SeasonMedians medians = SeasonMedians.open(plan.threads())) {
      medians.write(plan.folder(), plan.series(), plan.weeks());
      progress.accept("wrote " + plan.series() + " series of " + plan.weeks() + " weeks");
      for (int round = 1 - plan.warmUps(); round <= plan.runs(); round++) {
        round(round, medians);
      }
    }
  }

  private void round(int round, SeasonMedians medians) throws Exception {
    SeasonBuild whole = build(plan.weeks());
    measure(round, "build", whole::everyWeek);
    measure(round, "medians", () -> medians.everyWeek(plan.folder()));
    measure(round, "medians_once", () -> medians.once(plan.folder()));
    check(whole, medians);
    measure(round, "night", () -> build(plan.weeks()).lastWeek());
    measure(round, "night_of_half", () -> build(plan.weeks() / 2).lastWeek());
  }

  private SeasonBuild build(int weeks) {
    return new SeasonBuild(plan.folder(), plan.series(), weeks, plan.threads());
  }

  private void check(SeasonBuild build, SeasonMedians medians)
      throws SQLException, IOException, InterruptedException, ExecutionException {
    double apart = 0;
    double[] expected = build.newest(plan.series() - 1);
    double[] median = medians.newest(plan.series() - 1);
    for (int h = 0; h < expected.length; h++) {
      apart += Math.abs(expected[h] / median[h] - 1) / expected.length;
    }
    if (!(apart < LARGEST_DIFFERENCE)) {
      throw new IllegalStateException(
          "the model differs from the medians by " + apart + " in the mean");
    }
  }

  private void measure(int round, String name, Work work) throws Exception {
    long began = System.nanoTime();
    double before = Stopwatch.cpuSeconds();
    work.run();
    double spent = Stopwatch.cpuSeconds() - before;
    double took = (System.nanoTime() - began) / 1e9;
    progress.accept(
        "%s %s: %.2f s, %.2f CPU-s"
            .formatted(round < 1 ? "warm-up" : "run " + round, name, took, spent));
    if (round > 0) {
      seconds.computeIfAbsent(name, n -> new ArrayList<>()).add(took);
      cpu.computeIfAbsent(name, n -> new ArrayList<>()).add(spent);
    }
  }

  private Map<String, BenchResult.Figure> figures() {
    Map<String, BenchResult.Figure> figures = new LinkedHashMap<>();
    seconds.forEach(
        (name, runs) -> figures.put(name, BenchResult.Figure.of(runs, BenchResult.SECONDS)));
    cpu.forEach((name, runs) -> figures.put(name + "_cpu", BenchResult.Figure.of(runs, "CPU-s")));
    figures.put("medians_over_build", ratio(seconds, "medians", "build"));
    figures.put("medians_over_build_cpu", ratio(cpu, "medians", "build"));
    figures.put("medians_once_over_build", ratio(seconds, "medians_once", "build"));
    figures.put("night_over_night_of_half_cpu", ratio(cpu, "night", "night_of_half"));
    return figures;
  }

  private static BenchResult.Figure ratio(
      Map<String, List<Double>> all, String above, String below) {
    List<Double> dividends = all.getOrDefault(above, List.of());
    List<Double> divisors = all.getOrDefault(below, List.of());
    List<Double> each = new ArrayList<>();
    for (int run = 0; run < dividends.size(); run++) {
      each.add(dividends.get(run) / divisors.get(run));
    }
    return BenchResult.Figure.of(each, BenchResult.RATIO);
  }
}
