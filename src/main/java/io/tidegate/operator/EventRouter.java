package io.tidegate.operator;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.model.ControlEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Drops events that no rollout reads and attributes that none reads. Events at or past the frontier
 * wait here, in time order, until a tick has passed them, so that downstream the timeline up to an
 * event's time is always known.
 */
@SuppressWarnings("NullAway.Init")
public final class EventRouter extends BroadcastProcessFunction<Point, ControlEvent, Point>
    implements CheckpointedFunction {

  private static final long serialVersionUID = 1L;

  private final DefinitionReader reader;
  private final boolean batch;
  private transient @Nullable RolloutDirectory directory;
  private transient PriorityQueue<Point> waiting;
  private transient ListState<Point> saved;
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
    saved =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("waiting", DataTypeInfo.POINT));
    waiting = new PriorityQueue<>(Comparator.comparingLong((Point p) -> p.timeMs));
    for (Point point : saved.get()) {
      waiting.add(point);
    }
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    saved.update(new ArrayList<>(waiting));
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
      route(point, known, out);
    } else {
      waiting.add(point.copy());
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
    while (!waiting.isEmpty() && waiting.peek().timeMs < known.frontierMs()) {
      route(waiting.poll(), known, out);
    }
  }

  private void route(Point point, RolloutDirectory known, Collector<Point> out) {
    if (known.index().keep(point)) {
      out.collect(point);
    } else {
      unused.inc();
    }
  }
}
