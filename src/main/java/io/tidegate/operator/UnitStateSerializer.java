package io.tidegate.operator;

import io.tidegate.analysis.attribution.UnitState;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Serializer of {@link UnitState}. */
final class UnitStateSerializer extends DataSerializer<UnitState> {

  static final UnitStateSerializer INSTANCE = new UnitStateSerializer();

  private static final long serialVersionUID = 1L;

  @Override
  void write(UnitState value, DataOutput out) throws IOException {
    value.writeTo(out);
  }

  @Override
  UnitState read(DataInput in) throws IOException {
    return UnitState.readFrom(in);
  }

  @Override
  public UnitState createInstance() {
    return new UnitState();
  }

  @Override
  public UnitState copy(UnitState from) {
    return from.copy();
  }

  @Override
  public TypeSerializerSnapshot<UnitState> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Says that the serializer has no configuration; the bytes carry their version. */
  @SuppressWarnings("WeakerAccess")
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<UnitState> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
