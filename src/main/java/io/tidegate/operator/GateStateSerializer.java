package io.tidegate.operator;

import io.tidegate.analysis.gate.GateState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Serializer of {@link GateState}. */
final class GateStateSerializer extends DataSerializer<GateState> {

  static final GateStateSerializer INSTANCE = new GateStateSerializer();

  private static final long serialVersionUID = 1L;

  @Override
  void write(GateState value, DataOutput out) throws IOException {
    value.writeTo(out);
  }

  @Override
  GateState read(DataInput in) throws IOException {
    return GateState.readFrom(in);
  }

  @Override
  public GateState createInstance() {
    return new GateState();
  }

  @Override
  public GateState copy(GateState from) {
    return from.copy();
  }

  @Override
  public TypeSerializerSnapshot<GateState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Says that the serializer has no configuration; the bytes carry their version. */
  @SuppressWarnings("WeakerAccess")
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<GateState> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
