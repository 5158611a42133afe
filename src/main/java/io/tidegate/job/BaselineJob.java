package io.tidegate.job;

import io.tidegate.analysis.baseline.HistoryBatch;
import io.tidegate.analysis.baseline.HistoryEvent;
import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.HistoryRequest.Treatment;
import io.tidegate.analysis.baseline.HourBook;
import io.tidegate.codec.BaselineRows;
import io.tidegate.codec.InputRows;
import io.tidegate.codec.Tables;
import io.tidegate.connector.BaselineDays;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.BaselineDay;
import io.tidegate.model.BaselineProgress;
import io.tidegate.model.BaselineRow;
import io.tidegate.model.HourlyCount;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.pipeline.BaselinePipeline;
import io.tidegate.spec.RolloutSpecs;
import io.tidegate.stats.season.YearlyLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/**
 * The {@code baseline} job: what eight weeks of history say of the metrics of rollouts. Arguments:
 * {@code --config FILE [--backfill] [--spec FILE…]}; the metrics are those of the specs named and
 * of every rollout that is defined. Over the same history a second run changes nothing. A run keeps
 * the sums of the days that it folds; the next reads only what came since, and {@code --backfill}
 * folds all eight weeks again. Of the last two years it reads the hours of the same weeks.
 */
public final class BaselineJob {

  static final String NAME = "baseline";
  private static final String SPEC = "--spec";
  private static final String BACKFILL = "--backfill";

  private BaselineJob() {}

  public static void main(String[] args) throws Exception {
    int named = Math.min(2, args.length);
    TidegateConfig config = JobArguments.config(Arrays.copyOf(args, named));
    List<String> others = Arrays.asList(args).subList(named, args.length);
    boolean backfill = !others.isEmpty() && others.get(0).equals(BACKFILL);
    run(config, specs(config, others.subList(backfill ? 1 : 0, others.size())), backfill);
  }

  private static List<RolloutSpec> specs(TidegateConfig config, List<String> arguments) {
    if (!arguments.isEmpty() && (arguments.size() == 1 || !arguments.get(0).equals(SPEC))) {
      throw new UserError(
          "arguments", "", String.join(" ", arguments), "[" + BACKFILL + "] [" + SPEC + " FILE…]");
    }
    Duration outOfOrder = Duration.ofMillis(config.events().outOfOrderMs());
    return arguments.stream()
        .skip(1)
        .map(file -> RolloutSpecs.read(Path.of(file), outOfOrder))
        .toList();
  }

  /**
   * Runs to the end. Throws a UserError where there is no history or no metric.
   *
   * @param specs rollouts besides those that are defined; they win over one of the same id
   * @param backfill whether to fold all of the history again, whatever earlier runs kept
   * @return the run's id, as {@code run_id} in the tables
   */
  public static String run(TidegateConfig config, List<RolloutSpec> specs, boolean backfill)
      throws Exception {
    Catalogs.createMissing(config.catalog());
    BaselineRun run = BaselineRun.plan(config, specs, backfill);
    if (!run.done()) {
      Map<String, HourBook> values = new TreeMap<>();
      if (run.hasQuantiles()) {
        values = run.keptValues(config);
        addValues(config, run, values);
        run = run.withThresholds(values);
      }
      environment(config, run, values).execute("tidegate-" + NAME);
    }
    return run.runId();
  }

  private static void addValues(
      TidegateConfig config, BaselineRun run, Map<String, HourBook> values) throws Exception {
    try (CloseableIterator<HistoryBatch> parts = values(config, run)) {
      parts.forEachRemaining(
          part ->
              values
                  .computeIfAbsent(part.key, key -> new HourBook())
                  .add(HourBook.read(part.book)));
    }
  }

  private static CloseableIterator<HistoryBatch> values(TidegateConfig config, BaselineRun run)
      throws Exception {
    StreamExecutionEnvironment env = batch(config);
    return BaselinePipeline.values(events(env, config, run), run.request(), BaselineRun.PARSER)
        .executeAndCollect("tidegate-baseline-values");
  }

  /**
   * The job, ready to be executed.
   *
   * @param values quantile metrics' values by metric key
   */
  static StreamExecutionEnvironment environment(
      TidegateConfig config, BaselineRun run, Map<String, HourBook> values) {
    StreamExecutionEnvironment env = batch(config);
    BaselinePipeline.Streams out =
        BaselinePipeline.build(
            events(env, config, run),
            hours(env, config, run),
            kept(env, config, run),
            values,
            run.request(),
            BaselineRun.PARSER);
    String runId = run.runId();
    BaselineProgress progress = run.progress();
    if (run.baselines()) {
      TreeMap<String, String> recipes = new TreeMap<>(run.recipes());
      String volume = HistoryPlan.VOLUME_RECIPE;
      IcebergTables.append(
          out.baselines(),
          config,
          Tables.BASELINES,
          row -> BaselineRows.baseline(row, runId, progress),
          "baseline/baselines");
      IcebergTables.append(
          out.days(),
          config,
          Tables.BASELINE_DAYS,
          day ->
              BaselineRows.day(
                  new BaselineDay(day.key, day.dayMs, progress.revision(), day.book),
                  runId,
                  progress.of(recipes.getOrDefault(day.key, volume))),
          "baseline/days");
    }
    if (run.covariates()) {
      long outcomesSnapshot = progress.outcomesSnapshot();
      IcebergTables.append(
          out.covariates(),
          config,
          Tables.UNIT_COVARIATES,
          row -> BaselineRows.covariate(row, runId, outcomesSnapshot),
          "baseline/covariates");
    }
    return env;
  }

  private static StreamExecutionEnvironment batch(TidegateConfig config) {
    StreamExecutionEnvironment env = FlinkDefaults.environment(config.runtime());
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    return env;
  }

  private static DataStream<HistoryEvent> events(
      StreamExecutionEnvironment env, TidegateConfig config, BaselineRun run) {
    Wanted wanted = Wanted.of(run);
    DataStream<ReceivedExposure> exposures =
        IcebergTables.read(
            env,
            config,
            Tables.EXPOSURES,
            run.pinned().exposures(),
            InputRows::exposure,
            TypeInformation.of(ReceivedExposure.class),
            wanted.exposures(),
            NAME + "/" + Tables.EXPOSURES);
    DataStream<ReceivedOutcome> outcomes =
        IcebergTables.read(
            env,
            config,
            Tables.OUTCOMES,
            run.pinned().outcomes(),
            InputRows::outcome,
            TypeInformation.of(ReceivedOutcome.class),
            wanted.outcomes(),
            NAME + "/" + Tables.OUTCOMES);
    return BaselinePipeline.events(exposures, outcomes, run.request(), BaselineRun.PARSER);
  }

  /** Rows that a run reads. */
  record Wanted(Expression exposures, Expression outcomes, Expression hours, Expression days) {

    static Wanted of(BaselineRun run) {
      HistoryPlan plan = HistoryPlan.of(run.request(), BaselineRun.PARSER, Map.of());
      Expression since = since("event_time", plan.readFromMs());
      Expression exposures = Expressions.and(since, Expressions.in("flag_key", plan.flags()));
      List<Treatment> treatments = plan.treatments();
      if (!treatments.isEmpty()) {
        exposures =
            Expressions.or(
                exposures,
                Expressions.and(
                    since("event_time", plan.treatedFromMs()),
                    Expressions.in(
                        "flag_key", treatments.stream().map(Treatment::flag).distinct().toList()),
                    Expressions.in(
                        "variant_id",
                        treatments.stream().map(Treatment::variant).distinct().toList())));
      }
      Expression named =
          plan.outcomes().isEmpty()
              ? Expressions.alwaysTrue()
              : Expressions.in("outcome_name", plan.outcomes());
      HistoryRequest request = run.request();
      return new Wanted(
          exposures,
          Expressions.and(since, named),
          volumes(request),
          Expressions.and(
              BaselineDays.since(
                  Math.floorDiv(request.startMs(), HistoryPlan.DAY_MS) * HistoryPlan.DAY_MS),
              Expressions.or(
                  Expressions.startsWith("metric_key", BaselineRow.volumeKey("")),
                  Expressions.in("metric_key", plan.keys()))));
    }
  }

  /** Hours since those that are kept, and those of the same weeks of earlier years. */
  private static Expression volumes(HistoryRequest request) {
    Expression hours = since("hour_start", request.foldFromMs(BaselineRow.volumeKey("")));
    for (int year = 1; year <= YearlyLevel.YEARS; year++) {
      hours =
          Expressions.or(
              hours,
              Expressions.and(
                  since("hour_start", request.earlierFromMs(year)),
                  Expressions.lessThan(
                      "hour_start", Math.multiplyExact(request.earlierToMs(year), 1000L))));
    }
    return hours;
  }

  private static DataStream<HourlyCount> hours(
      StreamExecutionEnvironment env, TidegateConfig config, BaselineRun run) {
    return IcebergTables.read(
        env,
        config,
        Tables.METRIC_HOURLY,
        run.pinned().hourly(),
        InputRows::hourly,
        TypeInformation.of(HourlyCount.class),
        Wanted.of(run).hours(),
        NAME + "/" + Tables.METRIC_HOURLY);
  }

  private static DataStream<HistoryBatch> kept(
      StreamExecutionEnvironment env, TidegateConfig config, BaselineRun run) {
    return IcebergTables.read(
        env,
        config,
        Tables.BASELINE_DAYS,
        run.pinned().days(),
        row -> {
          BaselineDay day = BaselineRows.day(row);
          return HistoryBatch.ofDay(day.metricKey(), day.dayMs(), day.revision(), day.sums());
        },
        TypeInformation.of(HistoryBatch.class),
        Wanted.of(run).days(),
        NAME + "/" + Tables.BASELINE_DAYS);
  }

  private static Expression since(String column, long epochMs) {
    return Expressions.greaterThanOrEqual(column, Math.multiplyExact(epochMs, 1000L));
  }
}
