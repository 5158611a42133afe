package io.tidegate.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tidegate.cli.bench.Bench;
import io.tidegate.cli.bench.BenchChart;
import io.tidegate.cli.bench.BenchPlan;
import io.tidegate.cli.bench.BenchResult;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    subcommands = {BenchBaselineCommand.class, BenchImpactCommand.class},
    description = {
      "Measure the gate, from Kafka's JSON to its signals, against plain reading, plain decoding, a"
          + " fold in memory, Flink SQL, a textbook Flink job and a warehouse that scans its"
          + " history at each refresh, over the same records of a broker in this process.",
      "Then the time from what moves the watermark past a boundary to a reader of its signal, at"
          + " half the rate that the gate reached.",
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
  private static final int LATENCY_SECONDS = 60;
  private static final int QUICK_LATENCY_SECONDS = 30;

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
          "Measured runs of each engine, after those that warm up (default: " + RUNS + ").")
  private @Nullable Integer runs;

  @Option(
      names = "--warm-ups",
      paramLabel = "N",
      defaultValue = "1",
      description = "Runs of each engine before the measured ones (default: ${DEFAULT-VALUE}).")
  private int warmUps;

  @Option(
      names = "--many-units",
      paramLabel = "N",
      description =
          "Also a world of N units, at least five events each, for ratio many_units; without it"
              + " that is of --units.")
  private @Nullable Integer manyUnits;

  @Option(
      names = "--ratio",
      paramLabel = "NAME",
      description =
          "Measure only what this ratio needs, without refreshes and latencies; may be given"
              + " again.")
  private List<String> ratios = List.of();

  @Option(
      names = "--latency-seconds",
      paramLabel = "N",
      description =
          "How long latencies are measured with each kind of delivery, 0 for not at all (default: "
              + LATENCY_SECONDS
              + ").")
  private @Nullable Integer latencySeconds;

  @Option(
      names = "--checkpoint-interval",
      paramLabel = "DURATION",
      defaultValue = "PT5S",
      description =
          "Of every job, but twelve times that with --many-units (default: ${DEFAULT-VALUE}).")
  private Duration checkpointInterval;

  @Option(
      names = "--out-of-order",
      paramLabel = "DURATION",
      defaultValue = "PT10S",
      description = "Out-of-order bound while latencies are measured (default: ${DEFAULT-VALUE}).")
  private Duration outOfOrder;

  @Option(
      names = "--quick",
      description =
          "A smaller bench of less than ten minutes, without RocksDB: --events "
              + QUICK_EVENTS
              + " --units "
              + QUICK_UNITS
              + " --runs "
              + QUICK_RUNS
              + " --latency-seconds "
              + QUICK_LATENCY_SECONDS
              + " where they are not given.")
  private boolean quick;

  @Option(
      names = "--chart",
      paramLabel = "OUT.html",
      description = "Also write a page with the figures as charts.")
  private @Nullable Path chart;

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
    Path place = folder == null ? Files.createTempDirectory("tidegate-bench") : folder;
    BenchPlan plan =
        new BenchPlan(
            place,
            or(events, quick ? QUICK_EVENTS : EVENTS),
            or(units, quick ? QUICK_UNITS : UNITS),
            or(manyUnits, 0),
            or(runs, quick ? QUICK_RUNS : RUNS),
            warmUps,
            Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()),
            checkpointInterval.toMillis(),
            !quick,
            or(latencySeconds, quick ? QUICK_LATENCY_SECONDS : LATENCY_SECONDS),
            outOfOrder.toMillis(),
            Set.copyOf(ratios));
    try {
      check(plan);
      BenchResult result = Bench.run(plan, line -> output.err().println(line));
      print(result);
      if (chart != null) {
        ChartFile.write(chart, BenchChart.html(result));
      }
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

  private void check(BenchPlan plan) {
    List<Problem> problems = new ArrayList<>();
    require(problems, "--units", plan.units(), BenchPlan.LEAST_UNITS, "");
    require(
        problems, "--events", plan.events(), BenchPlan.leastEvents(plan.units()), ", five a unit");
    if (manyUnits != null) {
      require(problems, "--many-units", plan.manyUnits(), BenchPlan.LEAST_UNITS, "");
    }
    require(problems, "--runs", plan.runs(), 1, "");
    require(problems, "--warm-ups", plan.warmUps(), 0, "");
    require(problems, "--latency-seconds", plan.latencySeconds(), 0, "");
    for (String ratio : ratios) {
      if (!BenchPlan.ratioNames().contains(ratio)) {
        problems.add(
            new Problem(
                "--ratio", "", ratio, "one of " + String.join(", ", BenchPlan.ratioNames())));
      }
    }
    if (chart != null && !ratios.isEmpty()) {
      problems.add(new Problem("--chart", "", chart.toString(), "no --ratio beside it"));
    }
    require(problems, "--checkpoint-interval", checkpointInterval);
    require(problems, "--out-of-order", outOfOrder);
    if (folder != null && EmbeddedPlatform.isUsed(folder)) {
      problems.add(new Problem("--dir", "", folder.toString(), "a folder not used before"));
    }
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
  }

  static void require(List<Problem> problems, String option, int found, long least, String why) {
    if (found < least) {
      problems.add(new Problem(option, "", Integer.toString(found), "at least " + least + why));
    }
  }

  private static void require(List<Problem> problems, String option, Duration found) {
    if (found.toMillis() <= 0) {
      problems.add(new Problem(option, "", found.toString(), "a duration above 0"));
    }
  }

  static void remove(Path place) throws IOException {
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
    output.print(table(result.figures()));
  }

  static ResultTable table(Map<String, BenchResult.Figure> figures) {
    ResultTable table = new ResultTable("figure", "median", "min", "max", "unit");
    figures.forEach((name, f) -> table.row(name, f.median(), f.min(), f.max(), f.unit()));
    return table;
  }
}
