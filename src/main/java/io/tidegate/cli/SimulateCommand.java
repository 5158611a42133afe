package io.tidegate.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tidegate.cli.world.KafkaWorldOutput;
import io.tidegate.cli.world.WorldOutput;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.simulate.SimulationConfig;
import io.tidegate.simulate.Simulator;
import io.tidegate.simulate.Truth;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Simulates history and a rollout with known truth, into Kafka or into files. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Simulate history and a rollout with known truth, into Kafka or into files. Stages are"
            + " entered one after the other, each after the minimum duration of the one before.")
final class SimulateCommand implements Callable<Integer> {

  private static final long DAY_MS = SimulationConfig.DAY_MS;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Where events go. */
  enum Target {
    KAFKA,
    FILES
  }

  @Mixin private OutputOption output;
  @Mixin private ConfigOption config;
  @Mixin private WorldOptions world;

  @Option(
      names = "--spec",
      required = true,
      paramLabel = "FILE",
      description = "Spec of the rollout to simulate.")
  private Path specFile;

  @Option(
      names = "--to",
      paramLabel = "kafka|files",
      defaultValue = "files",
      description = "Default: ${DEFAULT-VALUE}.")
  private Target target;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "simulated",
      description = "Folder for files and for truth.json (default: ${DEFAULT-VALUE}).")
  private Path folder;

  @Option(
      names = "--history-days",
      paramLabel = "N",
      defaultValue = "56",
      description = "Days before the first stage (default: ${DEFAULT-VALUE}).")
  private int historyDays;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "7",
      description = "Days of the rollout; 0 for history alone (default: ${DEFAULT-VALUE}).")
  private int days;

  @Option(
      names = "--tick",
      paramLabel = "DURATION",
      defaultValue = "PT1H",
      description = "Time from one tick of the clock to the next (default: ${DEFAULT-VALUE}).")
  private Duration tick;

  @Option(
      names = "--roll-back",
      paramLabel = "DURATION",
      description = "Roll back this long after the first stage was entered.")
  private @Nullable Duration rollBack;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  SimulateCommand() {}

  /** Something to do at an instant. */
  private record Step(long atMs, Kind kind, String stage) {}

  @Override
  public Integer call() {
    RolloutSpec spec = RolloutSpecs.read(specFile);
    SimulationConfig simulated = world.world(spec);
    check();
    long endMs = simulated.startMs() + (historyDays + days) * DAY_MS;
    Simulator simulator = new Simulator(simulated);
    try (WorldOutput out = open()) {
      for (Step step : steps(spec, simulated.startMs() + historyDays * DAY_MS, endMs)) {
        advance(simulator, out, step.atMs());
        take(spec, simulator, out, step);
      }
      advance(simulator, out, endMs);
      out.rollout(tickAt(endMs));
      out.flush();
    }
    Truth truth = simulator.truth(endMs);
    write(truth);
    output.print(
        new ResultTable("exposures", "outcomes", "duplicates", "late", "broken", "truth")
            .row(
                truth.counts().exposures(),
                truth.counts().outcomes(),
                truth.counts().duplicates(),
                truth.counts().late(),
                truth.counts().broken(),
                folder.resolve("truth.json").toString()));
    return Tidegate.OK;
  }

  private void check() {
    if (historyDays < 0 || days < 0 || historyDays + days == 0) {
      throw new UserError("--days", "", historyDays + " + " + days, "at least one day in all");
    }
    if (tick.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new UserError("--tick", "", tick.toString(), "at least PT1S");
    }
    if (rollBack != null && rollBack.isNegative()) {
      throw new UserError("--roll-back", "", rollBack.toString(), "a duration of 0 or more");
    }
  }

  /** What happens to the rollout before {@code endMs}, in the order of time. */
  private List<Step> steps(RolloutSpec spec, long firstMs, long endMs) {
    List<Step> steps = new ArrayList<>();
    if (days == 0) {
      return steps;
    }
    steps.add(new Step(firstMs, Kind.DEFINED, ""));
    long backMs = rollBack == null ? Long.MAX_VALUE : firstMs + rollBack.toMillis();
    for (StageEntry entry : StageEntry.byMinimumDurations(spec, firstMs)) {
      if (entry.atMs() < Math.min(endMs, backMs)) {
        steps.add(new Step(entry.atMs(), Kind.STAGE_ENTERED, entry.stage()));
      }
    }
    if (backMs < endMs) {
      steps.add(new Step(backMs, Kind.ROLLED_BACK, ""));
    }
    return steps;
  }

  private static void take(RolloutSpec spec, Simulator simulator, WorldOutput out, Step step) {
    String id = "simulated-" + spec.id() + "-" + step.kind() + "-" + step.atMs();
    switch (step.kind()) {
      case DEFINED ->
          out.rollout(
              RolloutEvent.defined(
                  id, step.atMs(), spec.id(), "simulate", RolloutSpecs.toJson(spec), ""));
      case STAGE_ENTERED -> {
        simulator.enterStage(step.stage(), step.atMs());
        out.rollout(RolloutEvent.bare(id, step.atMs(), spec.id(), step.kind(), step.stage()));
      }
      default -> {
        simulator.rollBack(step.atMs());
        out.rollout(RolloutEvent.bare(id, step.atMs(), spec.id(), Kind.ROLLED_BACK, ""));
      }
    }
  }

  /** Advances tick by tick; a tick is written after everything that arrives before it. */
  private void advance(Simulator simulator, WorldOutput out, long toMs) {
    long every = tick.toMillis();
    long next = Math.floorDiv(simulator.frontierMs(), every) * every + every;
    while (next < toMs) {
      simulator.advanceTo(next, out::arrival);
      out.rollout(tickAt(next));
      if (next % DAY_MS == 0) {
        output.err().println("simulated up to " + Instant.ofEpochMilli(next));
      }
      next += every;
    }
    simulator.advanceTo(toMs, out::arrival);
  }

  static RolloutEvent tickAt(long timeMs) {
    return RolloutEvent.tick("tick-" + timeMs, timeMs);
  }

  private WorldOutput open() {
    if (target == Target.FILES) {
      return new FileWorldOutput(folder);
    }
    KafkaConfig kafka = TidegateConfig.load(config.file()).kafka();
    try (KafkaTopics topics = KafkaTopics.connect(kafka)) {
      topics.createMissing(1);
    }
    return new KafkaWorldOutput(kafka);
  }

  private void write(Truth truth) {
    try {
      Files.createDirectories(folder);
      JSON.writeValue(folder.resolve("truth.json").toFile(), truth);
    } catch (IOException e) {
      throw new UserError("--dir", "", folder.toString(), "a folder that can be written");
    }
  }
}
