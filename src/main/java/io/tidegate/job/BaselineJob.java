package io.tidegate.job;

import io.tidegate.analysis.baseline.HistoryBatch;
import io.tidegate.analysis.baseline.HistoryEvent;
import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.HourBook;
import io.tidegate.codec.BaselineRows;
import io.tidegate.codec.InputRows;
import io.tidegate.codec.Tables;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.HourlyCount;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.pipeline.BaselinePipeline;
import io.tidegate.spec.RolloutSpecs;
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
 * {@code --config FILE [--spec FILE…]}; the metrics are those of the specs named and of every
 * rollout that is defined. Over the same history a second run changes nothing.
 */
public final class BaselineJob {

  static final String NAME = "baseline";
  private static final String SPEC = "--spec";

  private BaselineJob() {}

  public static void main(String[] args) throws Exception {
    int named = Math.min(2, args.length);
    TidegateConfig config = JobArguments.config(Arrays.copyOf(args, named));
    run(config, specs(config, Arrays.asList(args).subList(named, args.length)));
  }

  private static List<RolloutSpec> specs(TidegateConfig config, List<String> arguments) {
    if (!arguments.isEmpty() && (arguments.size() == 1 || !arguments.get(0).equals(SPEC))) {
      throw new UserError("arguments", "", String.join(" ", arguments), SPEC + " FILE…");
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
   * @return the run's id, as {@code run_id} in the tables
   */
  public static String run(TidegateConfig config, List<RolloutSpec> specs) throws Exception {
    Catalogs.createMissing(config.catalog());
    BaselineRun run = BaselineRun.plan(config, specs);
    if (!run.done()) {
      Map<String, HourBook> values = new TreeMap<>();
      if (run.hasQuantiles()) {
        try (CloseableIterator<HistoryBatch> parts = values(config, run)) {
          parts.forEachRemaining(
              part ->
                  values
                      .computeIfAbsent(part.key, key -> new HourBook())
                      .add(HourBook.read(part.book)));
        }
      }
      environment(config, run, values).execute("tidegate-" + NAME);
    }
    return run.runId();
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
            values,
            run.request(),
            BaselineRun.PARSER);
    String runId = run.runId();
    int revision = run.revision();
    long hourlySnapshot = Snapshots.orZero(run.hourlySnapshot());
    long outcomesSnapshot = Snapshots.orZero(run.outcomesSnapshot());
    if (run.baselines()) {
      IcebergTables.append(
          out.baselines(),
          config,
          Tables.BASELINES,
          row -> BaselineRows.baseline(row, runId, hourlySnapshot, revision),
          "baseline/baselines");
    }
    if (run.covariates()) {
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
    HistoryPlan plan = HistoryPlan.of(run.request(), BaselineRun.PARSER, Map.of());
    Expression since = Expressions.greaterThanOrEqual("event_time", micros(plan.readFromMs()));
    Expression named =
        plan.outcomes().isEmpty()
            ? Expressions.alwaysTrue()
            : Expressions.in("outcome_name", plan.outcomes());
    DataStream<ReceivedExposure> exposures =
        IcebergTables.read(
            env,
            config,
            Tables.EXPOSURES,
            run.exposuresSnapshot(),
            InputRows::exposure,
            TypeInformation.of(ReceivedExposure.class),
            Expressions.and(since, Expressions.in("flag_key", plan.flags())),
            NAME + "/" + Tables.EXPOSURES);
    DataStream<ReceivedOutcome> outcomes =
        IcebergTables.read(
            env,
            config,
            Tables.OUTCOMES,
            run.outcomesSnapshot(),
            InputRows::outcome,
            TypeInformation.of(ReceivedOutcome.class),
            Expressions.and(since, named),
            NAME + "/" + Tables.OUTCOMES);
    return BaselinePipeline.events(exposures, outcomes, run.request(), BaselineRun.PARSER);
  }

  private static DataStream<HourlyCount> hours(
      StreamExecutionEnvironment env, TidegateConfig config, BaselineRun run) {
    HistoryRequest request = run.request();
    return IcebergTables.read(
        env,
        config,
        Tables.METRIC_HOURLY,
        run.hourlySnapshot(),
        InputRows::hourly,
        TypeInformation.of(HourlyCount.class),
        Expressions.greaterThanOrEqual("hour_start", micros(request.startMs())),
        NAME + "/" + Tables.METRIC_HOURLY);
  }

  private static long micros(long epochMs) {
    return Math.multiplyExact(epochMs, 1000L);
  }
}
