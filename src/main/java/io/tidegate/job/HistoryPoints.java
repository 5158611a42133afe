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
import org.jspecify.annotations.Nullable;

/** The exposures and outcomes that attempts read, from pinned snapshots. */
final class HistoryPoints {

  private HistoryPoints() {}

  /**
   * In no order. Files that hold nothing wanted are skipped; events that nobody reads may still
   * come.
   *
   * @param job first part of the uids
   */
  static DataStream<Point> of(
      StreamExecutionEnvironment env,
      TidegateConfig config,
      Snapshots pinned,
      Collection<Attempt> attempts,
      String job) {
    Wanted wanted = Wanted.by(attempts, Long.MAX_VALUE);
    return read(IcebergTables::read, env, config, pinned, wanted, job);
  }

  /**
   * As {@link #of}, with event time and watermarks, for a stream that goes on.
   *
   * @param allFromMs what attempts read from here on is not known: everything is wanted
   */
  static DataStream<Point> inTimeOrder(
      StreamExecutionEnvironment env,
      TidegateConfig config,
      Snapshots pinned,
      Collection<Attempt> attempts,
      long allFromMs,
      String job) {
    Wanted wanted = Wanted.by(attempts, allFromMs);
    return read(IcebergTables::readInTimeOrder, env, config, pinned, wanted, job);
  }

  /** A way of reading a pinned table. */
  @FunctionalInterface
  private interface TableReader {
    <T> DataStream<T> read(
        StreamExecutionEnvironment env,
        TidegateConfig config,
        String table,
        @Nullable Long snapshotId,
        IcebergTables.FromRow<T> fromRow,
        TypeInformation<T> type,
        Expression wanted,
        String uid);
  }

  private static DataStream<Point> read(
      TableReader reader,
      StreamExecutionEnvironment env,
      TidegateConfig config,
      Snapshots pinned,
      Wanted wanted,
      String job) {
    return EventPoints.of(
        reader.read(
            env,
            config,
            Tables.EXPOSURES,
            pinned.exposures(),
            InputRows::exposure,
            TypeInformation.of(ReceivedExposure.class),
            wanted.exposures(),
            job + "/" + Tables.EXPOSURES),
        reader.read(
            env,
            config,
            Tables.OUTCOMES,
            pinned.outcomes(),
            InputRows::outcome,
            TypeInformation.of(ReceivedOutcome.class),
            wanted.outcomes(),
            job + "/" + Tables.OUTCOMES),
        job);
  }

  /** Which rows are read. */
  private record Wanted(Expression exposures, Expression outcomes) {

    static Wanted by(Collection<Attempt> attempts, long allFromMs) {
      Set<String> flags = new TreeSet<>();
      Set<String> outcomes = new TreeSet<>();
      long from = Long.MAX_VALUE;
      for (Attempt attempt : attempts) {
        RolloutSpec spec = attempt.definition().spec();
        flags.add(spec.flag().key());
        outcomes.addAll(spec.outcomeNames());
        from = Math.min(from, attempt.startMs());
      }
      Expression all = since(allFromMs);
      return new Wanted(
          Expressions.or(all, Expressions.and(since(from), in("flag_key", flags))),
          Expressions.or(all, Expressions.and(since(from), in("outcome_name", outcomes))));
    }

    private static Expression since(long timeMs) {
      if (timeMs == Long.MIN_VALUE) {
        return Expressions.alwaysTrue();
      }
      return timeMs == Long.MAX_VALUE
          ? Expressions.alwaysFalse()
          : Expressions.greaterThanOrEqual("event_time", Math.multiplyExact(timeMs, 1000L));
    }

    private static Expression in(String column, Set<String> values) {
      return values.isEmpty() ? Expressions.alwaysFalse() : Expressions.in(column, values);
    }
  }
}
