package io.tidegate.cli;

import io.tidegate.connector.TidegateConfig;
import io.tidegate.job.ReplayJob;
import io.tidegate.model.ReplayOutcome;
import io.tidegate.model.ReplayedDecision;
import io.tidegate.model.UserError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Recomputes archived rollouts and says whether they come out the same. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Recompute every boundary of archived rollouts and compare with the archive.",
      "What differs is appended as a new revision. Exit code 0: everything reproduces; 4: something differs."
    })
final class ReplayCommand implements Callable<Integer> {

  static final int DIFFERS = 4;

  @Mixin private ConfigOption config;
  @Mixin private OutputOption output;

  @Parameters(
      paramLabel = "ROLLOUT",
      arity = "0..*",
      description = "Rollouts to replay (default: all).")
  private List<String> rollouts;

  @Option(
      names = "--decision",
      paramLabel = "ID",
      description = {
        "Recompute one decision of the gate, by its decision_id in decision_log or its signal_id;",
        "append nothing."
      })
  private String decision;

  @Option(names = "--dry-run", description = "Only compare; append nothing.")
  private boolean dryRun;

  private final List<String> notes = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ReplayCommand() {}

  @Override
  public Integer call() throws Exception {
    if (decision != null && rollouts != null) {
      throw new UserError(
          "--decision", "", String.join(" ", rollouts), "a decision's id and no rollout");
    }
    // The result or its failure, beside what a person should know of the history it rests on.
    try {
      return decision == null
          ? all()
          : one(ReplayJob.decision(TidegateConfig.load(config.file()), decision, notes::add));
    } finally {
      notes.forEach(output.err()::println);
    }
  }

  private int one(ReplayedDecision replayed) {
    ReplayedDecision.Decided decided = replayed.decision();
    ResultTable table =
        new ResultTable(
            "rollout",
            "attempt",
            "stage",
            "boundary",
            "verdict",
            "recomputed",
            "reproduces",
            "exposures_snapshot_id",
            "outcomes_snapshot_id",
            "rollout_events_snapshot_id",
            "baselines_snapshot_id");
    table.row(
        decided.rolloutId(),
        decided.attempt(),
        decided.stage(),
        Instant.ofEpochMilli(decided.boundaryMs()).toString(),
        decided.verdict().name(),
        replayed.recomputed() == null ? "" : replayed.recomputed().name(),
        replayed.reproduces(),
        replayed.exposuresSnapshotId(),
        replayed.outcomesSnapshotId(),
        replayed.rolloutEventsSnapshotId(),
        decided.baselinesSnapshotId());
    output.print(table);
    return replayed.reproduces() ? Tidegate.OK : DIFFERS;
  }

  private int all() throws Exception {
    TreeSet<String> wanted = rollouts == null ? new TreeSet<>() : new TreeSet<>(rollouts);
    List<ReplayOutcome> outcomes =
        ReplayJob.run(TidegateConfig.load(config.file()), wanted, !dryRun, notes::add);
    ResultTable table =
        new ResultTable(
            "rollout",
            "boundaries",
            "identical",
            "corrected",
            "absent",
            "beyond_archive",
            "reproduces");
    boolean all = true;
    for (ReplayOutcome o : outcomes) {
      table.row(
          o.rolloutId(),
          o.boundaries(),
          o.identical(),
          o.corrected().size(),
          o.absent(),
          o.beyond(),
          o.reproduces());
      all &= o.reproduces();
    }
    output.print(table);
    return all ? Tidegate.OK : DIFFERS;
  }
}
