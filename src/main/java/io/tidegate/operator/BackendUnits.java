package io.tidegate.operator;

import io.tidegate.analysis.attribution.UnitState;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

/** States of units in any backend: read once and written once a group and unit. */
final class BackendUnits implements UnitStore {

  private final KeyedStateBackend<Long> backend;
  private final ValueStateDescriptor<UnitState> descriptor;
  private final ValueState<UnitState> units;

  BackendUnits(
      KeyedStateBackend<Long> backend,
      ValueStateDescriptor<UnitState> descriptor,
      ValueState<UnitState> units) {
    this.backend = backend;
    this.descriptor = descriptor;
    this.units = units;
  }

  @Override
  public void find(UnitGroup group) throws Exception {
    UnitState[] states = group.states();
    for (int i = 0; i < group.size(); i++) {
      int first = group.first(i);
      if (first < i) {
        states[i] = states[first];
        continue;
      }
      backend.setCurrentKey(group.key(i));
      UnitState state = units.value();
      states[i] = state == null ? new UnitState() : state;
    }
  }

  @Override
  public void keep(UnitGroup group) throws Exception {
    for (int i = 0; i < group.size(); i++) {
      if (group.first(i) == i) {
        backend.setCurrentKey(group.key(i));
        units.update(group.states()[i]);
      }
    }
  }

  @Override
  public long visit(Consumer<UnitState> change) throws Exception {
    long[] visited = {0};
    backend.applyToAllKeys(
        VoidNamespace.INSTANCE,
        VoidNamespaceSerializer.INSTANCE,
        descriptor,
        (unit, value) -> {
          visited[0]++;
          UnitState state = value.value();
          change.accept(state);
          if (state.isEmpty()) {
            value.clear();
          } else {
            value.update(state);
          }
        });
    return visited[0];
  }
}
