package io.tidegate.job;

import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.HistoryRequest.Kept;
import io.tidegate.analysis.baseline.HistoryRequest.Series;
import io.tidegate.analysis.baseline.HistoryRequest.Wanted;
import io.tidegate.analysis.baseline.HourBook;
import io.tidegate.analysis.baseline.SpecParser;
import io.tidegate.analysis.baseline.Thresholds;
import io.tidegate.codec.Tables;
import io.tidegate.connector.ArchivedRollouts;
import io.tidegate.connector.BaselineConfig;
import io.tidegate.connector.BaselineDays;
import io.tidegate.connector.BaselineTables;
import io.tidegate.connector.BaselineTables.Span;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.BaselineDay;
import io.tidegate.model.BaselineProgress;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.spec.RolloutSpecs;
import io.tidegate.stats.season.YearlyLevel;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the baseline reads and writes, settled before it starts.
 *
 * @param runId the same for the same history and metrics
 * @param revision number of the run
 * @param baselines whether rows of {@code baselines} are to be written, or are there already
 * @param recipes how each metric is folded, by metric key
 * @param kept what earlier runs kept
 */
record BaselineRun(
    String runId,
    int revision,
    boolean baselines,
    HistoryRequest request,
    Map<String, String> recipes,
    KeptHistory kept,
    Pinned pinned) {

  /** Longest history used: the weeks that the weekly level looks at. */
  static final long HISTORY_MS = Duration.ofDays(56).toMillis();

  private static final long HOUR_MS = HistoryPlan.HOUR_MS;
  private static final long DAY_MS = HistoryPlan.DAY_MS;

  static final SpecParser PARSER = json -> RolloutSpecs.fromJson("the spec of a rollout", json);

  /** The tables' newest snapshots; null where one is empty. */
  record Pinned(
      @Nullable Long exposures,
      @Nullable Long outcomes,
      @Nullable Long hourly,
      @Nullable Long days) {

    static Pinned newest(TidegateConfig config) {
      return new Pinned(
          IcebergTables.newestSnapshot(config, Tables.EXPOSURES),
          IcebergTables.newestSnapshot(config, Tables.OUTCOMES),
          IcebergTables.newestSnapshot(config, Tables.METRIC_HOURLY),
          IcebergTables.newestSnapshot(config, Tables.BASELINE_DAYS));
    }
  }

  /**
   * Throws a UserError where there is no history or no metric.
   *
   * @param backfill whether to fold all of the history again, whatever is kept
   */
  static BaselineRun plan(TidegateConfig config, List<RolloutSpec> specs, boolean backfill) {
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
    Pinned pinned = Pinned.newest(config);
    KeptHistory kept = backfill ? KeptHistory.NONE : KeptHistory.read(config, pinned);
    HistoryRequest request = request(config, rollouts, pinned, kept.span(config, pinned));
    String runId = runId(request, pinned, backfill);
    HistoryPlan plan = HistoryPlan.of(request, PARSER, Map.of());
    return new BaselineRun(
        runId,
        1
            + Math.max(
                BaselineTables.newestRevision(config, Tables.BASELINES),
                BaselineTables.newestRevision(config, Tables.BASELINE_DAYS)),
        !BaselineTables.hasRun(config, runId, request.endMs()),
        request
            .with(missing(config, pinned, plan))
            .with(kept.holding(config, pinned, request, plan)),
        recipes(plan, Map.of()),
        kept,
        pinned);
  }

  private static HistoryRequest request(
      TidegateConfig config, KnownRollouts rollouts, Pinned pinned, @Nullable Span span) {
    long endMs = span == null ? 0 : Math.floorDiv(span.lastMs(), HOUR_MS) * HOUR_MS;
    long knownMs =
        span == null ? 0 : Math.floorDiv(span.firstMs() + HOUR_MS - 1, HOUR_MS) * HOUR_MS;
    // Whole days are kept: the history begins with one.
    long wholeMs = Math.floorDiv(endMs - HISTORY_MS + DAY_MS - 1, DAY_MS) * DAY_MS;
    long startMs = Math.max(knownMs, wholeMs);
    if (startMs >= endMs) {
      throw new UserError(
          "", "table " + Tables.OUTCOMES, "less than a whole hour", "history to learn from");
    }
    Set<String> exposed =
        BaselineTables.exposedThroughout(
            IcebergTables.load(config, Tables.EXPOSURES),
            pinned.exposures(),
            rollouts.flags(),
            startMs,
            endMs);
    return new HistoryRequest(
        startMs,
        endMs,
        rollouts.wanted(exposed, endMs),
        rollouts.treatments(),
        calendar(config.baseline(), startMs, endMs),
        Kept.nothing(knownMs));
  }

  private static Map<String, String> recipes(HistoryPlan plan, Map<String, Double> thresholds) {
    Map<String, String> recipes = new TreeMap<>();
    plan.keys().forEach(key -> recipes.put(key, plan.recipe(key, thresholds.get(key))));
    return recipes;
  }

  /** Whether quantile metrics need their values first. */
  boolean hasQuantiles() {
    return HistoryPlan.of(request, PARSER, Map.of()).hasQuantiles();
  }

  /** The values of quantile metrics on the days that are kept, by metric key. */
  Map<String, HourBook> keptValues(TidegateConfig config) {
    Map<String, HourBook> values = new TreeMap<>();
    long firstMs = Math.floorDiv(request.startMs(), DAY_MS) * DAY_MS;
    for (String key : HistoryPlan.of(request, PARSER, Map.of()).quantiles()) {
      HourBook book = new HourBook();
      for (BaselineDay day : BaselineDays.read(config, pinned.days(), key, firstMs)) {
        if (day.dayMs() < request.firstDayMs(key)) {
          book.addValues(HourBook.read(day.sums()));
        }
      }
      values.put(key, book);
    }
    return values;
  }

  /**
   * The run with the thresholds of quantile metrics known: what was kept with others is folded
   * again.
   *
   * @param values quantile metrics' values over the history, by metric key
   */
  BaselineRun withThresholds(Map<String, HourBook> values) {
    HistoryPlan plan = HistoryPlan.of(request, PARSER, Map.of());
    Map<String, Double> thresholds = new TreeMap<>();
    values.forEach((key, book) -> Thresholds.put(plan, key, book, thresholds));
    Map<String, String> now = recipes(plan, thresholds);
    Map<String, Long> until = new TreeMap<>(request.kept().untilMs());
    until.keySet().removeIf(key -> !kept.hasRecipe(key, now.getOrDefault(key, "")));
    return new BaselineRun(
        runId,
        revision,
        baselines,
        request.with(
            new Kept(request.kept().knownFromMs(), until, request.kept().volumesUntilMs())),
        now,
        kept,
        pinned);
  }

  /** How rows name the run. */
  BaselineProgress progress() {
    return new BaselineProgress(
        revision,
        request.endMs(),
        request.kept().knownFromMs(),
        "",
        KeptHistory.treatments(request.treatments(), request.endMs()),
        Snapshots.orZero(pinned.exposures()),
        Snapshots.orZero(pinned.outcomes()),
        Snapshots.orZero(pinned.hourly()));
  }

  /** The unusual days of the history, of two years before and after it, and every declared one. */
  private static HistoryRequest.Calendar calendar(BaselineConfig config, long startMs, long endMs) {
    Set<Long> days = new TreeSet<>();
    ZoneId zone = ZoneId.of(config.timeZone());
    int first = Instant.ofEpochMilli(startMs).atZone(zone).getYear() - YearlyLevel.YEARS;
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

  /**
   * What is wanted without the covariates that the table has already, and without those of a window
   * that no unit did anything in.
   */
  private static List<Wanted> missing(TidegateConfig config, Pinned pinned, HistoryPlan plan) {
    Table covariates = IcebergTables.load(config, Tables.UNIT_COVARIATES);
    Snapshot newest = covariates.currentSnapshot();
    List<Wanted> missing = new ArrayList<>();
    for (Wanted each : plan.request().wanted()) {
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
      if (!before.isEmpty() && isEmpty(config, pinned, plan, each.covariatesEndMs())) {
        before = List.of();
      }
      missing.add(
          new Wanted(
              each.specJson(), each.series(), each.byExposure(), before, each.covariatesEndMs()));
    }
    return missing;
  }

  /** Whether nothing that a plan reads happened in the window of covariates that ends there. */
  private static boolean isEmpty(
      TidegateConfig config, Pinned pinned, HistoryPlan plan, long endMs) {
    long startMs = endMs - HistoryPlan.COVARIATE_DAYS * DAY_MS;
    return !BaselineTables.hasEvent(
            IcebergTables.load(config, Tables.OUTCOMES),
            pinned.outcomes(),
            "outcome_name",
            plan.outcomes(),
            startMs,
            endMs)
        && !BaselineTables.hasEvent(
            IcebergTables.load(config, Tables.EXPOSURES),
            pinned.exposures(),
            "flag_key",
            plan.flags(),
            startMs,
            endMs);
  }

  /** The name of a run that reads these snapshots. */
  static String runId(HistoryRequest request, Pinned pinned, boolean backfill) {
    StringBuilder inputs = new StringBuilder(backfill ? "backfill/" : "");
    inputs.append(pinned.exposures()).append('/').append(pinned.outcomes());
    inputs.append('/').append(pinned.hourly());
    if (!request.calendar().equals(HistoryRequest.Calendar.PLAIN)) {
      inputs.append('\n').append(request.calendar());
    }
    request.treatments().forEach(t -> inputs.append('\n').append(t));
    request
        .wanted()
        .forEach(
            w -> {
              inputs.append('\n').append(w.specJson()).append(w.covariatesEndMs());
              if (w.byExposure()) {
                inputs.append(w.series());
              }
            });
    return RunIds.of(BaselineJob.NAME, inputs.toString());
  }
}
