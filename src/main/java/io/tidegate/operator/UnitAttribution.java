package io.tidegate.operator;

import io.tidegate.analysis.attribution.Ledger;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.UnitDelta;
import io.tidegate.analysis.attribution.UnitState;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.model.ControlEvent;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one {@link UnitState} a unit and lets the {@link Ledger} post what events change. No timer
 * a unit: what closed boundaries have settled is folded when the unit is next heard of; at a
 * slice's end, but not before as many events as there were units, a sweep folds the others and
 * forgets what is past the horizon.
 */
@SuppressWarnings("NullAway.Init")
public final class UnitAttribution
    extends KeyedBroadcastProcessFunction<Long, Point, ControlEvent, UnitDelta>
    implements CheckpointedFunction {

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
  private transient @Nullable RolloutDirectory directory;
  private transient ValueState<UnitState> units;
  private transient ListState<Point> parked;
  private transient boolean mayHaveParked;
  private transient ListState<Long> watermarks;
  private transient long restoredWatermarkMs;
  private transient EventTally used;
  private transient EventTally duplicate;
  private transient EventTally late;
  private transient EventTally tooLate;
  private transient long lastWatermarkMs;
  private transient Ledger ledger;
  private transient Collector<UnitDelta> downstream;
  private transient long eventsSinceSweep;
  private transient long unitsAtSweep;

  public UnitAttribution(DefinitionReader reader, int horizonSlices, boolean batch) {
    this.reader = reader;
    this.horizonSlices = horizonSlices;
    this.batch = batch;
  }

  @Override
  public void open(OpenContext context) {
    ledger = new Ledger(horizonSlices, delta -> downstream.collect(delta));
    units = getRuntimeContext().getState(UNIT);
    parked = getRuntimeContext().getListState(PARKED);
    used = EventTally.of(getRuntimeContext(), EventTally.USED);
    duplicate = EventTally.of(getRuntimeContext(), EventTally.DUPLICATE);
    late = EventTally.of(getRuntimeContext(), EventTally.LATE);
    tooLate = EventTally.of(getRuntimeContext(), EventTally.BEYOND_HORIZON);
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    watermarks =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>("watermarks", Types.LONG));
    restoredWatermarkMs = Long.MIN_VALUE;
    for (long watermark : watermarks.get()) {
      restoredWatermarkMs = Math.max(restoredWatermarkMs, watermark);
    }
    lastWatermarkMs = restoredWatermarkMs;
    mayHaveParked = context.isRestored();
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    watermarks.update(List.of(lastWatermarkMs));
  }

  @Override
  public void processElement(Point point, ReadOnlyContext ctx, Collector<UnitDelta> out)
      throws Exception {
    RolloutDirectory known = directory;
    if (known == null) {
      known = RolloutBroadcast.directory(ctx.getBroadcastState(RolloutBroadcast.EVENTS), reader);
      directory = known;
    }
    long watermarkMs = watermark(ctx.currentWatermark());
    if (!batch && point.timeMs >= known.frontierMs()) {
      parked.add(point.copy());
      mayHaveParked = true;
      return;
    }
    eventsSinceSweep++;
    Fate.count(this, take(point, known, watermarkMs, out), () -> ctx.output(BEYOND_HORIZON, point));
  }

  private long watermark(long current) {
    lastWatermarkMs = Math.max(current, restoredWatermarkMs);
    return batch ? Long.MIN_VALUE : lastWatermarkMs;
  }

  private Ledger.Fate take(
      Point point, RolloutDirectory known, long watermarkMs, Collector<UnitDelta> out)
      throws Exception {
    UnitState state = units.value();
    if (state == null) {
      state = new UnitState();
    }
    downstream = out;
    // Sorted input: nothing earlier can come, so what lies before the event is settled.
    long closedMs = batch ? point.timeMs : watermarkMs;
    Ledger.Fate fate = ledger.take(state, point, known.index(), watermarkMs, closedMs);
    units.update(state);
    return fate;
  }

  @Override
  public void processBroadcastElement(ControlEvent control, Context ctx, Collector<UnitDelta> out)
      throws Exception {
    RolloutDirectory known = directory;
    if (known == null) {
      known = RolloutBroadcast.directory(ctx.getBroadcastState(RolloutBroadcast.EVENTS), reader);
      directory = known;
    }
    RolloutBroadcast.put(ctx.getBroadcastState(RolloutBroadcast.EVENTS), control);
    long before = known.frontierMs();
    known.take(control);
    if (!control.isTick()) {
      out.collect(UnitDelta.boundariesChanged());
      return;
    }
    if (batch) {
      return;
    }
    long watermarkMs = watermark(ctx.currentWatermark());
    if (mayHaveParked) {
      release(known, watermarkMs, ctx, out);
    }
    if (before != Long.MIN_VALUE
        && Math.floorDiv(before, Ledger.SLICE_MS)
            < Math.floorDiv(known.frontierMs(), Ledger.SLICE_MS)
        && eventsSinceSweep >= Math.max(LEAST_EVENTS_A_SWEEP, unitsAtSweep)) {
      sweep(known, watermarkMs, ctx);
    }
  }

  private void release(
      RolloutDirectory known, long watermarkMs, Context ctx, Collector<UnitDelta> out)
      throws Exception {
    mayHaveParked = false;
    ctx.applyToKeyedState(
        PARKED,
        (unit, list) -> {
          List<Point> still = new ArrayList<>();
          for (Point point : list.get()) {
            if (point.timeMs < known.frontierMs()) {
              Fate.count(
                  this,
                  take(point, known, watermarkMs, out),
                  () -> ctx.output(BEYOND_HORIZON, point));
            } else {
              still.add(point);
            }
          }
          if (still.isEmpty()) {
            list.clear();
          } else {
            mayHaveParked = true;
            list.update(still);
          }
        });
  }

  private void sweep(RolloutDirectory known, long watermarkMs, Context ctx) throws Exception {
    eventsSinceSweep = 0;
    unitsAtSweep = 0;
    ctx.applyToKeyedState(
        UNIT,
        (unit, value) -> {
          unitsAtSweep++;
          UnitState state = value.value();
          ledger.close(state, known.index(), watermarkMs);
          state.trim();
          if (state.isEmpty()) {
            value.clear();
          } else {
            value.update(state);
          }
        });
  }

  /** Counts what became of events. */
  private static final class Fate {
    static void count(UnitAttribution of, Ledger.Fate fate, Runnable beyond) {
      switch (fate) {
        case USED -> of.used.inc();
        case DUPLICATE -> of.duplicate.inc();
        case LATE -> of.late.inc();
        case BEYOND_HORIZON -> {
          of.tooLate.inc();
          beyond.run();
        }
      }
    }
  }
}
