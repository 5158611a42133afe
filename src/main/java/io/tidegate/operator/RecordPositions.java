package io.tidegate.operator;

import io.tidegate.model.EmptyAhead;
import io.tidegate.model.ReadPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Says at every checkpoint how far each partition was read, where that has changed since it last
 * said so and is more than the largest row tells. Where nothing came since the last it asks the
 * topic whether anything is to come. Parallelism 1.
 */
@SuppressWarnings("NullAway.Init") // set in initializeState
public final class RecordPositions extends AbstractStreamOperator<ReadPosition>
    implements OneInputStreamOperator<ReadPosition, ReadPosition>, BoundedOneInput {

  private static final long serialVersionUID = 1L;
  private static final ListStateDescriptor<ReadPosition> POSITIONS =
      new ListStateDescriptor<>("read-positions", TypeInformation.of(ReadPosition.class));

  /** A partition of a topic. */
  private record Place(String topic, int partition) {
    static Place of(ReadPosition position) {
      return new Place(position.topic(), position.partition());
    }
  }

  private final ArrayList<ReadPosition> before;
  private final EmptyAhead ahead;
  private transient Map<Place, ReadPosition> known;
  private transient Set<Place> moved;
  private transient Map<Place, ReadPosition> said;
  private transient boolean keptIsKnown;
  private transient boolean ended;
  private transient ListState<ReadPosition> saved;

  /**
   * @param before how far the tables say that partitions were read, for those of which state does
   *     not
   */
  public RecordPositions(List<ReadPosition> before, EmptyAhead ahead) {
    this.before = new ArrayList<>(before);
    this.ahead = ahead;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    known = new HashMap<>();
    moved = new HashSet<>();
    said = new HashMap<>();
    saved = context.getOperatorStateStore().getListState(POSITIONS);
    saved.get().forEach(position -> known.put(Place.of(position), position));
    // State of a version without this step has rows on their way of which neither it nor the
    // tables tell.
    keptIsKnown = !context.isRestored() || !known.isEmpty();
    if (keptIsKnown) {
      before.forEach(position -> known.putIfAbsent(Place.of(position), position));
    }
  }

  @Override
  public void processElement(StreamRecord<ReadPosition> element) {
    ReadPosition read = element.getValue();
    if (keptIsKnown || read.kept() >= 0) {
      known.merge(Place.of(read), read, ReadPosition::and);
      moved.add(Place.of(read));
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    if (!ended) { // the last checkpoint comes after the end
      tell(false);
    }
  }

  @Override
  public void endInput() {
    tell(true);
    ended = true;
  }

  /**
   * @param last whether nothing comes after
   */
  private void tell(boolean last) {
    List<ReadPosition> idle = new ArrayList<>();
    known.forEach(
        (place, position) -> {
          if (position.next() > 0 && (last || !moved.contains(place))) {
            idle.add(position);
          }
        });
    if (!idle.isEmpty()) {
      ahead.past(idle).forEach(p -> known.merge(Place.of(p), p, ReadPosition::and));
    }
    moved.clear();
    long nowMs = getProcessingTimeService().getCurrentProcessingTime();
    known.forEach(
        (place, p) -> {
          ReadPosition now = new ReadPosition(p.topic(), p.partition(), p.next(), p.kept(), nowMs);
          if (p.next() > p.kept() + 1 && !now.isWhere(said.get(place))) {
            output.collect(new StreamRecord<>(now));
            said.put(place, now);
          }
        });
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    saved.update(List.copyOf(known.values()));
  }

  @Override
  public void close() throws Exception {
    ahead.close();
    super.close();
  }
}
