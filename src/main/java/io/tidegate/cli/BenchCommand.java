package io.tidegate.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tidegate.cli.bench.Bench;
import io.tidegate.cli.bench.BenchPlan;
import io.tidegate.cli.bench.BenchResult;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the gate and its rivals. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measure the gate, from Kafka's JSON to its signals, against plain reading, plain decoding, a"
          + " fold in memory, Flink SQL and a textbook Flink job, over the same records of a broker"
          + " in this process.",
      "Each engine's result is checked; one that differs ends the bench with exit code 1."
    })
final class BenchCommand implements Callable<Integer> {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final int EVENTS = 4_000_000;
  private static final int QUICK_EVENTS = 500_000;
  private static final int UNITS = 400_000;
  private static final int QUICK_UNITS = 50_000;
  private static final int RUNS = 5;
  private static final int QUICK_RUNS = 3;
  private static final int MOST_THREADS = 4;

  @Mixin private OutputOption output;

  @Option(
      names = "--events",
      paramLabel = "N",
      description = "Events of each world (default: " + EVENTS + ").")
  private @Nullable Integer events;

  @Option(
      names = "--units",
      paramLabel = "N",
      description = "Units they are of (default: " + UNITS + ").")
  private @Nullable Integer units;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description =
          "Measured runs of each engine, after one that warms up (default: " + RUNS + ").")
  private @Nullable Integer runs;

  @Option(
      names = "--quick",
      description =
          "A smaller bench of a few minutes: --events "
              + QUICK_EVENTS
              + " --units "
              + QUICK_UNITS
              + " --runs "
              + QUICK_RUNS
              + " where they are not given.")
  private boolean quick;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "New folder for the broker's and Flink's data, kept (default: one that is not).")
  private @Nullable Path folder;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  BenchCommand() {}

  @Override
  public Integer call() throws Exception {
    int wantedEvents = or(events, quick ? QUICK_EVENTS : EVENTS);
    int wantedUnits = or(units, quick ? QUICK_UNITS : UNITS);
    int wantedRuns = or(runs, quick ? QUICK_RUNS : RUNS);
    check(wantedEvents, wantedUnits, wantedRuns);
    int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
    Path place = folder == null ? Files.createTempDirectory("tidegate-bench") : folder;
    try {
      print(
          Bench.run(
              new BenchPlan(place, wantedEvents, wantedUnits, wantedRuns, threads),
              line -> output.err().println(line)));
    } finally {
      if (folder == null) {
        remove(place);
      }
    }
    return Tidegate.OK;
  }

  private static int or(@Nullable Integer given, int standard) {
    return given == null ? standard : given;
  }

  private void check(int wantedEvents, int wantedUnits, int wantedRuns) {
    List<Problem> problems = new ArrayList<>();
    if (wantedUnits < BenchPlan.LEAST_UNITS) {
      problems.add(
          new Problem(
              "--units", "", Integer.toString(wantedUnits), "at least " + BenchPlan.LEAST_UNITS));
    }
    if (wantedEvents < BenchPlan.leastEvents(wantedUnits)) {
      problems.add(
          new Problem(
              "--events",
              "",
              Integer.toString(wantedEvents),
              "at least five a unit: " + BenchPlan.leastEvents(wantedUnits)));
    }
    if (wantedRuns < 1) {
      problems.add(new Problem("--runs", "", Integer.toString(wantedRuns), "at least 1"));
    }
    if (folder != null && EmbeddedPlatform.isUsed(folder)) {
      problems.add(new Problem("--dir", "", folder.toString(), "a folder not used before"));
    }
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
  }

  private static void remove(Path place) throws IOException {
    EmbeddedPlatform.clear(place);
    try (java.util.stream.Stream<Path> left = Files.walk(place)) {
      for (Path path : left.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private void print(BenchResult result) throws JsonProcessingException {
    if (output.format() == OutputOption.Format.JSON) {
      output.out().println(JSON.writeValueAsString(result));
      output.out().flush();
      return;
    }
    ResultTable table = new ResultTable("figure", "median", "min", "max", "unit");
    result.figures().forEach((name, f) -> table.row(name, f.median(), f.min(), f.max(), f.unit()));
    result.ratios().forEach((name, ratio) -> table.row(name, ratio, null, null, "ratio"));
    output.print(table);
  }
}
