package io.tidegate.operator;

import io.tidegate.model.RolloutEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
 * Hands out archived rollout events before the first that comes, once and never again after a
 * restore: the order of the rollouts' partition is the timeline. Parallelism 1.
 */
@SuppressWarnings("NullAway.Init")
public final class ArchivedFirst extends AbstractStreamOperator<RolloutEvent>
    implements OneInputStreamOperator<RolloutEvent, RolloutEvent>, BoundedOneInput {

  private static final long serialVersionUID = 1L;

  private final ArrayList<RolloutEvent> archived;
  private transient boolean done;
  private transient ListState<Boolean> saved;

  /**
   * @param archived in the order of their partition
   */
  public ArchivedFirst(List<RolloutEvent> archived) {
    this.archived = new ArrayList<>(archived);
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    saved =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("archived-handed-out", Types.BOOLEAN));
    Iterator<Boolean> before = saved.get().iterator();
    // State of a version that had no such step has read the topic from its beginning.
    done = before.hasNext() ? before.next() : context.isRestored();
  }

  @Override
  public void open() throws Exception {
    super.open();
    // Where the topic is silent, no record and no end of input brings them out.
    var unused =
        getProcessingTimeService()
            .registerTimer(getProcessingTimeService().getCurrentProcessingTime(), t -> handOut());
  }

  @Override
  public void processElement(StreamRecord<RolloutEvent> element) {
    handOut();
    output.collect(element);
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    handOut();
    super.processWatermark(mark);
  }

  @Override
  public void endInput() {
    handOut();
  }

  /** State then holds them where they went: what is archived by a restore may differ. */
  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    handOut();
  }

  private void handOut() {
    if (!done) {
      done = true;
      archived.forEach(event -> output.collect(new StreamRecord<>(event)));
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    saved.update(List.of(done));
  }
}
