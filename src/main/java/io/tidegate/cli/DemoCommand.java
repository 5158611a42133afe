package io.tidegate.cli;

import io.tidegate.cli.demo.Audience;
import io.tidegate.cli.demo.Board;
import io.tidegate.cli.demo.Demo;
import io.tidegate.cli.demo.DemoPlan;
import io.tidegate.cli.demo.DemoResult;
import io.tidegate.cli.demo.Progress;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.Problem;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.serve.Access;
import io.tidegate.serve.Ageing;
import io.tidegate.serve.Server;
import io.tidegate.simulate.Faults;
import io.tidegate.simulate.Lever;
import io.tidegate.simulate.PlantedEffect;
import io.tidegate.simulate.SimulationConfig;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs everything on a simulated shop. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Run everything on a simulated shop: a Kafka broker, an Iceberg catalog and a Flink cluster"
          + " in this process, eight weeks of history, a rollout in four stages and its verdicts.",
      "Purchases on mobile are harmed from the third stage on; --healthy leaves that out."
    })
final class DemoCommand implements Callable<Integer> {

  /** Set by the launcher where standard error is a terminal. */
  static final String TERMINAL = "tidegate.terminal";

  private static final LocalDate START = LocalDate.of(2026, 3, 2);
  private static final int HISTORY_DAYS = 56;
  private static final int MOST_DAYS = 28;
  private static final int AFTER_DAYS = 2;
  private static final Duration POLL = Duration.ofHours(6);

  /** The traffic that jobs/examples/demo/rollout.yaml is sized to. */
  private static final double UNITS_PER_DAY = 2_400;

  private static final double GROWTH_PER_WEEK = 0.01;
  private static final PlantedEffect HARM =
      new PlantedEffect(Lever.PURCHASE, -0.4, "", "half", Map.of("device", "mobile"));

  @Mixin private OutputOption output;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "tidegate-data",
      description = "Folder for everything (default: ${DEFAULT-VALUE}).")
  private Path folder;

  @Option(names = "--replace", description = "Delete what an earlier demo left in the folder.")
  private boolean replace;

  @Option(names = "--seed", defaultValue = "42", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--healthy", description = "Plant no harm: the rollout goes to everyone.")
  private boolean healthy;

  @Option(
      names = "--late",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Events delayed by 20 minutes to 3 hours (default: ${DEFAULT-VALUE}). Replay then"
              + " corrects what they changed.")
  private double late;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the broker (default: any free one).")
  private int kafkaPort;

  @Option(
      names = "--web-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of Flink's web pages (default: any free one).")
  private int webPort;

  @Option(
      names = "--serve",
      description = "Show it on the live board while it runs, and go on until Ctrl-C.")
  private boolean serve;

  @Option(
      names = "--serve-port",
      paramLabel = "PORT",
      defaultValue = "" + Server.Listen.PORT,
      description = "Loopback port of the live board, 0 for any (default: ${DEFAULT-VALUE}).")
  private int servePort;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  DemoCommand() {}

  @Override
  public Integer call() throws Exception {
    DemoPlan plan = plan(folder, kafkaPort, webPort, seed, late, healthy);
    requireFolder();
    Board board = new Board(output.err(), Boolean.getBoolean(TERMINAL), System::currentTimeMillis);
    if (serve) {
      Demo.run(plan, board, new Viewers(plan, board));
    } else {
      new DemoText(plan, run(plan, board)).print(output);
    }
    return Tidegate.OK;
  }

  /** People at the live board, who stay as long as they like. */
  private final class Viewers implements Audience {
    private final DemoPlan plan;
    private final Progress progress;
    private String address = "";

    Viewers(DemoPlan plan, Progress progress) {
      this.plan = plan;
      this.progress = progress;
    }

    @Override
    public AutoCloseable seated(TidegateConfig config) {
      TopicServer server =
          TopicServer.start(
              config,
              new Server.Listen("127.0.0.1", servePort, Server.Listen.REQUESTS_PER_SECOND),
              Access.open(),
              Ageing.DEFAULT_PATIENCE);
      address = server.address().toString();
      progress.step("serve", "the live board is " + address);
      return server;
    }

    @Override
    public void done(DemoResult result) throws IOException {
      report(plan, progress);
      new DemoText(plan, result).print(output);
      output.err().println("the live board is " + address + "; Ctrl-C stops");
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Runs the demo and writes its report. */
  static DemoResult run(DemoPlan plan, Progress progress) throws Exception {
    DemoResult result = Demo.run(plan, progress, Audience.NOBODY);
    report(plan, progress);
    return result;
  }

  private static void report(DemoPlan plan, Progress progress) throws IOException {
    progress.step("report", "what the rollout did, as one file");
    Files.writeString(
        plan.reportFile(),
        ReportCommand.write(
            TidegateConfig.load(plan.configFile()).catalog(),
            plan.world().spec().id(),
            ReportCommand.Format.HTML));
    progress.step("done", "everything is in " + plan.folder());
  }

  /** What is demonstrated; throws a UserError where {@code late} is no share. */
  static DemoPlan plan(
      Path folder, int kafkaPort, int webPort, long seed, double late, boolean healthy) {
    byte[] yaml = yaml();
    RolloutSpec spec = RolloutSpecs.parse("demo/rollout.yaml", yaml, RolloutSpecs.OUT_OF_ORDER);
    return new DemoPlan(
        folder,
        kafkaPort,
        webPort,
        yaml,
        world(spec, seed, late, healthy),
        HISTORY_DAYS,
        MOST_DAYS,
        AFTER_DAYS,
        POLL);
  }

  private void requireFolder() {
    if (!EmbeddedPlatform.isUsed(folder)) {
      return;
    }
    if (!replace) {
      throw new UserError(
          "--dir",
          "",
          folder.toString(),
          "a folder without an earlier demo: --replace deletes what that left, or name another");
    }
    EmbeddedPlatform.clear(folder);
  }

  private static SimulationConfig world(RolloutSpec spec, long seed, double late, boolean healthy) {
    List<Problem> problems = new ArrayList<>();
    Map<Long, Double> holidays = WorldOptions.holidays("de", START, problems);
    if (!(late >= 0 && late < 1)) {
      problems.add(new Problem("--late", "", Double.toString(late), "a share in [0, 1)"));
    }
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
    return new SimulationConfig(
        spec,
        seed,
        START.toEpochDay() * SimulationConfig.DAY_MS,
        UNITS_PER_DAY,
        GROWTH_PER_WEEK,
        holidays,
        healthy ? List.of() : List.of(HARM),
        List.of(),
        Faults.USUAL.withLate(late),
        true);
  }

  private static byte[] yaml() {
    try (InputStream in = DemoCommand.class.getResourceAsStream("/demo/rollout.yaml")) {
      if (in == null) {
        throw new IllegalStateException("the jar carries no demo/rollout.yaml");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
