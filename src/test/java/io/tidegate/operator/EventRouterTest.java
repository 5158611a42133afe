package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.ArrivalFact;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.model.Assignment;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.RolloutEvent;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithNonKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.BroadcastOperatorTestHarness;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;

/** What the router's checkpoints hold of events whose time has not come. */
class EventRouterTest {

  private static final long START_MS = 1_767_571_200_000L;

  private static final DefinitionReader NONE =
      defined -> {
        throw new IllegalStateException("no rollout is defined");
      };

  @Test
  void what_waits_survives_a_checkpoint_with_what_waited_in_state_of_an_earlier_version()
      throws Exception {
    Kept<Point> earlier = new Kept<>("waiting", DataTypeInfo.POINT);
    earlier.list.addAll(List.of(point(1), point(2_000)));
    OperatorSubtaskState state = snapshot(earlier, OperatorSubtaskState.builder().build());
    BroadcastOperatorTestHarness<Point, ControlEvent, Point> router =
        harness(new EventRouter(NONE, false), state);
    router.processElement(new StreamRecord<>(point(3_000)));
    router.snapshot(2, 2);
    router.notifyOfCompletedCheckpoint(2);
    OperatorSubtaskState taken = router.snapshot(3, 3);
    router.close();

    Kept<byte[]> blocks =
        new Kept<>("waiting-blocks", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    harness(blocks, taken).close();
    WaitingPoints waiting = new WaitingPoints();
    for (byte[] block : blocks.list) {
      waiting.restore(block);
    }
    List<Long> times = new ArrayList<>();
    waiting.release(Long.MAX_VALUE, point -> times.add(point.timeMs - START_MS));
    assertThat(times).containsExactly(1L, 2_000L, 3_000L);

    Kept<Point> singly = new Kept<>("waiting", DataTypeInfo.POINT);
    harness(singly, taken).close();
    assertThat(singly.list).isEmpty();
  }

  @Test
  void facts_wait_for_their_minute_and_go_to_the_rollouts_that_run_and_read_the_source()
      throws Exception {
    BroadcastOperatorTestHarness<Point, ControlEvent, Point> router =
        harness(
            new EventRouter(Rollouts.reader(Assignment.MATCHED), false),
            OperatorSubtaskState.builder().build());
    Sequencer sequencer = new Sequencer();
    for (RolloutEvent event : Rollouts.events("m").subList(0, 2)) {
      router.processBroadcastElement(new StreamRecord<>(sequencer.next(event)));
    }
    long minuteMs = Rollouts.START_MS + 20 * 60_000L;
    router.processElement(new StreamRecord<>(fact(minuteMs, "purchase")));
    router.processElement(new StreamRecord<>(fact(minuteMs, "nobody reads it")));
    router.processElement(new StreamRecord<>(fact(minuteMs, "")));
    assertThat(router.getSideOutput(EventRouter.FACTS)).isNull();
    router.processBroadcastElement(
        new StreamRecord<>(sequencer.next(RolloutEvent.tick("t", minuteMs + 60_000))));
    assertThat(router.getSideOutput(EventRouter.FACTS))
        .extracting(record -> record.getValue().rolloutId)
        .containsExactly("m", "m");
    assertThat(router.getOutput()).isEmpty();
    router.close();
  }

  private static Point fact(long minuteMs, String name) {
    return new ArrivalFact(minuteMs, false, name, "", 5, name.isEmpty() ? 5 : 0, 0, 7).toPoint();
  }

  private static Point point(long afterMs) {
    Point point = new Point();
    point.timeMs = START_MS + afterMs;
    point.name = "purchase";
    return point;
  }

  private static OperatorSubtaskState snapshot(Kept<?> function, OperatorSubtaskState from)
      throws Exception {
    try (BroadcastOperatorTestHarness<Point, ControlEvent, Point> harness =
        harness(function, from)) {
      return harness.snapshot(1, 1);
    }
  }

  private static BroadcastOperatorTestHarness<Point, ControlEvent, Point> harness(
      BroadcastProcessFunction<Point, ControlEvent, Point> function, OperatorSubtaskState state)
      throws Exception {
    BroadcastOperatorTestHarness<Point, ControlEvent, Point> harness =
        new BroadcastOperatorTestHarness<>(
            new CoBroadcastWithNonKeyedOperator<>(function, List.of(RolloutBroadcast.EVENTS)),
            1,
            1,
            0);
    harness.initializeState(state);
    harness.open();
    return harness;
  }

  /** A list in a checkpoint: takes over what it finds and writes it again. */
  private static final class Kept<T> extends BroadcastProcessFunction<Point, ControlEvent, Point>
      implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    private final ListStateDescriptor<T> descriptor;
    private final transient List<T> list = new ArrayList<>();
    private transient ListState<T> state;

    Kept(String name, TypeInformation<T> type) {
      descriptor = new ListStateDescriptor<>(name, type);
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
      state = context.getOperatorStateStore().getListState(descriptor);
      state.get().forEach(list::add);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
      state.update(list);
    }

    @Override
    public void processElement(Point value, ReadOnlyContext context, Collector<Point> out) {}

    @Override
    public void processBroadcastElement(
        ControlEvent value, Context context, Collector<Point> out) {}
  }
}
