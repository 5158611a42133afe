package io.tidegate.job;

import io.tidegate.codec.GateRows;
import io.tidegate.codec.InputRows;
import io.tidegate.codec.Tables;
import io.tidegate.connector.ArchiveProgress;
import io.tidegate.connector.ArchiveStart;
import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.TransactionMarks;
import io.tidegate.pipeline.ArchivePipeline;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Keeps in Iceberg what came over Kafka, every record once, and writes the dead letters. */
public final class ArchiveJob {

  static final String NAME = "archive";

  private ArchiveJob() {}

  public static void main(String[] arguments) throws Exception {
    TidegateConfig config = JobArguments.config(arguments);
    KafkaTopics.require(config.kafka());
    environment(config).execute("tidegate-" + NAME);
  }

  /**
   * The job, ready to be executed. Throws a UserError where broker or catalog is unreachable, or a
   * topic ends before what is archived of it.
   */
  public static StreamExecutionEnvironment environment(TidegateConfig config) {
    StreamExecutionEnvironment environment = FlinkDefaults.environment(config.runtime());
    ArchiveProgress progress = ArchiveProgress.read(config);
    ArchiveStart start = ArchiveStart.of(config, progress);
    start.tell(config);
    ArchivePipeline.Outputs out =
        ArchivePipeline.build(
            ArchiveInputs.of(environment, config, progress),
            progress.held(),
            start.read(),
            new TransactionMarks(config.kafka()),
            config.events().dimensions());
    IcebergTables.append(
        out.exposures(), config, Tables.EXPOSURES, InputRows::exposure, "archive/exposures");
    IcebergTables.append(
        out.outcomes(), config, Tables.OUTCOMES, InputRows::outcome, "archive/outcomes");
    IcebergTables.append(
        out.rollouts(), config, Tables.ROLLOUT_EVENTS, InputRows::rolloutEvent, "archive/rollouts");
    IcebergTables.append(
        out.hours(), config, Tables.METRIC_HOURLY, InputRows::hourly, "archive/metric-hourly");
    IcebergTables.append(
        out.signals(), config, Tables.GATE_SIGNALS, GateRows::signal, "archive/gate-signals");
    IcebergTables.append(
        out.estimates(), config, Tables.STAGE_ESTIMATES, GateRows::estimate, "archive/estimates");
    IcebergTables.append(
        out.decisions(), config, Tables.DECISION_LOG, GateRows::decision, "archive/decisions");
    IcebergTables.append(
        out.late(), config, Tables.LATE_EVENTS, InputRows::lateEvent, "archive/late-events");
    IcebergTables.append(
        out.incidents(), config, Tables.INCIDENTS, InputRows::incident, "archive/incidents");
    IcebergTables.append(
        out.positions(),
        config,
        Tables.READ_POSITIONS,
        InputRows::readPosition,
        "archive/positions",
        1);
    DeadLetterSink.write(out.deadLetters(), config, NAME, "archive/dead-letters");
    return environment;
  }
}
