package io.tidegate.operator;

import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.model.ControlEvent;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * Broadcast state of rollout events: every event but ticks by its sequence, and the newest tick.
 */
public final class RolloutBroadcast {

  public static final MapStateDescriptor<Long, ControlEvent> EVENTS =
      new MapStateDescriptor<>(
          "rollout-events", Types.LONG, TypeInformation.of(ControlEvent.class));

  private static final long NEWEST_TICK = -1L;

  private RolloutBroadcast() {}

  static void put(BroadcastState<Long, ControlEvent> state, ControlEvent control) throws Exception {
    state.put(control.isTick() ? NEWEST_TICK : control.sequence(), control);
  }

  /** The directory that the state's events make. */
  static RolloutDirectory directory(
      ReadOnlyBroadcastState<Long, ControlEvent> state, DefinitionReader reader) throws Exception {
    Map<Long, ControlEvent> ordered = new TreeMap<>();
    for (Map.Entry<Long, ControlEvent> entry : state.immutableEntries()) {
      ordered.put(entry.getKey(), entry.getValue());
    }
    RolloutDirectory directory = new RolloutDirectory(reader);
    ordered.values().forEach(directory::take);
    return directory;
  }
}
