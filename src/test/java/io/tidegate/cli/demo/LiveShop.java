package io.tidegate.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.resolve.Resolver;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.job.GateJob;
import io.tidegate.model.GateSignal;
import io.tidegate.model.History;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.simulate.PlantedEffect;
import io.tidegate.simulate.SimulationConfig;
import io.tidegate.spec.ResolvedJson;
import io.tidegate.spec.RolloutSpecs;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A simulated shop and the real gate, for rollout tools that know the topics or the bridge only.
 */
public final class LiveShop implements AutoCloseable {

  /** Time comes from the shop's ticks; no partition is ever taken for idle. */
  public static final Map<String, String> EVENTS = Map.of("clock", "events", "idle", "PT10M");

  private static final double UNITS_PER_DAY = 20_000;
  private static final Duration MOST = Duration.ofDays(6);

  private final RolloutSpec spec;
  private final TidegateConfig config;
  private final Shop shop;
  private final long endMs;

  /** The gate as a streaming job. */
  public static final class Gate implements AutoCloseable {
    private final RunningJob job;

    private Gate(RunningJob job) {
      this.job = job;
    }

    public static Gate start(TidegateConfig config) throws Exception {
      return new Gate(
          RunningJob.start(
              "gate",
              GateJob.environment(
                  config.withRuntime(
                      config
                          .runtime()
                          .withBounded(false)
                          .withCheckpointIntervalMs(250)
                          .withFlink(Map.of("pipeline.auto-watermark-interval", "50 ms"))))));
    }

    public void requireAlive() {
      job.requireAlive();
    }

    @Override
    public void close() {
      var unused = job.stop();
    }
  }

  public LiveShop(
      TidegateConfig config, RolloutSpec spec, long startMs, List<PlantedEffect> effects) {
    SimulationConfig world =
        SimulationConfig.plain(spec, startMs, startMs, UNITS_PER_DAY).withEffects(effects);
    this.spec = spec;
    this.config = config;
    this.shop =
        new Shop(
            new DemoPlan(Path.of(""), 0, 0, new byte[0], world, 0, 0, 0, Duration.ZERO), config);
    this.endMs = startMs + MOST.toMillis();
  }

  public Instant now() {
    return Instant.ofEpochMilli(shop.nowMs());
  }

  /** Lets time pass; fails where it has taken too long. */
  public void live(Duration time) {
    assertThat(shop.nowMs()).as("%s is not over", spec.id()).isLessThan(endMs);
    shop.live(shop.nowMs() + time.toMillis(), spec.lookEvery());
  }

  /** Newest boundary that can have been judged. */
  public Instant judged() {
    long lookMs = spec.lookEvery().toMillis();
    return Instant.ofEpochMilli(Math.floorDiv(shop.completeMs(), lookMs) * lookMs);
  }

  /** The flag serves a stage from now on. */
  public void serve(String stage) {
    shop.enter(stage);
  }

  /** The flag serves the change to nobody from now on. */
  public void serveNobody() {
    shop.rollBack();
  }

  /** Rollout tooling that reads nothing but topic {@code gate-signals}; returns what it did. */
  public List<RolloutEvent> followTopic(Gate gate) {
    Tooling tooling = new Tooling(spec, shop);
    tooling.define(
        ResolvedJson.write(Resolver.resolve(spec, History.NONE)), RolloutSpecs.toJson(spec));
    try (SignalFeed feed = new SignalFeed(config.kafka())) {
      while (!tooling.over()) {
        live(Duration.ofHours(2));
        feed.await(judged().toEpochMilli(), gate::requireAlive);
        List<GateSignal> own =
            feed.signals().stream().filter(s -> s.rolloutId().equals(spec.id())).toList();
        tooling.act(own);
      }
    }
    return tooling.acts();
  }

  @Override
  public void close() {
    shop.close();
  }
}
