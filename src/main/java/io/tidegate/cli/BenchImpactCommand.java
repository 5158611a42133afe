package io.tidegate.cli;

import io.tidegate.cli.bench.impact.ImpactBench;
import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures job {@code impact} beside DuckDB. */
@Command(
    name = "impact",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measure job impact over months of outcomes beside DuckDB, which computes the same retention"
          + " matrix and revenue curves from the same Parquet files.",
      "A cell in which the two differ ends the bench with exit code 1."
    })
final class BenchImpactCommand implements Callable<Integer> {

  private static final int LEAST_UNITS = 1_000;
  private static final int LEAST_DAYS = 28;

  @Mixin private OutputOption output;

  @Option(
      names = "--units",
      paramLabel = "N",
      split = ",",
      defaultValue = "500000,1000000",
      description = "Units of each history, in turn (default: ${DEFAULT-VALUE}).")
  private List<Integer> units;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "180",
      description = "Days of each history (default: ${DEFAULT-VALUE}).")
  private int days;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "2",
      description = "Runs of both engines over each history (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Threads of each engine (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "New folder for the histories, kept (default: one that is not).")
  private @Nullable Path folder;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  BenchImpactCommand() {}

  @Override
  public Integer call() throws Exception {
    check();
    Path place = folder == null ? Files.createTempDirectory("tidegate-bench") : folder;
    try {
      print(
          ImpactBench.run(
              new ImpactBench.Plan(place, units, days, runs, threads),
              line -> output.err().println(line)));
    } finally {
      if (folder == null) {
        BenchCommand.remove(place);
      }
    }
    return Tidegate.OK;
  }

  private void check() {
    List<Problem> problems = new ArrayList<>();
    for (int wanted : units) {
      BenchCommand.require(problems, "--units", wanted, LEAST_UNITS, "");
    }
    BenchCommand.require(problems, "--days", days, LEAST_DAYS, "");
    BenchCommand.require(problems, "--runs", runs, 1, "");
    BenchCommand.require(problems, "--threads", threads, 1, "");
    if (folder != null && Files.exists(folder)) {
      problems.add(new Problem("--dir", "", folder.toString(), "a folder not used before"));
    }
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
  }

  private void print(List<ImpactBench.Result> results) {
    ResultTable table =
        new ResultTable(
            "units",
            "rows",
            "run",
            "impact_seconds",
            "impact_cpu_seconds",
            "impact_heap_bytes",
            "duckdb_seconds",
            "duckdb_cpu_seconds",
            "impact_speed_of_duckdb",
            "impact_seconds_a_million_units");
    for (ImpactBench.Result r : results) {
      table.row(
          r.units(),
          r.rows(),
          r.run(),
          rounded(r.jobSeconds()),
          rounded(r.jobCpuSeconds()),
          r.jobHeapBytes(),
          rounded(r.duckDbSeconds()),
          rounded(r.duckDbCpuSeconds()),
          rounded(r.speed()),
          rounded(r.jobSecondsAMillionUnits()));
    }
    output.print(table);
  }

  private static double rounded(double number) {
    return Math.round(number * 1_000) / 1_000.0;
  }
}
