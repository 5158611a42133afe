package io.tidegate.cli;

import io.tidegate.analysis.resolve.MarginPlan;
import io.tidegate.analysis.resolve.Resolver;
import io.tidegate.connector.BaselineHistory;
import io.tidegate.connector.RolloutLog;
import io.tidegate.model.History;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.Resolved;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import io.tidegate.spec.ResolvedJson;
import io.tidegate.spec.RolloutSpecs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Defines a rollout: checks its spec, settles what history decides, and tells the gate. */
@Command(
    name = "define",
    mixinStandardHelpOptions = true,
    description = {
      "Define a rollout from its spec; freezes what history settles.",
      "Lists per stage and guardrail the margin to be shown and the days until it can be."
    })
final class RolloutDefineCommand implements Callable<Integer> {

  @Mixin private RolloutMessage message;

  @Parameters(paramLabel = "SPEC", description = "The rollout's spec in YAML.")
  private Path file;

  @Option(
      names = "--no-history",
      description = "Do not read the tables: margins come from the spec alone.")
  private boolean noHistory;

  @Option(names = "--dry-run", description = "List the margins and write nothing.")
  private boolean dryRun;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RolloutDefineCommand() {}

  @Override
  public Integer call() {
    RolloutSpec unbounded = RolloutSpecs.read(file);
    Duration outOfOrder = Duration.ofMillis(message.config().events().outOfOrderMs());
    RolloutSpec spec =
        outOfOrder.equals(RolloutSpecs.OUT_OF_ORDER)
            ? unbounded
            : RolloutSpecs.read(file, outOfOrder);
    History history = noHistory ? History.NONE : BaselineHistory.read(message.config().catalog());
    Resolved resolved = Resolver.resolve(spec, history);
    List<MarginPlan> plans = Resolver.plan(spec, resolved, history.unitsPerDay(spec));
    warn(spec, history, resolved, plans);
    if (dryRun) {
      message.output().print(table(spec, plans));
      return Tidegate.OK;
    }
    warnOfFrozenChange(spec);
    if (message.output().format() == OutputOption.Format.TEXT) {
      message.output().print(table(spec, plans));
    }
    message.send(
        message
            .event(spec.id(), Kind.DEFINED)
            .defines(RolloutSpecs.toJson(spec), ResolvedJson.write(resolved))
            .build());
    return Tidegate.OK;
  }

  private static ResultTable table(RolloutSpec spec, List<MarginPlan> plans) {
    ResultTable table =
        new ResultTable(
            "stage",
            "traffic_percent",
            "guardrail",
            "margin_relative",
            "margin_absolute",
            "units_per_variant",
            "days",
            "max_days");
    for (MarginPlan plan : plans) {
      Stage stage = spec.stages().get(spec.stageIndex(plan.stage()));
      Margin margin = plan.margin();
      Duration most = stage.maxDuration();
      table.row(
          plan.stage(),
          whole(stage.percent()),
          plan.metric(),
          rounded(margin.relative()),
          rounded(margin.absolute()),
          plan.unitsPerVariant() == null ? null : Math.round(plan.unitsPerVariant()),
          rounded(plan.days()),
          most == null ? null : rounded(most.toMinutes() / 1440.0));
    }
    return table;
  }

  private void warn(RolloutSpec spec, History history, Resolved resolved, List<MarginPlan> plans) {
    boolean none = history.snapshotId() == History.NONE.snapshotId();
    if (history.unitsPerDay(spec) <= 0) {
      message
          .output()
          .err()
          .printf(
              "%s: how long each stage takes cannot be said%n",
              none ? "no history" : "history does not know how many units enter");
    }
    if (!none) {
      warnOfUnknown(spec, history, resolved, plans);
      warnOfUnlike(spec, resolved);
    }
    for (MarginPlan plan : plans) {
      Double days = plan.days();
      if (plan.late() && days != null) {
        Stage stage = spec.stages().get(spec.stageIndex(plan.stage()));
        message
            .output()
            .err()
            .printf(
                Locale.ROOT,
                "warning: stage %s can show %s within its margin after %.1f days, later than its"
                    + " max_duration %s%n",
                plan.stage(),
                plan.metric(),
                days,
                stage.maxDuration());
      }
    }
  }

  /**
   * History is kept by a metric's definition: one that no baseline has learned has no base rate,
   * nor has one that the baseline refuses.
   */
  private void warnOfUnknown(
      RolloutSpec spec, History history, Resolved resolved, List<MarginPlan> plans) {
    List<String> unknown = new ArrayList<>();
    for (String metric : plans.stream().map(MarginPlan::metric).distinct().toList()) {
      String refusal = history.refusal(spec, spec.metric(metric));
      if (resolved.base(metric) == null && refusal.isEmpty()) {
        unknown.add(metric);
      } else if (resolved.base(metric) == null) {
        message
            .output()
            .err()
            .printf(Locale.ROOT, "history holds no base rate of %s: %s%n", metric, refusal);
      }
    }
    if (!unknown.isEmpty()) {
      message
          .output()
          .err()
          .printf(
              Locale.ROOT,
              "history holds no base rate of %s as defined here, so how long they take cannot be"
                  + " said: run the baseline job with --spec %s first%n",
              String.join(", ", unknown),
              file);
    }
  }

  /** A stage without control is held against history, where its units enter as the stage's do. */
  private void warnOfUnlike(RolloutSpec spec, Resolved resolved) {
    for (Metric metric : spec.metrics()) {
      String unlike = resolved.seasonal().unlike(spec, metric.name());
      boolean judged = metric.role() == Role.GUARDRAIL || metric.role() == Role.SUCCESS;
      if (judged && !unlike.isEmpty() && !spec.stages().stream().allMatch(spec::hasControl)) {
        message
            .output()
            .err()
            .printf(
                Locale.ROOT,
                "a stage without control cannot hold %s against the baseline: %s%n",
                metric.name(),
                unlike);
      }
    }
  }

  /** What bears on a decision is frozen once a stage was entered; the gate answers with REVIEW. */
  private void warnOfFrozenChange(RolloutSpec spec) {
    String before = "";
    boolean entered = false;
    for (RolloutEvent event : RolloutLog.read(message.config(), spec.id())) {
      if (event.kind() == Kind.DEFINED && !entered) {
        before =
            RolloutSpecs.frozenHash(RolloutSpecs.fromJson("rollout " + spec.id(), event.spec()));
      }
      entered |= event.kind() == Kind.STAGE_ENTERED;
      entered &= event.kind() != Kind.ROLLED_BACK;
    }
    if (entered && !before.equals(RolloutSpecs.frozenHash(spec))) {
      message
          .output()
          .err()
          .println(
              "warning: a stage of "
                  + spec.id()
                  + " was entered, so its decision rules are frozen: the gate will answer this"
                  + " change with REVIEW");
    }
  }

  private static Number whole(double value) {
    if (value == Math.rint(value)) {
      return (long) value;
    }
    return value;
  }

  private static @Nullable Double rounded(@Nullable Double value) {
    return value == null ? null : Double.valueOf(Math.round(value * 10_000) / 10_000.0);
  }
}
