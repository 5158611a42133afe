package io.tidegate.pipeline;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.model.UnitCovariate;
import io.tidegate.operator.DataTypeInfo;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.util.Collector;

/** What units did before rollouts, as points that travel with their events. */
public final class CovariatePoints {

  /** A metric's definition and the instant before which the covariate's window ends. */
  public record Window(String metricKey, long endMs) implements Serializable {}

  private CovariatePoints() {}

  /**
   * One point for each rollout's metric that a covariate is of.
   *
   * @param names names of the points by metric and window
   */
  public static DataStream<Point> of(
      DataStream<UnitCovariate> covariates, Map<Window, List<String>> names, String uid) {
    Map<Window, List<String>> wanted = new HashMap<>(names);
    return covariates
        .flatMap(
            (UnitCovariate row, Collector<Point> out) -> {
              for (String name :
                  wanted.getOrDefault(new Window(row.metricKey(), row.beforeMs()), List.of())) {
                out.collect(
                    Points.covariate(row.unitId(), name, row.beforeMs(), row.totalMicros()));
              }
            },
            DataTypeInfo.POINT)
        .name(uid)
        .uid(uid);
  }
}
