package io.tidegate.job;

import io.tidegate.analysis.impact.ImpactPlan;
import io.tidegate.analysis.impact.ImpactScope;
import io.tidegate.codec.ImpactRows;
import io.tidegate.codec.Tables;
import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.ImpactRuns;
import io.tidegate.model.AttemptId;
import io.tidegate.model.ImpactRun;
import io.tidegate.model.RunStamp;
import io.tidegate.pipeline.GatePipeline;
import io.tidegate.pipeline.ImpactPipeline;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The {@code impact} job: retention, revenue and effects of every attempt, from pinned snapshots in
 * batch mode. A run that the tables hold already is not made again. Argument: {@code --config
 * FILE}.
 */
public final class ImpactJob {

  static final String NAME = "impact";

  private ImpactJob() {}

  public static void main(String[] args) throws Exception {
    run(JobArguments.config(args), Set.of());
  }

  /**
   * Computes and appends; returns when the tables have the rows. Throws a UserError for a rollout
   * that has not entered a stage.
   *
   * @param rolloutIds rollouts wanted; empty for all
   */
  public static List<ImpactRun> run(TidegateConfig config, Set<String> rolloutIds)
      throws Exception {
    PinnedHistory history = PinnedHistory.newest(config);
    Snapshots pinned = history.pinned();
    ImpactScope scope = wanted(ImpactScope.of(history.rollouts(), Definitions.READER), rolloutIds);
    Covariates covariates = Covariates.pinned(config, scope);
    List<ImpactRun> runs = runs(config, pinned, covariates, scope);
    Map<AttemptId, RunStamp> due = new HashMap<>();
    runs.stream().filter(r -> !r.known()).forEach(r -> due.put(r.attempt(), r.stamp()));
    if (!due.isEmpty()) {
      JobExecutionResult ended =
          environment(config, pinned, covariates.only(due.keySet()), scope.only(due.keySet()), due)
              .execute("tidegate-" + NAME);
      if (ended.isJobExecutionResult()) { // else it was only submitted
        ImpactRuns.mark(config.catalog(), due);
      }
    }
    return runs;
  }

  private static ImpactScope wanted(ImpactScope all, Set<String> rolloutIds) {
    if (rolloutIds.isEmpty()) {
      return all;
    }
    Set<String> started = new TreeSet<>();
    all.attempts().forEach(a -> started.add(a.rolloutId()));
    WantedRollouts.check(
        rolloutIds, started, "a rollout that entered a stage before the last tick");
    Set<AttemptId> wanted = new TreeSet<>(all.attempts());
    wanted.removeIf(a -> !rolloutIds.contains(a.rolloutId()));
    return all.only(wanted);
  }

  /** The run of each attempt, and whether the tables hold it already. */
  static List<ImpactRun> runs(
      TidegateConfig config, Snapshots pinned, Covariates covariates, ImpactScope scope) {
    List<ImpactRun> runs = new ArrayList<>();
    if (scope.attempts().isEmpty() || pinned.exposures() == null) {
      return runs;
    }
    Set<String> ids = new TreeSet<>();
    scope.attempts().forEach(a -> ids.add(a.rolloutId()));
    ImpactRuns before = ImpactRuns.read(config.catalog(), ids);
    scope
        .attempts()
        .forEach(
            id -> {
              String runId = RunIds.of(id, pinned, covariates.runs(id), scope.dataEndMs());
              int newest = before.newestRevision(id);
              boolean known = before.isNewest(id, runId);
              runs.add(
                  new ImpactRun(
                      id,
                      new RunStamp(
                          runId,
                          known ? newest : newest + 1,
                          scope.dataEndMs(),
                          Snapshots.orZero(pinned.exposures()),
                          Snapshots.orZero(pinned.outcomes()),
                          Snapshots.orZero(pinned.rolloutEvents())),
                      known));
            });
    return runs;
  }

  /** The job, ready to be executed. */
  static StreamExecutionEnvironment environment(
      TidegateConfig config,
      Snapshots pinned,
      Covariates covariates,
      ImpactScope scope,
      Map<AttemptId, RunStamp> stamps) {
    StreamExecutionEnvironment env = FlinkDefaults.environment(config.runtime());
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    ImpactPipeline.Streams out =
        ImpactPipeline.build(
            HistoryPoints.of(
                env,
                config,
                pinned,
                scope.plans().values().stream().map(ImpactPlan::attempt).toList(),
                NAME),
            covariates.points(env, config),
            scope,
            GatePipeline.DEFAULT_HORIZON_SLICES);
    Stamps by = new Stamps(stamps);
    IcebergTables.append(
        out.retention(),
        config,
        Tables.RETENTION_CURVES,
        p -> ImpactRows.retention(p, by.of(p.rolloutId(), p.attempt())),
        "impact/retention-curves");
    IcebergTables.append(
        out.revenue(),
        config,
        Tables.REVENUE_CURVES,
        p -> ImpactRows.revenue(p, by.of(p.rolloutId(), p.attempt())),
        "impact/revenue-curves");
    IcebergTables.append(
        out.effects(),
        config,
        Tables.IMPACT_REPORTS,
        e -> ImpactRows.effect(e, by.of(e.rolloutId(), e.attempt())),
        "impact/impact-reports");
    IcebergTables.append(
        out.comparisons(),
        config,
        Tables.STAGE_COMPARISONS,
        c -> ImpactRows.comparison(c, by.of(c.rolloutId(), c.attempt())),
        "impact/stage-comparisons");
    return env;
  }

  /** The stamp of every attempt's rows. */
  private record Stamps(Map<AttemptId, RunStamp> byAttempt) implements Serializable {
    RunStamp of(String rolloutId, int attempt) {
      return Objects.requireNonNull(byAttempt.get(new AttemptId(rolloutId, attempt)));
    }
  }
}
