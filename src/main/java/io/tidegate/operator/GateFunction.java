package io.tidegate.operator;

import io.tidegate.analysis.gate.Gate;
import io.tidegate.analysis.gate.GateState;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Evaluation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Holds a rollout's sums and timeline and evaluates each boundary once the watermark has reached
 * it: then every event and every tick before it is in. One timer a boundary; it decides when, never
 * what.
 */
@SuppressWarnings("NullAway.Init")
public final class GateFunction
    extends KeyedCoProcessFunction<String, DeltaBatch, ControlEvent, Evaluation> {

  private static final long serialVersionUID = 1L;

  private final DefinitionReader reader;
  private transient ValueState<GateState> states;
  private transient ListState<ControlEvent> events;
  private transient Map<String, Read> read;

  public GateFunction(DefinitionReader reader) {
    this.reader = reader;
  }

  @Override
  public void open(OpenContext context) {
    read = new HashMap<>();
    states =
        getRuntimeContext().getState(new ValueStateDescriptor<>("gate", DataTypeInfo.GATE_STATE));
    events =
        getRuntimeContext()
            .getListState(
                new ListStateDescriptor<>(
                    "rollout-events", TypeInformation.of(ControlEvent.class)));
  }

  @Override
  public void processElement1(DeltaBatch batch, Context ctx, Collector<Evaluation> out)
      throws Exception {
    GateState state = state();
    state.add(batch.cells);
    if (batch.fact.length > 0) {
      state.arrived(batch.fact);
    }
    states.update(state);
  }

  @Override
  public void processElement2(ControlEvent control, Context ctx, Collector<Evaluation> out)
      throws Exception {
    events.add(control);
    await(ctx.getCurrentKey(), ctx.timerService());
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext ctx, Collector<Evaluation> out)
      throws Exception {
    GateState state = state();
    Timeline timeline = timeline(ctx.getCurrentKey());
    // A batch fires after a rollout's last element and takes no new timers: all boundaries are due.
    boolean ended = ctx.timerService().currentWatermark() == Long.MAX_VALUE;
    long untilMs = ended ? closedBefore() - 1 : timestamp;
    long next = timeline.nextBoundary(state.lastBoundaryMs());
    while (next <= untilMs) {
      Evaluation evaluation = Gate.evaluate(state, timeline, next);
      if (evaluation != null) {
        out.collect(evaluation);
      }
      next = timeline.nextBoundary(next);
    }
    states.update(state);
    await(ctx.getCurrentKey(), ctx.timerService());
  }

  /**
   * Waits for the next boundary; after the end of bounded input only for one that a tick has
   * passed.
   */
  private void await(String rolloutId, TimerService timers) throws Exception {
    long next = timeline(rolloutId).nextBoundary(state().lastBoundaryMs());
    boolean ended = timers.currentWatermark() == Long.MAX_VALUE;
    if (next != Long.MAX_VALUE && (!ended || next < closedBefore())) {
      timers.registerEventTimeTimer(next);
    }
  }

  /** The closing tick of bounded input. */
  private long closedBefore() throws Exception {
    long latest = Long.MIN_VALUE;
    for (ControlEvent control : events.get()) {
      if (control.isTick()) {
        latest = Math.max(latest, control.effectiveMs());
      }
    }
    return latest;
  }

  private GateState state() throws Exception {
    GateState state = states.value();
    return state == null ? new GateState() : state;
  }

  private Timeline timeline(String rolloutId) throws Exception {
    List<ControlEvent> known = new ArrayList<>();
    events.get().forEach(known::add);
    Read last = read.get(rolloutId);
    if (last == null || last.events() != known.size()) {
      last = new Read(known.size(), Timeline.of(rolloutId, known, reader));
      read.put(rolloutId, last);
    }
    return last.timeline();
  }

  /** A timeline read from a number of events: events are only ever added. */
  private record Read(int events, Timeline timeline) {}
}
