package io.tidegate.job;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.codec.InputRows;
import io.tidegate.codec.Tables;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.model.RolloutSpec;
import io.tidegate.pipeline.EventPoints;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;

/** The exposures and outcomes that attempts read, from pinned snapshots. */
final class HistoryPoints {

  private HistoryPoints() {}

  /**
   * Files that hold nothing wanted are skipped; events that nobody reads may still come.
   *
   * @param job first part of the uids
   */
  static DataStream<Point> of(
      StreamExecutionEnvironment env,
      TidegateConfig config,
      Snapshots pinned,
      Collection<Attempt> attempts,
      String job) {
    Set<String> flags = new TreeSet<>();
    Set<String> outcomes = new TreeSet<>();
    long from = Long.MAX_VALUE;
    for (Attempt attempt : attempts) {
      RolloutSpec spec = attempt.definition().spec();
      flags.add(spec.flag().key());
      outcomes.addAll(spec.outcomeNames());
      from = Math.min(from, attempt.startMs());
    }
    Expression since =
        Expressions.greaterThanOrEqual("event_time", Math.multiplyExact(from, 1000L));
    return EventPoints.of(
        IcebergTables.read(
            env,
            config,
            Tables.EXPOSURES,
            pinned.exposures(),
            InputRows::exposure,
            TypeInformation.of(ReceivedExposure.class),
            Expressions.and(since, Expressions.in("flag_key", flags)),
            job + "/" + Tables.EXPOSURES),
        IcebergTables.read(
            env,
            config,
            Tables.OUTCOMES,
            pinned.outcomes(),
            InputRows::outcome,
            TypeInformation.of(ReceivedOutcome.class),
            Expressions.and(since, Expressions.in("outcome_name", outcomes)),
            job + "/" + Tables.OUTCOMES),
        job);
  }
}
