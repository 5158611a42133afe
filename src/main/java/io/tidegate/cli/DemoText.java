package io.tidegate.cli;

import io.tidegate.cli.demo.Board;
import io.tidegate.cli.demo.DemoPlan;
import io.tidegate.cli.demo.DemoResult;
import io.tidegate.cli.demo.StageLine;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.Topics;
import io.tidegate.model.GateSignal;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Verdict;
import io.tidegate.operator.EventTally;
import io.tidegate.simulate.PlantedEffect;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** What a demo says at its end: the verdicts, that nothing was lost, and where to look. */
final class DemoText {

  private final DemoPlan plan;
  private final DemoResult result;
  private final String rollout;

  DemoText(DemoPlan plan, DemoResult result) {
    this.plan = plan;
    this.result = result;
    this.rollout = plan.world().spec().id();
  }

  void print(OutputOption output) {
    if (output.format() != OutputOption.Format.TEXT) {
      output.print(stages());
      return;
    }
    print(output.out());
  }

  /** As text. */
  void print(PrintWriter out) {
    out.println("Rollout " + rollout);
    Board.table(result.stages()).forEach(out::println);
    why(out);
    counts(out);
    out.println();
    out.println("Look at");
    out.println("  the report  " + plan.reportFile());
    out.println(
        "  the tables  " + plan.folder().resolve("warehouse") + ", by " + plan.configFile());
    out.println("  the truth   " + plan.truthFile());
    out.println("Ask");
    out.println("  " + query());
    out.println("  ./tidegate replay " + rollout + " --dry-run" + config());
    out.flush();
  }

  /** A query that is ready to run. */
  String query() {
    boolean back = result.stages().stream().anyMatch(s -> s.verdict() == Verdict.ROLLBACK);
    String name = back ? "why_was_it_rolled_back" : "effect_by_stage";
    return "./tidegate sql " + name + " --param rollout=" + rollout + config();
  }

  /** Nothing where the command finds the configuration by itself. */
  private String config() {
    return plan.folder().equals(Path.of("tidegate-data")) ? "" : " --config " + plan.configFile();
  }

  private void why(PrintWriter out) {
    for (GateSignal signal : result.signals()) {
      if (signal.verdict() == Verdict.ROLLBACK) {
        out.println();
        out.println(
            "Decided at " + Instant.ofEpochMilli(signal.boundaryMs()) + " (event time)" + acted());
        signal.reasons().stream().limit(3).forEach(reason -> out.println("  " + reason.sentence()));
        break;
      }
    }
    for (PlantedEffect effect : plan.world().effects()) {
      out.printf(
          Locale.ROOT,
          "  planted: %s %+.0f %% for %s from stage %s on%n",
          effect.lever().name().toLowerCase(Locale.ROOT),
          100 * effect.relative(),
          effect.where(),
          effect.fromStage());
    }
  }

  /** When the tooling rolled back, which asks for the verdict only every few hours. */
  private String acted() {
    return result.acts().stream()
        .filter(act -> act.kind() == RolloutEvent.Kind.ROLLED_BACK)
        .map(RolloutEvent::eventTimeMs)
        .map(
            ms -> ", rolled back at " + Instant.ofEpochMilli(ms) + ", when the tooling next looked")
        .findFirst()
        .orElse("");
  }

  private void counts(PrintWriter out) {
    out.println();
    out.printf(
        Locale.ROOT,
        "The gate read %,d records of events: %,d used in time + %,d of no rollout + %,d duplicates"
            + " + %,d used late + %,d too late + %,d dead letters%n",
        count(EventTally.IN),
        count(EventTally.USED),
        count(EventTally.UNUSED),
        count(EventTally.DUPLICATE),
        count(EventTally.LATE),
        count(EventTally.BEYOND_HORIZON),
        count(EventTally.DEAD));
    long missing = result.audit().stream().mapToLong(OffsetAudit.Partition::missing).sum();
    long repeated = result.audit().stream().mapToLong(OffsetAudit.Partition::repeated).sum();
    Topics topics = TidegateConfig.load(plan.configFile()).kafka().topics();
    Set<String> events = Set.of(topics.exposures(), topics.outcomes());
    out.printf(
        Locale.ROOT,
        "The archive read %d partitions: %,d records of events and %,d of rollouts and signals are"
            + " rows of tables, %,d dead letters, %,d missing, %,d repeated%n",
        result.audit().size(),
        rows(topic -> events.contains(topic)),
        rows(topic -> !events.contains(topic)),
        result.audit().stream().mapToLong(OffsetAudit.Partition::deadLetters).sum(),
        missing,
        repeated);
  }

  private long rows(Predicate<String> topics) {
    return result.audit().stream()
        .filter(partition -> topics.test(partition.topic()))
        .mapToLong(OffsetAudit.Partition::rows)
        .sum();
  }

  private long count(String name) {
    return result.counts().getOrDefault(name, 0L);
  }

  private ResultTable stages() {
    ResultTable table =
        new ResultTable("stage", "share", "entered", "boundary", "verdict", "units", "reason");
    for (StageLine line : result.stages()) {
      Long entered = line.enteredMs();
      Long boundary = line.boundaryMs();
      Verdict verdict = line.verdict();
      table.row(
          line.stage(),
          line.percent(),
          entered == null ? null : Instant.ofEpochMilli(entered).toString(),
          boundary == null ? null : Instant.ofEpochMilli(boundary).toString(),
          verdict == null ? null : verdict.name(),
          line.units(),
          line.reason().isEmpty() ? null : line.reason());
    }
    return table;
  }
}
