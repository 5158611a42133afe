package io.tidegate.operator;

import io.tidegate.analysis.attribution.UnitState;
import io.tidegate.analysis.attribution.UnitTable;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;

/**
 * States of units in a backend that keeps them as objects. They are found in a table of their own
 * and changed where they are; the backend, whose table is slower, is told only of new ones, of
 * those that are let go, and of the copy of a state that is changed while a checkpoint may be
 * writing it.
 */
final class HeapUnits implements UnitStore {

  private final KeyedStateBackend<Long> backend;
  private final ValueState<UnitState> units;
  private final UnitTable table = new UnitTable();

  /** Generation of what each checkpoint under way writes, by its id. */
  private final TreeMap<Long, Integer> underWay = new TreeMap<>();

  private int generation;

  /** A state of an earlier generation may be under a checkpoint's eyes. */
  private int copiedBefore;

  @SuppressWarnings("UnusedVariable") // kept so that nothing is read for nothing
  private long read;

  /** Whether a backend keeps objects; one that wraps it to log each change does not. */
  static boolean fits(KeyedStateBackend<Long> backend) {
    return backend instanceof HeapKeyedStateBackend;
  }

  HeapUnits(
      KeyedStateBackend<Long> backend,
      ValueStateDescriptor<UnitState> descriptor,
      ValueState<UnitState> units)
      throws Exception {
    this.backend = backend;
    this.units = units;
    backend.applyToAllKeys(
        VoidNamespace.INSTANCE,
        VoidNamespaceSerializer.INSTANCE,
        descriptor,
        (unit, value) -> table.put(unit, value.value()));
  }

  @Override
  public void find(UnitGroup group) throws Exception {
    UnitState[] states = group.states();
    int size = group.size();
    for (int i = 0; i < size; i++) {
      read += table.readAhead(group.key(i));
    }
    for (int i = 0; i < size; i++) {
      // Null of a new unit, until the last loop.
      states[i] = table.get(group.key(i));
    }
    for (int i = 0; i < size; i++) {
      read += states[i] == null ? 0 : states[i].generation();
    }
    for (int i = 0; i < size; i++) {
      if (states[i] == null || states[i].generation() < copiedBefore) {
        states[i] = writable(group.key(i));
      }
    }
    read += UnitState.readAhead(states, size);
  }

  private UnitState writable(long unitKey) throws Exception {
    UnitState state = table.get(unitKey);
    if (state != null && state.generation() >= copiedBefore) {
      return state;
    }
    UnitState own = state == null ? new UnitState() : state.successor();
    own.bornIn(generation);
    table.put(unitKey, own);
    backend.setCurrentKey(unitKey);
    units.update(own);
    return own;
  }

  @Override
  public void keep(UnitGroup group) {}

  @Override
  public long visit(Consumer<UnitState> change) throws Exception {
    long[] keys = table.keys();
    for (long unitKey : keys) {
      UnitState state = writable(unitKey);
      change.accept(state);
      if (state.isEmpty()) {
        table.remove(unitKey);
        backend.setCurrentKey(unitKey);
        units.clear();
      }
    }
    return keys.length;
  }

  @Override
  public void checkpointBegins(long checkpointId) {
    generation++;
    underWay.put(checkpointId, generation);
    copiedBefore = generation;
  }

  @Override
  public void checkpointEnds(long checkpointId) {
    underWay.remove(checkpointId);
    copiedBefore = underWay.isEmpty() ? 0 : underWay.lastEntry().getValue();
  }
}
