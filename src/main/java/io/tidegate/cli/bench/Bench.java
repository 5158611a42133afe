package io.tidegate.cli.bench;

import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.GateConfig;
import io.tidegate.connector.RuntimeConfig;
import io.tidegate.connector.TidegateConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;

/**
 * Writes the worlds, then lets every engine run over them in turn, round after round; the first
 * rounds warm up and are not measured. Then latencies, at half the rate that the gate reached.
 */
public final class Bench {

  static final String BASE = "base";
  static final String MANY = "many_units";

  private final BenchPlan plan;
  private final TidegateConfig config;
  private final Consumer<String> progress;
  private final Map<String, World.Written> worlds = new LinkedHashMap<>();
  private final Map<String, Measured> measured = new LinkedHashMap<>();
  private final List<List<Double>> scans = new ArrayList<>();
  private final Map<String, BenchResult.Figure> latencies = new LinkedHashMap<>();

  private Bench(BenchPlan plan, TidegateConfig config, Consumer<String> progress) {
    this.plan = plan;
    this.config = config;
    this.progress = progress;
  }

  /** The runs of one engine over one world, one a round. */
  private record Measured(World.Written world, boolean keepsIds, List<Run> runs) {

    List<Double> rates() {
      return runs.stream().map(run -> world.records() / run.lap().seconds()).toList();
    }
  }

  /**
   * Throws an IllegalStateException where an engine finds another result than the world's.
   *
   * @param progress takes a line a step
   */
  public static BenchResult run(BenchPlan plan, Consumer<String> progress) throws Exception {
    EmbeddedPlatform.Options options =
        new EmbeddedPlatform.Options(
            plan.folder(),
            0,
            0,
            4 * plan.parallelism(),
            plan.checkpointIntervalMs(),
            Map.of("clock", "events"));
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(options)) {
      RuntimeConfig runtime =
          platform.config().runtime().withBounded(true).withParallelism(plan.parallelism());
      // Each run reads everything and sends every signal.
      TidegateConfig config =
          platform
              .config()
              .withRuntime(runtime)
              .withGate(platform.config().gate().withBootstrap(GateConfig.Bootstrap.NONE));
      Bench bench = new Bench(plan, config, progress);
      bench.write();
      bench.rounds(platform.webUi());
      bench.latencies();
      return BenchResult.of(bench.setup(), bench.figures(), bench.refreshes());
    }
  }

  private void write() {
    for (Scenario scenario : plan.scenarios()) {
      if (!plan.wants(figure("gate", scenario.name()))) {
        continue;
      }
      TidegateConfig own =
          scenario.name().equals(MANY)
              ? config.withRuntime(
                  config.runtime().withCheckpointIntervalMs(plan.longCheckpointIntervalMs()))
              : config;
      World.Written world = World.write(scenario, own);
      progress.accept("wrote " + world.records() + " events of world " + scenario.name());
      worlds.put(scenario.name(), world);
    }
  }

  private void rounds(URI cluster) throws Exception {
    if (!plan.isWhole()) {
      for (int round = 1 - plan.warmUps(); round <= plan.runs(); round++) {
        round(round, cluster);
      }
      return;
    }
    World.Written base = world(BASE);
    try (Warehouse warehouse =
        Warehouse.load(base, plan.folder().resolve("warehouse.duckdb"), plan.parallelism())) {
      for (int round = 1 - plan.warmUps(); round <= plan.runs(); round++) {
        round(round, cluster);
        List<Double> scan = warehouse.refresh(base.refreshes(BenchPlan.REFRESHES));
        say(round, "warehouse", "%.3f CPU-s for the last refresh", scan.get(scan.size() - 1));
        if (round > 0) {
          scans.add(scan);
        }
      }
    }
  }

  private void round(int round, URI cluster) throws Exception {
    GateEngine gate = GateEngine.onHeap(cluster);
    for (PlainReader.Work work : PlainReader.Work.values()) {
      measure(round, new PlainReader(work, plan.parallelism()), BASE);
    }
    measure(round, gate, BASE);
    measure(round, new SqlRival(cluster), BASE);
    measure(round, new SqlLightRival(cluster), BASE);
    measure(round, new TextbookRival(cluster), BASE);
    measure(round, new TextbookLightRival(cluster), BASE);
    for (String world : worlds.keySet()) {
      if (!world.equals(BASE)) {
        measure(round, gate, world);
      }
    }
    if (plan.rocksDb()) {
      measure(round, GateEngine.inRocksDb(cluster), BASE);
    }
  }

  private World.Written world(String name) {
    World.Written world = worlds.get(name);
    if (world == null) {
      throw new IllegalStateException("no world " + name);
    }
    return world;
  }

  private void measure(int round, Engine engine, String name) throws Exception {
    String figure = figure(engine.name(), name);
    if (!plan.wants(figure)) {
      return;
    }
    World.Written world = world(name);
    // What one engine leaves behind is not collected in another's time.
    System.gc();
    Run run = engine.checked(world);
    say(round, figure, "%.0f events/s", world.records() / run.lap().seconds());
    if (round > 0) {
      measured
          .computeIfAbsent(figure, f -> new Measured(world, engine.keepsIds(), new ArrayList<>()))
          .runs()
          .add(run);
    }
  }

  private static String figure(String engine, String world) {
    return world.equals(BASE) ? engine : engine + "_" + world;
  }

  private void say(int round, String figure, String format, double number) {
    progress.accept(
        (round < 1 ? "warm-up " : "run " + round + " ")
            + figure
            + ": "
            + String.format(Locale.ROOT, format, number));
  }

  private void latencies() throws Exception {
    if (plan.latencyRuns() == 0 || !plan.isWhole()) {
      return;
    }
    double rate = BenchResult.Figure.of(of("gate").rates(), BenchResult.RATE).median() / 2;
    LatencyRun latency = new LatencyRun(plan, config);
    List<Double> rates = new ArrayList<>();
    for (GateConfig.Delivery delivery : GateConfig.Delivery.values()) {
      String name = "latency_" + delivery.name().toLowerCase(Locale.ROOT);
      List<Double> halves = new ArrayList<>();
      List<Double> most = new ArrayList<>();
      for (int run = 1; run <= plan.latencyRuns(); run++) {
        LatencyRun.Latency seen = latency.run(name + "_" + run, delivery, rate);
        halves.add(seen.quantile(0.5));
        most.add(seen.quantile(0.99));
        rates.add(seen.rate());
        say(run, name, "p99 %.3f s", seen.quantile(0.99));
      }
      latencies.put(name + "_p50", BenchResult.Figure.of(halves, BenchResult.SECONDS));
      latencies.put(name + "_p99", BenchResult.Figure.of(most, BenchResult.SECONDS));
    }
    latencies.put("latency_rate", BenchResult.Figure.of(rates, BenchResult.RATE));
  }

  private Map<String, Long> setup() {
    Map<String, Long> setup = new LinkedHashMap<>();
    setup.put("events", (long) plan.events());
    setup.put("units", (long) plan.units());
    if (plan.manyUnits() > 0) {
      setup.put(MANY, (long) plan.manyUnits());
    }
    setup.put("runs", (long) plan.runs());
    setup.put("parallelism", (long) plan.parallelism());
    setup.put("checkpoint_interval_ms", plan.checkpointIntervalMs());
    setup.put("latency_seconds", (long) plan.latencySeconds());
    setup.put("processors", (long) Runtime.getRuntime().availableProcessors());
    setup.put("heap_bytes", Runtime.getRuntime().maxMemory());
    return setup;
  }

  private Measured of(String engine) {
    Measured found = measured.get(engine);
    if (found == null) {
      throw new IllegalStateException(engine + " was not measured");
    }
    return found;
  }

  private Map<String, BenchResult.Figure> figures() {
    Map<String, BenchResult.Figure> figures = new LinkedHashMap<>();
    measured.forEach((name, all) -> put(figures, name, all));
    if (plan.isWhole()) {
      putRefreshes(figures);
    }
    figures.putAll(latencies);
    BenchResult.everyRatio(plan.manyUnits() > 0)
        .filter(ratio -> plan.wants(ratio.above()) && plan.wants(ratio.below()))
        .forEach(ratio -> put(figures, ratio));
    return figures;
  }

  private void putRefreshes(Map<String, BenchResult.Figure> figures) {
    List<BenchResult.Refresh> refreshes = refreshes();
    BenchResult.Refresh first = refreshes.get(0);
    BenchResult.Refresh last = refreshes.get(refreshes.size() - 1);
    figures.put("gate_refresh_first", first.gate());
    figures.put("gate_refresh_last", last.gate());
    figures.put("warehouse_refresh_first", first.warehouse());
    figures.put("warehouse_refresh_last", last.warehouse());
    figures.put("gate_refresh_growth", BenchResult.growth(refreshes, BenchResult.Refresh::gate));
    figures.put(
        "warehouse_refresh_growth", BenchResult.growth(refreshes, BenchResult.Refresh::warehouse));
  }

  private void put(Map<String, BenchResult.Figure> figures, BenchResult.Ratio ratio) {
    List<Double> above = of(ratio.above()).rates();
    List<Double> below = of(ratio.below()).rates();
    List<Double> each = new ArrayList<>();
    for (int round = 0; round < plan.runs(); round++) {
      each.add(above.get(round) / below.get(round));
    }
    figures.put(ratio.name(), BenchResult.Figure.of(each, BenchResult.RATIO));
  }

  private static void put(Map<String, BenchResult.Figure> figures, String name, Measured all) {
    double records = all.world().records();
    double units = all.world().scenario().units();
    figures.put(BenchResult.rateOf(name), BenchResult.Figure.of(all.rates(), BenchResult.RATE));
    figures.put(
        BenchResult.cpuOf(name),
        BenchResult.Figure.of(
            all.runs().stream().map(run -> run.lap().cpuSeconds() / records * 1e6).toList(),
            BenchResult.CPU));
    if (all.runs().stream().allMatch(run -> run.stateBytes() > 0)) {
      figures.put(
          BenchResult.stateOf(name),
          BenchResult.Figure.of(
              all.runs().stream().map(run -> run.stateBytes() / units).toList(),
              BenchResult.STATE));
    }
    if (all.keepsIds()) {
      figures.put(
          BenchResult.idsOf(name),
          BenchResult.Figure.of(List.of(all.world().ids() / units), BenchResult.IDS));
    }
  }

  private List<BenchResult.Refresh> refreshes() {
    if (!plan.isWhole()) {
      return List.of();
    }
    World.Written base = world(BASE);
    List<Long> instants = base.refreshes(BenchPlan.REFRESHES);
    List<BenchResult.Refresh> refreshes = new ArrayList<>();
    for (int i = 0; i < instants.size(); i++) {
      long from = i == 0 ? Long.MIN_VALUE : instants.get(i - 1);
      long to = instants.get(i);
      int point = i;
      refreshes.add(
          new BenchResult.Refresh(
              base.recordsBefore(to),
              BenchResult.Figure.of(
                  of("gate").runs().stream().map(run -> aLook(run.refreshes(), from, to)).toList(),
                  BenchResult.REFRESH),
              BenchResult.Figure.of(
                  scans.stream().map(scan -> scan.get(point)).toList(), BenchResult.REFRESH)));
    }
    return refreshes;
  }

  /** CPU-seconds a look from after one boundary to another. */
  private static double aLook(NavigableMap<Long, Double> refreshes, long from, long to) {
    int looks = refreshes.headMap(to, true).size() - refreshes.headMap(from, true).size();
    return (cpuAt(refreshes, to) - cpuAt(refreshes, from)) / looks;
  }

  private static double cpuAt(NavigableMap<Long, Double> refreshes, long boundary) {
    Map.Entry<Long, Double> last = refreshes.floorEntry(boundary);
    return last == null ? 0 : last.getValue();
  }
}
