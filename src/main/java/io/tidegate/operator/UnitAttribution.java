package io.tidegate.operator;

import io.tidegate.analysis.attribution.Ledger;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.RolloutIndex;
import io.tidegate.analysis.attribution.UnitState;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.model.ControlEvent;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one {@link UnitState} a unit and lets the {@link Ledger} post what events change; what many
 * units change leaves as sums. Events are taken a few at a time, so that their units are looked up
 * together: not for longer than to the next watermark, rollout event, tick or checkpoint, so that
 * nothing is seen of it. No timer a unit: what closed boundaries have settled is folded when the
 * unit is next heard of; at a slice's end, but not before as many events as there were units, a
 * sweep folds the others and forgets what is past the horizon.
 */
@SuppressWarnings("NullAway.Init")
public final class UnitAttribution extends AbstractStreamOperator<DeltaBatch>
    implements TwoInputStreamOperator<Point, ControlEvent, DeltaBatch>, BoundedMultiInput {

  /** Events too late to be counted. */
  public static final OutputTag<Point> BEYOND_HORIZON =
      new OutputTag<>("beyond-horizon", DataTypeInfo.POINT);

  private static final long serialVersionUID = 1L;
  private static final int LEAST_EVENTS_A_SWEEP = 10_000;

  private static final ValueStateDescriptor<UnitState> UNIT =
      new ValueStateDescriptor<>("unit", DataTypeInfo.UNIT_STATE);
  private static final ListStateDescriptor<Point> PARKED =
      new ListStateDescriptor<>("parked", DataTypeInfo.POINT);

  private final DefinitionReader reader;
  private final int horizonSlices;
  private final boolean batch;
  private transient BroadcastState<Long, ControlEvent> rolloutEvents;
  private transient @Nullable RolloutDirectory directory;
  private transient UnitStore units;
  private transient UnitGroup group;
  private transient ListState<Point> parked;
  private transient boolean mayHaveParked;
  private transient ListState<Long> watermarks;
  private transient EventTally used;
  private transient EventTally duplicate;
  private transient EventTally late;
  private transient EventTally tooLate;
  private transient long watermarkMs;
  private transient Ledger ledger;
  private transient LocalCombine combine;
  private transient long eventsSinceSweep;
  private transient long unitsAtSweep;

  public UnitAttribution(DefinitionReader reader, int horizonSlices, boolean batch) {
    this.reader = reader;
    this.horizonSlices = horizonSlices;
    this.batch = batch;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    rolloutEvents = context.getOperatorStateStore().getBroadcastState(RolloutBroadcast.EVENTS);
    watermarks =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>("watermarks", Types.LONG));
    watermarkMs = Long.MIN_VALUE;
    for (long watermark : watermarks.get()) {
      watermarkMs = Math.max(watermarkMs, watermark);
    }
    mayHaveParked = context.isRestored();
  }

  @Override
  public void open() throws Exception {
    super.open();
    combine = new LocalCombine(sums -> output.collect(new StreamRecord<>(sums)));
    ledger = new Ledger(horizonSlices, combine);
    KeyedStateBackend<Long> backend = getKeyedStateBackend();
    ValueState<UnitState> state = getRuntimeContext().getState(UNIT);
    units =
        HeapUnits.fits(backend)
            ? new HeapUnits(backend, UNIT, state)
            : new BackendUnits(backend, UNIT, state);
    parked = getRuntimeContext().getListState(PARKED);
    // Sorted input has state of one key at a time.
    group = new UnitGroup(batch ? 1 : UnitGroup.MOST);
    used = EventTally.of(getRuntimeContext(), EventTally.USED);
    duplicate = EventTally.of(getRuntimeContext(), EventTally.DUPLICATE);
    late = EventTally.of(getRuntimeContext(), EventTally.LATE);
    tooLate = EventTally.of(getRuntimeContext(), EventTally.BEYOND_HORIZON);
  }

  /** The key is set where state is asked for. */
  @Override
  @SuppressWarnings("rawtypes") // as Flink declares it
  public void setKeyContextElement1(StreamRecord element) {}

  @Override
  public void processElement1(StreamRecord<Point> element) throws Exception {
    Point point = element.getValue();
    if (!batch && point.timeMs >= directory().frontierMs()) {
      setCurrentKey(point.unitKey);
      parked.add(point.copy());
      mayHaveParked = true;
      return;
    }
    collect(point);
  }

  private void collect(Point point) throws Exception {
    group.add(point);
    if (group.isFull()) {
      takeGroup();
    }
  }

  private void takeGroup() throws Exception {
    if (group.isEmpty()) {
      return;
    }
    RolloutIndex known = directory().index();
    units.find(group);
    for (int i = 0; i < group.size(); i++) {
      take(group.states()[i], group.point(i), known);
    }
    units.keep(group);
    group.clear();
  }

  private void take(UnitState state, Point point, RolloutIndex known) {
    eventsSinceSweep++;
    // Sorted input: nothing earlier can come, so what lies before the event is settled.
    long closedMs = batch ? point.timeMs : watermarkMs;
    switch (ledger.take(state, point, known, batch ? Long.MIN_VALUE : watermarkMs, closedMs)) {
      case USED -> used.inc();
      case DUPLICATE -> duplicate.inc();
      case LATE -> late.inc();
      case BEYOND_HORIZON -> {
        tooLate.inc();
        output.collect(BEYOND_HORIZON, new StreamRecord<>(point));
      }
    }
  }

  @Override
  public void processElement2(StreamRecord<ControlEvent> element) throws Exception {
    takeGroup();
    ControlEvent control = element.getValue();
    RolloutDirectory known = directory();
    RolloutBroadcast.put(rolloutEvents, control);
    long before = known.frontierMs();
    known.take(control);
    if (!control.isTick()) {
      // What was posted so far is due by boundaries that were known.
      combine.sendAll();
      return;
    }
    if (batch) {
      return;
    }
    if (mayHaveParked) {
      release(known.frontierMs());
    }
    if (before != Long.MIN_VALUE
        && Math.floorDiv(before, Ledger.SLICE_MS)
            < Math.floorDiv(known.frontierMs(), Ledger.SLICE_MS)
        && eventsSinceSweep >= Math.max(LEAST_EVENTS_A_SWEEP, unitsAtSweep)) {
      sweep(known.index());
    }
  }

  private RolloutDirectory directory() throws Exception {
    RolloutDirectory known = directory;
    if (known == null) {
      known = RolloutBroadcast.directory(rolloutEvents, reader);
      directory = known;
    }
    return known;
  }

  private void release(long beforeMs) throws Exception {
    mayHaveParked = false;
    List<Point> due = new ArrayList<>();
    getKeyedStateBackend()
        .applyToAllKeys(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            PARKED,
            (unit, list) -> {
              List<Point> still = new ArrayList<>();
              for (Point point : list.get()) {
                (point.timeMs < beforeMs ? due : still).add(point);
              }
              mayHaveParked |= !still.isEmpty();
              list.update(still);
            });
    for (Point point : due) {
      collect(point);
    }
    takeGroup();
  }

  private void sweep(RolloutIndex known) throws Exception {
    eventsSinceSweep = 0;
    unitsAtSweep =
        units.visit(
            state -> {
              ledger.close(state, known, watermarkMs);
              state.trim();
            });
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    takeGroup();
    watermarkMs = Math.max(watermarkMs, mark.getTimestamp());
    combine.sendDue(mark.getTimestamp());
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    takeGroup();
    combine.sendAll();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    watermarks.update(List.of(watermarkMs));
    units.checkpointBegins(context.getCheckpointId());
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    units.checkpointEnds(checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    super.notifyCheckpointAborted(checkpointId);
    units.checkpointEnds(checkpointId);
  }

  @Override
  public void endInput(int input) throws Exception {
    takeGroup();
    combine.sendAll();
  }
}
