package io.tidegate.pipeline;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Evaluation;
import io.tidegate.model.RolloutEvent;
import io.tidegate.operator.ControlSequencer;
import io.tidegate.operator.DataTypeInfo;
import io.tidegate.operator.DeltaBatch;
import io.tidegate.operator.EventRouter;
import io.tidegate.operator.GateFunction;
import io.tidegate.operator.RolloutBroadcast;
import io.tidegate.operator.UnitAttribution;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.BroadcastStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The gate: events and rollout events in, evaluations of boundaries out; the same graph in
 * streaming and batch.
 */
public final class GatePipeline {

  static final String SEQUENCE = "gate/sequence";
  static final String ROUTE = "gate/route";
  static final String ATTRIBUTE = "gate/attribute";
  static final String EVALUATE = "gate/evaluate";

  /**
   * Slices of ten minutes within which copies of an event are known and late events still count.
   */
  public static final int DEFAULT_HORIZON_SLICES = 6;

  /**
   * @param evaluations one a boundary and rollout, in order
   * @param beyondHorizon events too late to count
   */
  public record Streams(DataStream<Evaluation> evaluations, DataStream<Point> beyondHorizon) {}

  private GatePipeline() {}

  /**
   * @param events exposures and outcomes, with timestamps and watermarks
   * @param rollouts the one partition of rollout events, in order
   * @param batch whether the job runs in batch mode over bounded input
   */
  public static Streams build(
      DataStream<Point> events,
      DataStream<RolloutEvent> rollouts,
      DefinitionReader reader,
      int horizonSlices,
      boolean batch) {
    DataStream<ControlEvent> control =
        rollouts
            .transform(
                SEQUENCE, TypeInformation.of(ControlEvent.class), new ControlSequencer(batch))
            .name(SEQUENCE)
            .uid(SEQUENCE)
            .forceNonParallel();
    BroadcastStream<ControlEvent> everywhere = control.broadcast(RolloutBroadcast.EVENTS);
    SingleOutputStreamOperator<Point> routed =
        events
            .connect(everywhere)
            .process(new EventRouter(reader, batch), DataTypeInfo.POINT)
            .name(ROUTE)
            .uid(ROUTE);
    SingleOutputStreamOperator<DeltaBatch> sums =
        routed
            .keyBy(point -> point.unitKey, Types.LONG)
            .connect(control.broadcast())
            .transform(
                ATTRIBUTE,
                TypeInformation.of(DeltaBatch.class),
                new UnitAttribution(reader, horizonSlices, batch))
            .name(ATTRIBUTE)
            .uid(ATTRIBUTE);
    DataStream<Evaluation> evaluations =
        sums.union(routed.getSideOutput(EventRouter.FACTS))
            .keyBy(sum -> sum.rolloutId, Types.STRING)
            .connect(
                control
                    .filter(c -> !c.event().rolloutId().isEmpty())
                    .name("gate/of-rollouts")
                    .uid("gate/of-rollouts")
                    .keyBy(c -> c.event().rolloutId(), Types.STRING))
            .process(new GateFunction(reader), TypeInformation.of(Evaluation.class))
            .name(EVALUATE)
            .uid(EVALUATE);
    return new Streams(evaluations, sums.getSideOutput(UnitAttribution.BEYOND_HORIZON));
  }
}
