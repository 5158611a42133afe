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
import io.tidegate.model.Metric;
import io.tidegate.model.UnitCovariate;
import io.tidegate.pipeline.CovariatePoints;
import io.tidegate.pipeline.CovariatePoints.Window;
import io.tidegate.spec.RolloutSpecs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * What units did in the days before the first stages of rollouts, from a pinned snapshot of {@code
 * unit_covariates}.
 *
 * @param snapshotId null where the table has nothing of the scope's metrics
 * @param names names of the points that a row becomes, by metric key and window
 */
record Covariates(@Nullable Long snapshotId, Map<Window, List<String>> names) {

  static final String SOURCE = "impact/unit-covariates";
  static final String POINTS = "impact/covariate-points";
  static final Covariates NONE = new Covariates(null, Map.of());

  /** The newest covariates of the metrics of a scope. */
  static Covariates pinned(TidegateConfig config, ImpactScope scope) {
    Map<Window, List<String>> names = new HashMap<>();
    for (RolloutContext context : scope.contexts()) {
      List<Attempt> attempts = context.timeline().attempts();
      if (!attempts.isEmpty()) {
        long endMs = attempts.get(0).startMs();
        for (Attempt attempt : attempts) {
          for (Metric metric : attempt.definition().spec().metrics()) {
            addTo(names, context.rolloutId(), metric, endMs);
          }
        }
      }
    }
    names.keySet().removeIf(w -> !BaselineTables.hasCovariates(config, w.metricKey(), w.endMs()));
    return names.isEmpty()
        ? NONE
        : new Covariates(IcebergTables.newestSnapshot(config, Tables.UNIT_COVARIATES), names);
  }

  private static void addTo(
      Map<Window, List<String>> names, String rolloutId, Metric metric, long endMs) {
    String name = Points.covariateName(rolloutId, metric.name());
    List<String> all =
        names.computeIfAbsent(
            new Window(RolloutSpecs.definitionHash(metric.kind()), endMs), w -> new ArrayList<>());
    if (!all.contains(name)) {
      all.add(name);
    }
  }

  /** One point for each rollout's metric that a row is of. */
  DataStream<Point> points(StreamExecutionEnvironment env, TidegateConfig config) {
    return CovariatePoints.of(
        IcebergTables.read(
            env,
            config,
            Tables.UNIT_COVARIATES,
            snapshotId,
            BaselineRows::covariate,
            TypeInformation.of(UnitCovariate.class),
            filter(),
            SOURCE),
        names,
        POINTS);
  }

  private Expression filter() {
    Set<String> keys = new TreeSet<>();
    names.keySet().forEach(window -> keys.add(window.metricKey()));
    return keys.isEmpty() ? Expressions.alwaysFalse() : Expressions.in("metric_key", keys);
  }
}
