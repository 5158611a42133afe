package io.tidegate.cli.bench.impact;

import io.tidegate.cli.bench.Resources;
import io.tidegate.codec.Tables;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.ReportReader;
import io.tidegate.job.ArchiveJob;
import io.tidegate.job.ImpactJob;
import io.tidegate.model.RolloutEvent;
import io.tidegate.spec.RolloutSpecs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.expressions.Expressions;

/** Measures job {@code impact} and DuckDB over the same files, for several numbers of units. */
public final class ImpactBench {

  private static final String ROLLOUT = VisitHistory.FLAG;
  private static final int HALF_DAY = 5;
  private static final List<String> RESULTS =
      List.of(
          Tables.RETENTION_CURVES,
          Tables.REVENUE_CURVES,
          Tables.IMPACT_REPORTS,
          Tables.STAGE_COMPARISONS);

  private final Plan plan;
  private final Consumer<String> progress;

  /**
   * What is measured.
   *
   * @param folder where histories are written, one folder a size
   * @param units numbers of units
   * @param days length of each history
   * @param runs of each engine, in turn
   * @param threads of each engine
   */
  public record Plan(Path folder, List<Integer> units, int days, int runs, int threads) {
    public Plan {
      units = List.copyOf(units);
    }
  }

  /**
   * One run of both engines.
   *
   * @param rows of both input tables
   * @param jobSeconds from the job's start to its rows being in the tables
   * @param jobCpuSeconds CPU of the process meanwhile
   * @param jobHeapBytes most that was alive in the heap after a collection
   */
  public record Result(
      int units,
      long rows,
      int run,
      double jobSeconds,
      double jobCpuSeconds,
      long jobHeapBytes,
      double duckDbSeconds,
      double duckDbCpuSeconds) {

    /** Speed of the job as a share of DuckDB's. */
    public double speed() {
      return duckDbSeconds / jobSeconds;
    }

    public double jobSecondsAMillionUnits() {
      return jobSeconds / units * 1e6;
    }
  }

  private ImpactBench(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /** Runs everything; an IllegalStateException where the two differ in any cell. */
  public static List<Result> run(Plan plan, Consumer<String> progress) throws Exception {
    ImpactBench bench = new ImpactBench(plan, progress);
    List<Result> results = new ArrayList<>();
    for (int units : plan.units()) {
      results.addAll(bench.size(units));
    }
    return results;
  }

  private List<Result> size(int units) throws Exception {
    Path folder = plan.folder().resolve("units-" + units);
    TidegateConfig config;
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder)) {
      declare(platform.config());
    }
    config = TidegateConfig.load(folder.resolve("tidegate.yaml"));
    config = config.withRuntime(config.runtime().withParallelism(plan.threads()));
    long rows = new VisitHistory(units, plan.days()).write(config);
    say("%,d units: %,d rows written", units, rows);
    List<Result> results = new ArrayList<>();
    for (int run = 1; run <= plan.runs(); run++) {
      results.add(run(config, units, rows, run));
    }
    return results;
  }

  private static long halfMs() {
    return VisitHistory.START_MS + HALF_DAY * VisitHistory.DAY_MS;
  }

  private long endMs() {
    return VisitHistory.START_MS + plan.days() * VisitHistory.DAY_MS;
  }

  private void declare(TidegateConfig config) throws Exception {
    byte[] yaml =
        Resources.text(ImpactBench.class, "rollout.yaml").getBytes(StandardCharsets.UTF_8);
    String spec =
        RolloutSpecs.toJson(
            RolloutSpecs.parse("bench/impact/rollout.yaml", yaml, RolloutSpecs.OUT_OF_ORDER));
    try (EventProducer producer = new EventProducer(config.kafka())) {
      producer.rollout(
          RolloutEvent.defined("d", VisitHistory.START_MS - 1_000, ROLLOUT, "bench", spec, ""));
      producer.rollout(entered("canary", VisitHistory.START_MS));
      producer.rollout(entered("half", halfMs()));
      producer.rollout(RolloutEvent.tick("end", endMs()));
      producer.flush();
    }
    ArchiveJob.environment(config.withBounded(true)).execute("archive");
  }

  private static RolloutEvent entered(String stage, long atMs) {
    return RolloutEvent.bare(stage, atMs, ROLLOUT, RolloutEvent.Kind.STAGE_ENTERED, stage);
  }

  private Result run(TidegateConfig config, int units, long rows, int run) throws Exception {
    forget(config);
    HeapWatch heap = HeapWatch.start();
    Lap job = Lap.of(() -> ImpactJob.run(config, Set.of(ROLLOUT)));
    long alive = heap.stop();
    say("%,d units, run %d: impact %.1f s", units, run, job.seconds);
    Map<String, Curves.Counts> found =
        Curves.of(
            new ReportReader(config.catalog(), Catalogs.open(config.catalog())).read(ROLLOUT));
    Lap duckDb;
    try (ParquetWarehouse warehouse =
        new ParquetWarehouse(
            config, plan.threads(), Runtime.getRuntime().maxMemory(), halfMs(), endMs())) {
      duckDb = Lap.of(warehouse::compute);
      say("%,d units, run %d: DuckDB %.1f s", units, run, duckDb.seconds);
      Curves.requireSame(warehouse.curves(), found);
    }
    return new Result(
        units, rows, run, job.seconds, job.cpuSeconds, alive, duckDb.seconds, duckDb.cpuSeconds);
  }

  /** Takes the rows of earlier runs away, so that the job computes again. */
  private static void forget(TidegateConfig config) {
    for (String table : RESULTS) {
      IcebergTables.load(config, table)
          .newDelete()
          .deleteFromRowFilter(Expressions.alwaysTrue())
          .commit();
    }
  }

  private void say(String format, Object... values) {
    progress.accept(String.format(Locale.ROOT, format, values));
  }

  /** What something took. */
  private record Lap(double seconds, double cpuSeconds) {

    interface Work {
      void run() throws Exception;
    }

    static Lap of(Work work) throws Exception {
      com.sun.management.OperatingSystemMXBean process =
          (com.sun.management.OperatingSystemMXBean)
              java.lang.management.ManagementFactory.getOperatingSystemMXBean();
      long wallNs = System.nanoTime();
      long cpuNs = process.getProcessCpuTime();
      work.run();
      return new Lap(
          (System.nanoTime() - wallNs) / 1e9, (process.getProcessCpuTime() - cpuNs) / 1e9);
    }
  }
}
