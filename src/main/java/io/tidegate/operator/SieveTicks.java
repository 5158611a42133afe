package io.tidegate.operator;

import io.tidegate.analysis.archive.TickSieve;
import io.tidegate.model.Archived;
import io.tidegate.model.DeadLetter;
import io.tidegate.model.ReceivedRolloutEvent;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Passes on rollout events and the ticks that separate them, the latest tick at every checkpoint,
 * and sets dead letters aside. Runs with parallelism 1, over one partition.
 */
public final class SieveTicks extends AbstractStreamOperator<ReceivedRolloutEvent>
    implements OneInputStreamOperator<ReceivedRolloutEvent, ReceivedRolloutEvent>, BoundedOneInput {

  private static final long serialVersionUID = 1L;
  private static final ListStateDescriptor<Long> FRONTIER =
      new ListStateDescriptor<>("kept-frontier-ms", Long.class);

  private final Archived archived;
  private transient TickSieve sieve;
  private transient ListState<Long> keptFrontier;
  private transient SetAside.Meters meters;

  @SuppressWarnings("NullAway.Init") // set in initializeState and open
  public SieveTicks(Archived archived) {
    this.archived = archived;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    keptFrontier = context.getOperatorStateStore().getListState(FRONTIER);
    long frontierMs = Long.MIN_VALUE;
    for (long kept : keptFrontier.get()) {
      frontierMs = Math.max(frontierMs, kept);
    }
    sieve = new TickSieve(null, frontierMs);
  }

  @Override
  public void open() throws Exception {
    super.open();
    meters = SetAside.Meters.of(getMetricGroup());
  }

  @Override
  public void processElement(StreamRecord<ReceivedRolloutEvent> element) {
    ReceivedRolloutEvent record = element.getValue();
    boolean kept = archived.contains(record);
    DeadLetter refused = record.refused();
    if (refused == null) {
      (kept ? meters.alreadyArchived() : meters.used()).inc();
      sieve.add(record, kept, this::emit);
    } else if (!kept) {
      meters.dead().inc();
      output.collect(SetAside.DEAD_LETTERS, new StreamRecord<>(refused));
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    sieve.flush(this::emit);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    keptFrontier.clear();
    keptFrontier.add(sieve.keptFrontierMs());
  }

  @Override
  public void endInput() {
    sieve.flush(this::emit);
  }

  private void emit(ReceivedRolloutEvent event) {
    output.collect(new StreamRecord<>(event));
  }
}
