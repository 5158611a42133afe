package io.tidegate.operator;

import io.tidegate.analysis.attribution.ArrivalFact;
import io.tidegate.analysis.attribution.ArrivalTally;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.model.Received;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.util.Collector;

/**
 * Tells how records arrive: a few points of no unit a minute, made by {@link ArrivalFact#toPoint}
 * once a record of a later minute has come.
 *
 * @param <R> the record
 */
@SuppressWarnings("NullAway.Init")
public final class TallyArrivals<R extends Received> extends RichFlatMapFunction<R, Point>
    implements CheckpointedFunction {

  private static final long serialVersionUID = 1L;

  private static final ListStateDescriptor<Point> COUNTED =
      new ListStateDescriptor<>("counted", DataTypeInfo.POINT);

  /** Tells a tally of a usable record. */
  @FunctionalInterface
  public interface Teller<R> extends java.io.Serializable {
    void tell(R record, ArrivalTally tally);
  }

  private final boolean exposures;
  private final Teller<R> teller;
  private transient ArrivalTally tally;
  private transient ListState<Point> counted;

  /**
   * @param exposures whether the records are of the stream of exposures
   */
  public TallyArrivals(boolean exposures, Teller<R> teller) {
    this.exposures = exposures;
    this.teller = teller;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    counted = context.getOperatorStateStore().getListState(COUNTED);
    tally = new ArrivalTally(exposures);
    for (Point point : counted.get()) {
      tally.add(ArrivalFact.of(point));
    }
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    List<Point> facts = new ArrayList<>();
    tally.counted().forEach(fact -> facts.add(fact.toPoint()));
    counted.update(facts);
  }

  @Override
  public void flatMap(R record, Collector<Point> out) {
    long recordMs = record.origin().recordTimeMs();
    if (tally.turnsAt(recordMs)) {
      tally.take().forEach(fact -> out.collect(fact.toPoint()));
    }
    if (record.refused() == null) {
      teller.tell(record, tally);
    } else {
      tally.dead(recordMs);
    }
  }
}
