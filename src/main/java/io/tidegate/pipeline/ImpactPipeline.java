package io.tidegate.pipeline;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.impact.ImpactScope;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import io.tidegate.model.StageComparison;
import io.tidegate.operator.BookPart;
import io.tidegate.operator.DataTypeInfo;
import io.tidegate.operator.FollowUnits;
import io.tidegate.operator.SelectPoints;
import io.tidegate.operator.TabulateBooks;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** What rollouts did in the long run: events of pinned history in, curves and effects out. */
public final class ImpactPipeline {

  static final String SELECT = "impact/select";
  static final String FOLLOW = "impact/follow";
  static final String TABULATE = "impact/tabulate";

  /** Rows of the four tables; an attempt's rows come together and in a fixed order. */
  public record Streams(
      DataStream<RetentionPoint> retention,
      DataStream<RevenuePoint> revenue,
      DataStream<ImpactEstimate> effects,
      DataStream<StageComparison> comparisons) {}

  private ImpactPipeline() {}

  /**
   * @param events exposures and outcomes of an environment in batch mode, in any order
   * @param covariates what units did before, as covariate points
   * @param horizonSlices as in {@link io.tidegate.analysis.attribution.UnitHistory#of}
   */
  public static Streams build(
      DataStream<Point> events,
      DataStream<Point> covariates,
      ImpactScope scope,
      int horizonSlices) {
    BatchMode.check("impact", events);
    SingleOutputStreamOperator<ImpactEstimate> effects =
        events
            .flatMap(new SelectPoints(scope), DataTypeInfo.POINT)
            .name(SELECT)
            .uid(SELECT)
            .union(covariates)
            .keyBy(point -> point.unitKey, Types.LONG)
            .transform(
                FOLLOW, TypeInformation.of(BookPart.class), new FollowUnits(scope, horizonSlices))
            .name(FOLLOW)
            .uid(FOLLOW)
            .keyBy(part -> part.rolloutId, Types.STRING)
            .transform(
                TABULATE,
                TypeInformation.of(ImpactEstimate.class),
                new TabulateBooks(scope, horizonSlices))
            .name(TABULATE)
            .uid(TABULATE);
    return new Streams(
        effects.getSideOutput(TabulateBooks.RETENTION),
        effects.getSideOutput(TabulateBooks.REVENUE),
        effects,
        effects.getSideOutput(TabulateBooks.COMPARISONS));
  }
}
