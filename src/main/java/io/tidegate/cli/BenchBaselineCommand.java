package io.tidegate.cli;

import io.tidegate.cli.bench.BenchResult;
import io.tidegate.cli.bench.SeasonBench;
import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how fast baselines are built. */
@Command(
    name = "baseline",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measure the baseline's model, fitted as of the end of every week to eight weeks of hourly"
          + " counts, against DuckDB computing only the medians of the hours of the week from the"
          + " same Parquet files: as of the end of every week too (medians), and once over the whole"
          + " history (medians_once).",
      "Then one night's update (night), and that of half the history."
    })
final class BenchBaselineCommand implements Callable<Integer> {

  private static final int MOST_THREADS = 4;

  @Mixin private OutputOption output;

  @Option(
      names = "--series",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Series of hourly counts (default: ${DEFAULT-VALUE}).")
  private int series;

  @Option(
      names = "--weeks",
      paramLabel = "N",
      defaultValue = "104",
      description = "Weeks of history (default: ${DEFAULT-VALUE}).")
  private int weeks;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description = "Measured runs, after those that warm up (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--warm-ups",
      paramLabel = "N",
      defaultValue = "1",
      description = "Runs before the measured ones (default: ${DEFAULT-VALUE}).")
  private int warmUps;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  BenchBaselineCommand() {}

  @Override
  public Integer call() throws Exception {
    List<Problem> problems = new ArrayList<>();
    BenchCommand.require(problems, "--series", series, 1, "");
    BenchCommand.require(problems, "--weeks", weeks, SeasonBench.LEAST_WEEKS, "");
    BenchCommand.require(problems, "--runs", runs, 1, "");
    BenchCommand.require(problems, "--warm-ups", warmUps, 0, "");
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
    int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    Path folder = Files.createTempDirectory("tidegate-bench");
    try {
      Map<String, BenchResult.Figure> figures =
          SeasonBench.run(
              new SeasonBench.Plan(folder, series, weeks, runs, warmUps, threads),
              line -> output.err().println(line));
      output.print(BenchCommand.table(figures));
    } finally {
      BenchCommand.remove(folder);
    }
    return Tidegate.OK;
  }
}
