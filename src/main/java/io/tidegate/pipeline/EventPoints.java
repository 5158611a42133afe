package io.tidegate.pipeline;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.model.Received;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.operator.DataTypeInfo;
import io.tidegate.operator.UsableEvents;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Received events as the points that attribution takes; what cannot be used is counted. */
public final class EventPoints {

  private EventPoints() {}

  /**
   * Both streams as one.
   *
   * @param job first part of the uids
   */
  public static DataStream<Point> of(
      DataStream<ReceivedExposure> exposures, DataStream<ReceivedOutcome> outcomes, String job) {
    return points(exposures, in -> Points.of(in.usable()), job + "/exposure-points")
        .union(points(outcomes, in -> Points.of(in.usable()), job + "/outcome-points"));
  }

  private static <R extends Received> DataStream<Point> points(
      DataStream<R> in, UsableEvents.Reader<R, Point> reader, String uid) {
    return in.flatMap(new UsableEvents<>(reader), DataTypeInfo.POINT).name(uid).uid(uid);
  }
}
