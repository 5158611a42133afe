package io.tidegate.cli.bench;

import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.RuntimeConfig;
import io.tidegate.connector.TidegateConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes the worlds, then lets every engine run over them in turn, round after round; the first
 * round warms up and is not measured.
 */
public final class Bench {

  private static final String BASE = "base";

  private final BenchPlan plan;
  private final Consumer<String> progress;
  private final Map<String, World.Written> worlds = new LinkedHashMap<>();
  private final Map<String, Measured> measured = new LinkedHashMap<>();

  private Bench(BenchPlan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /** The runs of one engine over one world. */
  private record Measured(World.Written world, List<Run> runs) {}

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
            BenchPlan.CHECKPOINT_INTERVAL_MS,
            Map.of("clock", "events"));
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(options)) {
      Bench bench = new Bench(plan, progress);
      bench.write(platform.config());
      for (int round = 0; round <= plan.runs(); round++) {
        bench.round(round, platform.webUi());
      }
      return BenchResult.of(bench.figures());
    }
  }

  private void write(TidegateConfig config) {
    RuntimeConfig runtime = config.runtime();
    TidegateConfig bounded =
        config.withRuntime(
            new RuntimeConfig(
                true, plan.parallelism(), runtime.checkpointIntervalMs(), runtime.flink()));
    for (Scenario scenario :
        List.of(plan.base(), plan.few(), plan.hundred(), plan.hot(), plan.poison())) {
      World.Written world = World.write(scenario, bounded);
      progress.accept("wrote " + world.records() + " events of world " + scenario.name());
      worlds.put(scenario.name(), world);
    }
  }

  private void round(int round, URI cluster) throws Exception {
    GateEngine gate = new GateEngine(cluster);
    for (PlainReader.Work work : PlainReader.Work.values()) {
      measure(round, new PlainReader(work, plan.parallelism()), BASE);
    }
    measure(round, gate, BASE);
    measure(round, new SqlRival(cluster), BASE);
    measure(round, new TextbookRival(cluster), BASE);
    for (String world : worlds.keySet()) {
      if (!world.equals(BASE)) {
        measure(round, gate, world);
      }
    }
  }

  private void measure(int round, Engine engine, String name) throws Exception {
    World.Written world = worlds.get(name);
    if (world == null) {
      throw new IllegalStateException("no world " + name);
    }
    String figure = name.equals(BASE) ? engine.name() : engine.name() + "_" + name;
    Run run = engine.checked(world);
    progress.accept(
        String.format(
            Locale.ROOT,
            "%s %s: %.0f events/s",
            round == 0 ? "warm-up" : "run " + round,
            figure,
            world.records() / run.lap().seconds()));
    if (round > 0) {
      measured.computeIfAbsent(figure, f -> new Measured(world, new ArrayList<>())).runs().add(run);
    }
  }

  private Map<String, BenchResult.Figure> figures() {
    Map<String, BenchResult.Figure> figures = new LinkedHashMap<>();
    measured.forEach(
        (name, all) -> {
          double records = all.world().records();
          List<Double> rates = new ArrayList<>();
          List<Double> cpu = new ArrayList<>();
          List<Double> state = new ArrayList<>();
          for (Run run : all.runs()) {
            rates.add(records / run.lap().seconds());
            cpu.add(run.lap().cpuSeconds() / records * 1e6);
            state.add((double) run.stateBytes() / all.world().scenario().units());
          }
          figures.put(BenchResult.rateOf(name), BenchResult.Figure.of(rates, BenchResult.RATE));
          figures.put(BenchResult.cpuOf(name), BenchResult.Figure.of(cpu, BenchResult.CPU));
          if (state.stream().allMatch(bytes -> bytes > 0)) {
            figures.put(BenchResult.stateOf(name), BenchResult.Figure.of(state, BenchResult.STATE));
          }
        });
    return figures;
  }
}
