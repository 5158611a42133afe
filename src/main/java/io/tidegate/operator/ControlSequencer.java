package io.tidegate.operator;

import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.RolloutEvent;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Reads the one partition of rollout events in order; gives each its effective time and makes the
 * watermark of ticks alone. At the end of bounded input every rollout gets a closing TICK of its
 * own, so that a batch knows where its boundaries stop. Parallelism 1.
 */
@SuppressWarnings("NullAway.Init")
public final class ControlSequencer extends AbstractStreamOperator<ControlEvent>
    implements OneInputStreamOperator<RolloutEvent, ControlEvent>, BoundedOneInput {

  private static final long serialVersionUID = 1L;

  private final boolean batch;
  private transient Sequencer sequencer;
  private transient Set<String> rollouts;
  private transient ListState<Long> positions;
  private transient ListState<String> known;

  public ControlSequencer(boolean batch) {
    this.batch = batch;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    positions =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("positions", Types.LONG));
    known =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("rollouts", Types.STRING));
    rollouts = new TreeSet<>();
    known.get().forEach(rollouts::add);
    Iterator<Long> restored = positions.get().iterator();
    sequencer =
        restored.hasNext() ? new Sequencer(restored.next(), restored.next()) : new Sequencer();
  }

  /** After a restart the ticks that were read say how late it is; another may never come. */
  @Override
  public void open() throws Exception {
    super.open();
    if (!batch && sequencer.frontierMs() != Long.MIN_VALUE) {
      output.emitWatermark(new Watermark(sequencer.frontierMs() - 1));
    }
  }

  @Override
  public void processElement(StreamRecord<RolloutEvent> element) {
    RolloutEvent event = element.getValue();
    ControlEvent control = sequencer.next(event);
    if (!control.isTick()) {
      rollouts.add(event.rolloutId());
    }
    output.collect(new StreamRecord<>(control, control.effectiveMs()));
    if (control.isTick()) {
      output.emitWatermark(new Watermark(sequencer.frontierMs() - 1));
    }
  }

  /**
   * Only ticks move this stream's time; in a batch the end of input must be passed on, or the last
   * rollout never fires.
   */
  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (batch && mark.equals(Watermark.MAX_WATERMARK)) {
      super.processWatermark(mark);
    }
  }

  @Override
  public void endInput() {
    for (String rollout : rollouts) {
      RolloutEvent closing =
          RolloutEvent.bare("", sequencer.frontierMs(), rollout, RolloutEvent.Kind.TICK, "");
      output.collect(new StreamRecord<>(sequencer.next(closing), sequencer.frontierMs()));
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    positions.update(List.of(sequencer.frontierMs(), sequencer.sequence()));
    known.update(List.copyOf(rollouts));
  }
}
