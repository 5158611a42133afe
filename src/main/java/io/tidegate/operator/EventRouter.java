package io.tidegate.operator;

import io.tidegate.analysis.attribution.ArrivalFact;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.model.ControlEvent;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Drops events that no rollout reads and attributes that none reads. Events at or past the frontier
 * wait here, in time order, until a tick has passed them, so that downstream the timeline up to an
 * event's time is always known.
 */
@SuppressWarnings("NullAway.Init")
public final class EventRouter extends BroadcastProcessFunction<Point, ControlEvent, Point>
    implements CheckpointedFunction, CheckpointListener {

  /** Facts about the way, by the rollouts that they concern. */
  public static final OutputTag<DeltaBatch> FACTS =
      new OutputTag<>("facts", TypeInformation.of(DeltaBatch.class));

  private static final long serialVersionUID = 1L;

  private static final ListStateDescriptor<byte[]> BLOCKS =
      new ListStateDescriptor<>(
          "waiting-blocks", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

  /** Where earlier versions kept them. */
  private static final ListStateDescriptor<Point> SINGLY =
      new ListStateDescriptor<>("waiting", DataTypeInfo.POINT);

  private final DefinitionReader reader;
  private final boolean batch;
  private transient @Nullable RolloutDirectory directory;
  private transient WaitingPoints waiting;
  private transient ListState<byte[]> saved;
  private transient EventTally unused;

  /**
   * @param batch whether the input is bounded and every rollout event is read first, so that
   *     nothing waits
   */
  public EventRouter(DefinitionReader reader, boolean batch) {
    this.reader = reader;
    this.batch = batch;
  }

  @Override
  public void open(OpenContext context) {
    unused = EventTally.of(getRuntimeContext(), EventTally.UNUSED);
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    saved = context.getOperatorStateStore().getListState(BLOCKS);
    waiting = new WaitingPoints();
    for (byte[] block : saved.get()) {
      waiting.restore(block);
    }
    ListState<Point> singly = context.getOperatorStateStore().getListState(SINGLY);
    for (Point point : singly.get()) {
      waiting.add(point);
    }
    singly.clear();
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    saved.update(waiting.blocks());
  }

  /** The backend has copied what was saved; kept to the next checkpoint it would only grow old. */
  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    saved.clear();
  }

  @Override
  public void processElement(Point point, ReadOnlyContext ctx, Collector<Point> out)
      throws Exception {
    RolloutDirectory known = directory;
    if (known == null) {
      known = RolloutBroadcast.directory(ctx.getBroadcastState(RolloutBroadcast.EVENTS), reader);
      directory = known;
    }
    if (batch || point.timeMs < known.frontierMs()) {
      route(point, known, fact -> ctx.output(FACTS, fact), out);
    } else {
      waiting.add(point);
    }
  }

  @Override
  public void processBroadcastElement(ControlEvent control, Context ctx, Collector<Point> out)
      throws Exception {
    RolloutDirectory known = directory;
    if (known == null) {
      known = RolloutBroadcast.directory(ctx.getBroadcastState(RolloutBroadcast.EVENTS), reader);
      directory = known;
    }
    RolloutBroadcast.put(ctx.getBroadcastState(RolloutBroadcast.EVENTS), control);
    known.take(control);
    RolloutDirectory now = known;
    waiting.release(
        now.frontierMs(), point -> route(point, now, fact -> ctx.output(FACTS, fact), out));
  }

  private void route(
      Point point, RolloutDirectory known, Consumer<DeltaBatch> facts, Collector<Point> out) {
    if (point.isFact()) {
      ArrivalFact fact = ArrivalFact.of(point);
      known.index().concernedBy(fact).forEach(id -> facts.accept(DeltaBatch.of(id, fact)));
    } else if (known.index().keep(point)) {
      out.collect(point);
    } else {
      unused.inc();
    }
  }
}
