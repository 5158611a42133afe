package io.tidegate.cli;

import io.tidegate.cli.demo.Board;
import io.tidegate.cli.demo.Demo;
import io.tidegate.cli.demo.DemoPlan;
import io.tidegate.cli.demo.DemoResult;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.simulate.Faults;
import io.tidegate.simulate.Lever;
import io.tidegate.simulate.PlantedEffect;
import io.tidegate.simulate.SimulationConfig;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs everything on a simulated shop. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Run everything on a simulated shop: a Kafka broker, an Iceberg catalog and a Flink cluster in"
          + " this process, eight weeks of history, a rollout in four stages and its verdicts."
    })
final class DemoCommand implements Callable<Integer> {

  private static final LocalDate START = LocalDate.of(2026, 3, 2);
  private static final int HISTORY_DAYS = 56;
  private static final double GROWTH_PER_WEEK = 0.01;

  @Mixin private OutputOption output;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "tidegate-data",
      description = "Folder for everything (default: ${DEFAULT-VALUE}).")
  private Path folder;

  @Option(names = "--seed", defaultValue = "42", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--healthy", description = "Plant no harm.")
  private boolean healthy;

  @Option(
      names = "--late",
      paramLabel = "SHARE",
      defaultValue = "0",
      description = "Events delayed by 20 minutes to 3 hours (default: ${DEFAULT-VALUE}).")
  private double late;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the broker (default: any).")
  private int kafkaPort;

  @Option(
      names = "--web-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of Flink's web pages (default: any).")
  private int webPort;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  DemoCommand() {}

  @Override
  public Integer call() throws Exception {
    RolloutSpec spec = spec();
    Board board =
        new Board(output.err(), Boolean.getBoolean("tidegate.terminal"), System::currentTimeMillis);
    DemoPlan plan =
        new DemoPlan(
            folder, kafkaPort, webPort, world(spec), HISTORY_DAYS, 28, 2, Duration.ofHours(6));
    DemoResult result = Demo.run(plan, board);
    Board.table(result.stages()).forEach(output.out()::println);
    output.out().println(result.counts());
    output.out().println(result.truth().counts());
    result.audit().forEach(output.out()::println);
    return Tidegate.OK;
  }

  private SimulationConfig world(RolloutSpec spec) {
    Faults usual = Faults.USUAL;
    Faults faults =
        new Faults(
            usual.duplicate(),
            usual.disorder(),
            late,
            usual.malformed(),
            usual.absurd(),
            usual.oversized(),
            usual.mixed());
    List<PlantedEffect> harm =
        healthy
            ? List.of()
            : List.of(
                new PlantedEffect(Lever.PURCHASE, -0.4, "", "half", Map.of("device", "mobile")));
    return new SimulationConfig(
        spec,
        seed,
        START.toEpochDay() * SimulationConfig.DAY_MS,
        2_400,
        GROWTH_PER_WEEK,
        WorldOptions.holidays("de", START, new ArrayList<>()),
        harm,
        List.of(),
        faults,
        true);
  }

  /** The spec that the jar carries, copied into the folder. */
  private RolloutSpec spec() {
    Path file = folder.resolve("rollout.yaml");
    try (InputStream in = DemoCommand.class.getResourceAsStream("/demo/rollout.yaml")) {
      if (in == null) {
        throw new IllegalStateException("the jar carries no demo/rollout.yaml");
      }
      Files.createDirectories(folder);
      Files.write(file, in.readAllBytes());
    } catch (IOException e) {
      throw new UserError("--dir", "", folder.toString(), "a folder that can be written");
    }
    return RolloutSpecs.read(file);
  }
}
