package io.tidegate.pipeline;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.model.Received;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.operator.DataTypeInfo;
import io.tidegate.operator.TallyArrivals;
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

  /**
   * The same from topics, with facts about how their records arrive.
   *
   * @param job first part of the uids
   */
  public static DataStream<Point> live(
      DataStream<ReceivedExposure> exposures, DataStream<ReceivedOutcome> outcomes, String job) {
    return of(exposures, outcomes, job)
        .union(
            arrivals(
                exposures,
                new TallyArrivals<>(
                    true,
                    (in, tally) -> {
                      Exposure e = in.usable();
                      tally.event(
                          e.flagKey(), e.eventTimeMs(), in.origin().recordTimeMs(), e.attributes());
                    }),
                job + "/exposure-arrivals"),
            arrivals(
                outcomes,
                new TallyArrivals<>(
                    false,
                    (in, tally) -> {
                      Outcome o = in.usable();
                      tally.event(
                          o.name(), o.eventTimeMs(), in.origin().recordTimeMs(), o.attributes());
                    }),
                job + "/outcome-arrivals"));
  }

  private static <R extends Received> DataStream<Point> arrivals(
      DataStream<R> in, TallyArrivals<R> tally, String uid) {
    return in.flatMap(tally, DataTypeInfo.POINT).name(uid).uid(uid);
  }

  private static <R extends Received> DataStream<Point> points(
      DataStream<R> in, UsableEvents.Reader<R, Point> reader, String uid) {
    return in.flatMap(new UsableEvents<>(reader), DataTypeInfo.POINT).name(uid).uid(uid);
  }
}
