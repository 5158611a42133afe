package io.tidegate.job;

import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.HistoryRequest.Series;
import io.tidegate.analysis.baseline.HistoryRequest.Wanted;
import io.tidegate.analysis.baseline.SpecParser;
import io.tidegate.codec.Tables;
import io.tidegate.connector.ArchivedRollouts;
import io.tidegate.connector.BaselineConfig;
import io.tidegate.connector.BaselineTables;
import io.tidegate.connector.BaselineTables.Span;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.spec.RolloutSpecs;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the baseline reads and writes, settled before it starts.
 *
 * @param runId the same for the same history and metrics
 * @param revision number of the run in {@code baselines}
 * @param baselines whether rows of {@code baselines} are to be written, or are there already
 * @param hourlySnapshot snapshot of {@code metric_hourly}; null where it is empty
 */
record BaselineRun(
    String runId,
    int revision,
    boolean baselines,
    HistoryRequest request,
    boolean hasQuantiles,
    @Nullable Long exposuresSnapshot,
    @Nullable Long outcomesSnapshot,
    @Nullable Long hourlySnapshot) {

  /** Longest history used: the weeks that the weekly level looks at. */
  private static final long HISTORY_MS = Duration.ofDays(56).toMillis();

  private static final long HOUR_MS = HistoryPlan.HOUR_MS;

  static final SpecParser PARSER = json -> RolloutSpecs.fromJson("the spec of a rollout", json);

  /** Throws a UserError where there is no history or no metric. */
  static BaselineRun plan(TidegateConfig config, List<RolloutSpec> specs) {
    KnownRollouts rollouts =
        KnownRollouts.of(
            ArchivedRollouts.read(
                IcebergTables.load(config, Tables.ROLLOUT_EVENTS),
                IcebergTables.newestSnapshot(config, Tables.ROLLOUT_EVENTS)),
            specs);
    if (rollouts.isEmpty()) {
      throw new UserError(
          "", "rollouts", "none", "a rollout that is defined, or a spec given with --spec FILE");
    }
    Long exposures = IcebergTables.newestSnapshot(config, Tables.EXPOSURES);
    Long outcomes = IcebergTables.newestSnapshot(config, Tables.OUTCOMES);
    Long hourly = IcebergTables.newestSnapshot(config, Tables.METRIC_HOURLY);
    Span span = BaselineTables.span(IcebergTables.load(config, Tables.OUTCOMES), outcomes);
    long endMs = span == null ? 0 : Math.floorDiv(span.lastMs(), HOUR_MS) * HOUR_MS;
    long firstMs =
        span == null ? 0 : Math.floorDiv(span.firstMs() + HOUR_MS - 1, HOUR_MS) * HOUR_MS;
    long startMs = Math.max(firstMs, endMs - HISTORY_MS);
    if (startMs >= endMs) {
      throw new UserError(
          "", "table " + Tables.OUTCOMES, "less than a whole hour", "history to learn from");
    }
    Set<String> exposed =
        BaselineTables.exposedThroughout(
            IcebergTables.load(config, Tables.EXPOSURES),
            exposures,
            rollouts.flags(),
            startMs,
            endMs);
    List<Wanted> wanted = rollouts.wanted(exposed, endMs);
    HistoryRequest request =
        new HistoryRequest(
            startMs,
            endMs,
            wanted,
            rollouts.treatments(),
            calendar(config.baseline(), startMs, endMs));
    String runId = runId(request, exposures, outcomes, hourly);
    request =
        new HistoryRequest(
            startMs, endMs, missing(config, wanted), request.treatments(), request.calendar());
    return new BaselineRun(
        runId,
        BaselineTables.newestRevision(config) + 1,
        !BaselineTables.hasRun(config, runId),
        request,
        HistoryPlan.of(request, PARSER, Map.of()).hasQuantiles(),
        exposures,
        outcomes,
        hourly);
  }

  /** The unusual days of the history and of the two years that follow, and every declared one. */
  private static HistoryRequest.Calendar calendar(BaselineConfig config, long startMs, long endMs) {
    Set<Long> days = new TreeSet<>();
    ZoneId zone = ZoneId.of(config.timeZone());
    int first = Instant.ofEpochMilli(startMs).atZone(zone).getYear();
    int last = Instant.ofEpochMilli(endMs).atZone(zone).getYear() + 2;
    config.unusualDays(first, last).forEach(date -> days.add(date.toEpochDay()));
    return new HistoryRequest.Calendar(config.timeZone(), List.copyOf(days));
  }

  /** Whether covariates are to be written. */
  boolean covariates() {
    return request.wanted().stream().anyMatch(w -> !w.covariates().isEmpty());
  }

  /** Whether the tables have everything. */
  boolean done() {
    return !baselines && !covariates();
  }

  /** Without the covariates that the table has already. */
  private static List<Wanted> missing(TidegateConfig config, List<Wanted> wanted) {
    Table covariates = IcebergTables.load(config, Tables.UNIT_COVARIATES);
    Snapshot newest = covariates.currentSnapshot();
    List<Wanted> missing = new ArrayList<>();
    for (Wanted each : wanted) {
      Set<String> keys = each.covariates().stream().map(Series::key).collect(Collectors.toSet());
      Set<String> there =
          BaselineTables.covariateRuns(
                  covariates,
                  newest == null ? null : newest.snapshotId(),
                  each.covariatesEndMs(),
                  keys)
              .keySet();
      List<Series> before =
          each.covariates().stream().filter(s -> !there.contains(s.key())).toList();
      missing.add(
          new Wanted(
              each.specJson(), each.series(), each.byExposure(), before, each.covariatesEndMs()));
    }
    return missing;
  }

  /** The name of a run that reads these snapshots. */
  static String runId(
      HistoryRequest request,
      @Nullable Long exposures,
      @Nullable Long outcomes,
      @Nullable Long hourly) {
    StringBuilder inputs = new StringBuilder();
    inputs.append(exposures).append('/').append(outcomes).append('/').append(hourly);
    if (!request.calendar().equals(HistoryRequest.Calendar.PLAIN)) {
      inputs.append('\n').append(request.calendar());
    }
    request.treatments().forEach(t -> inputs.append('\n').append(t));
    request
        .wanted()
        .forEach(w -> inputs.append('\n').append(w.specJson()).append(w.covariatesEndMs()));
    return RunIds.of(BaselineJob.NAME, inputs.toString());
  }
}
