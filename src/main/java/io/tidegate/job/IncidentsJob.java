package io.tidegate.job;

import io.tidegate.analysis.alarm.AlarmSettings;
import io.tidegate.analysis.alarm.Running;
import io.tidegate.analysis.alarm.ToldIncidents;
import io.tidegate.codec.IncidentCodec;
import io.tidegate.codec.InputRows;
import io.tidegate.codec.Tables;
import io.tidegate.connector.ArchiveReach;
import io.tidegate.connector.ArchivedRollouts;
import io.tidegate.connector.BaselineTables;
import io.tidegate.connector.BaselineTables.Span;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.EventsConfig;
import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.KafkaSinks;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.SentIncidents;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.HourlyCount;
import io.tidegate.model.OutRecord;
import io.tidegate.model.UserError;
import io.tidegate.pipeline.IncidentPipeline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code incidents} job: what the hours of {@code metric_hourly} show that was not expected of
 * them, to topic {@code incidents}. To be run by a schedule, every hour. Argument: {@code --config
 * FILE}. Over the same hours a second run tells nothing.
 */
public final class IncidentsJob {

  static final String NAME = "incidents";

  private static final long HOUR_MS = Duration.ofHours(1).toMillis();
  private static final long WEEK_MS = Duration.ofDays(7).toMillis();

  private static final Logger LOG = LoggerFactory.getLogger(IncidentsJob.class);

  /** Weeks looked at: at least the first number, then four more at most. */
  private static final int FEWEST_WEEKS = 26;

  private static final int STEP_WEEKS = 4;

  /** A Monday: 1970-01-05. */
  private static final long MONDAY_MS = Duration.ofDays(4).toMillis();

  private IncidentsJob() {}

  public static void main(String[] args) throws Exception {
    TidegateConfig config = JobArguments.config(args);
    KafkaTopics.require(config.kafka());
    run(config, System.currentTimeMillis());
  }

  /**
   * Runs to the end. Throws a UserError where there is no history.
   *
   * @param nowMs up to when hours are over where the clock is the wall's, epoch milliseconds
   */
  public static void run(TidegateConfig config, long nowMs) throws Exception {
    environment(config, nowMs).execute("tidegate-" + NAME);
  }

  /** The job, ready to be executed. */
  static StreamExecutionEnvironment environment(TidegateConfig config, long nowMs) {
    Catalogs.createMissing(config.catalog());
    Long outcomes = IcebergTables.newestSnapshot(config, Tables.OUTCOMES);
    Long snapshot =
        IcebergTables.newestSnapshotAsFarAs(
            config, Tables.METRIC_HOURLY, Tables.OUTCOMES, outcomes);
    Span span =
        BaselineTables.span(
            IcebergTables.load(config, Tables.METRIC_HOURLY),
            snapshot,
            "hour_start",
            Expressions.alwaysTrue());
    long endMs = endMs(config, span, ArchiveReach.ofOutcomes(config, outcomes), nowMs);
    long startMs = startMs(endMs);
    StreamExecutionEnvironment env = FlinkDefaults.environment(config.runtime());
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    ToldIncidents told = new ToldIncidents(SentIncidents.read(config, startMs));
    String topic = config.kafka().topics().incidents();
    KafkaSinks.write(
        IncidentPipeline.build(
                IcebergTables.read(
                    env,
                    config,
                    Tables.METRIC_HOURLY,
                    snapshot,
                    InputRows::hourly,
                    TypeInformation.of(HourlyCount.class),
                    Expressions.greaterThanOrEqual("hour_start", startMs * 1000),
                    NAME + "/" + Tables.METRIC_HOURLY),
                startMs,
                endMs,
                settings(config, startMs, endMs),
                told)
            .map(state -> IncidentCodec.message(state, topic), TypeInformation.of(OutRecord.class))
            .uid(NAME + "/messages"),
        config,
        NAME,
        NAME + "/" + topic);
    return env;
  }

  private static AlarmSettings settings(TidegateConfig config, long startMs, long endMs) {
    ZoneId zone = ZoneId.of(config.baseline().timeZone());
    return new AlarmSettings(
        zone,
        config
            .baseline()
            .unusualDays(
                Instant.ofEpochMilli(startMs).atZone(zone).getYear(),
                Instant.ofEpochMilli(endMs).atZone(zone).getYear()),
        config.incidents().falseAlarmEvery(),
        config.incidents().owner(),
        config.incidents().respondWithin(),
        rollouts(config));
  }

  private static List<Running> rollouts(TidegateConfig config) {
    List<Running> running = new ArrayList<>();
    Definitions.timelines(
            ArchivedRollouts.read(
                IcebergTables.load(config, Tables.ROLLOUT_EVENTS),
                IcebergTables.newestSnapshot(config, Tables.ROLLOUT_EVENTS)))
        .forEach(
            (id, timeline) ->
                timeline
                    .attempts()
                    .forEach(each -> running.add(new Running(id, each.startMs(), each.endMs()))));
    return running;
  }

  /**
   * End of the last hour that is over, by the wall's clock or where a later hour has begun, and
   * that the archive has read to its end: the hours after that look empty and are not.
   */
  private static long endMs(
      TidegateConfig config, @Nullable Span span, ArchiveReach reach, long nowMs) {
    if (span == null) {
      throw new UserError(
          "", "table " + Tables.METRIC_HOURLY, "no rows", "hours that the archive has counted");
    }
    if (reach.completeMs() == Long.MIN_VALUE) {
      throw new UserError("", "archive", reach.why(), "tables with the beginning of every topic");
    }
    boolean wall = config.events().clock() == EventsConfig.Clock.WALL;
    long overMs =
        wall
            ? nowMs - config.events().outOfOrderMs() - config.incidents().settle().toMillis()
            : span.lastMs();
    long endMs = Math.floorDiv(Math.min(overMs, reach.completeMs()), HOUR_MS) * HOUR_MS;
    if (endMs < Math.floorDiv(overMs, HOUR_MS) * HOUR_MS) {
      LOG.warn("hours are judged up to {} only: {}", Instant.ofEpochMilli(endMs), reach.why());
    }
    return endMs;
  }

  /** A Monday that stays the same for four weeks, so that runs see the same past. */
  static long startMs(long endMs) {
    long step = STEP_WEEKS * WEEK_MS;
    return Math.floorDiv(endMs - MONDAY_MS, step) * step + MONDAY_MS - FEWEST_WEEKS * WEEK_MS;
  }
}
