package io.tidegate.job;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.impact.ImpactScope;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.codec.BaselineRows;
import io.tidegate.codec.Tables;
import io.tidegate.connector.BaselineTables;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.AttemptId;
import io.tidegate.model.Metric;
import io.tidegate.model.UnitCovariate;
import io.tidegate.pipeline.CovariatePoints;
import io.tidegate.pipeline.CovariatePoints.Window;
import io.tidegate.spec.RolloutSpecs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * What units did in the days before the first stages of rollouts, from a pinned snapshot of {@code
 * unit_covariates}.
 *
 * @param snapshotId null where the table is empty
 * @param byAttempt what there is of an attempt's metrics
 */
record Covariates(@Nullable Long snapshotId, Map<AttemptId, List<Source>> byAttempt) {

  static final String SOURCE = "impact/unit-covariates";
  static final String POINTS = "impact/covariate-points";
  static final Covariates NONE = new Covariates(null, Map.of());

  private static final long MICROS_PER_MS = 1000;

  /**
   * A metric of an attempt.
   *
   * @param window of the rows
   * @param name of the points that they become
   * @param runId run that wrote them
   */
  record Source(Window window, String name, String runId) {}

  /** The newest covariates of the metrics of a scope. */
  static Covariates pinned(TidegateConfig config, ImpactScope scope) {
    Table table = IcebergTables.load(config, Tables.UNIT_COVARIATES);
    Snapshot snapshot = table.currentSnapshot();
    if (snapshot == null) {
      return NONE;
    }
    Map<AttemptId, List<Source>> byAttempt = new TreeMap<>();
    for (RolloutContext context : scope.contexts()) {
      List<Attempt> attempts = context.timeline().attempts();
      if (!attempts.isEmpty()) {
        long endMs = attempts.get(0).startMs();
        Map<String, String> runs =
            BaselineTables.covariateRuns(table, snapshot.snapshotId(), endMs, keys(attempts));
        for (Attempt attempt : attempts) {
          byAttempt.put(
              new AttemptId(context.rolloutId(), attempt.number()),
              sources(context.rolloutId(), attempt, endMs, runs));
        }
      }
    }
    return new Covariates(snapshot.snapshotId(), byAttempt);
  }

  private static Set<String> keys(List<Attempt> attempts) {
    Set<String> keys = new TreeSet<>();
    for (Attempt attempt : attempts) {
      for (Metric metric : attempt.definition().spec().metrics()) {
        keys.add(key(attempt, metric));
      }
    }
    return keys;
  }

  private static String key(Attempt attempt, Metric metric) {
    return RolloutSpecs.definitionHash(attempt.definition().spec(), metric);
  }

  private static List<Source> sources(
      String rolloutId, Attempt attempt, long endMs, Map<String, String> runs) {
    List<Source> sources = new ArrayList<>();
    for (Metric metric : attempt.definition().spec().metrics()) {
      String key = key(attempt, metric);
      if (runs.containsKey(key)) {
        sources.add(
            new Source(
                new Window(key, endMs),
                Points.covariateName(rolloutId, metric.name()),
                Objects.requireNonNull(runs.get(key))));
      }
    }
    return sources;
  }

  /** Runs that wrote what an attempt's units did before. */
  Set<String> runs(AttemptId attempt) {
    Set<String> runs = new TreeSet<>();
    byAttempt.getOrDefault(attempt, List.of()).forEach(source -> runs.add(source.runId()));
    return runs;
  }

  /** Those of some attempts. */
  Covariates only(Set<AttemptId> attempts) {
    Map<AttemptId, List<Source>> kept = new TreeMap<>(byAttempt);
    kept.keySet().retainAll(attempts);
    return new Covariates(snapshotId, kept);
  }

  /** One point for each rollout's metric that a row is of. */
  DataStream<Point> points(StreamExecutionEnvironment env, TidegateConfig config) {
    Map<Window, List<String>> names = names();
    return CovariatePoints.of(
        IcebergTables.read(
            env,
            config,
            Tables.UNIT_COVARIATES,
            snapshotId,
            BaselineRows::covariate,
            TypeInformation.of(UnitCovariate.class),
            filter(names.keySet()),
            SOURCE),
        names,
        POINTS);
  }

  private Map<Window, List<String>> names() {
    Map<Window, List<String>> names = new HashMap<>();
    for (List<Source> sources : byAttempt.values()) {
      for (Source source : sources) {
        List<String> all = names.computeIfAbsent(source.window(), w -> new ArrayList<>());
        if (!all.contains(source.name())) {
          all.add(source.name());
        }
      }
    }
    return names;
  }

  private static Expression filter(Set<Window> windows) {
    Set<String> keys = new TreeSet<>();
    Set<Long> ends = new TreeSet<>();
    for (Window window : windows) {
      keys.add(window.metricKey());
      ends.add(Math.multiplyExact(window.endMs(), MICROS_PER_MS));
    }
    return keys.isEmpty()
        ? Expressions.alwaysFalse()
        : Expressions.and(Expressions.in("metric_key", keys), Expressions.in("window_end", ends));
  }
}
