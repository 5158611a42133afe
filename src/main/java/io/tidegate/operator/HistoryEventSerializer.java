package io.tidegate.operator;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.PointCodec;
import io.tidegate.analysis.baseline.HistoryEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Serializer of {@link HistoryEvent}. */
final class HistoryEventSerializer extends DataSerializer<HistoryEvent> {

  static final HistoryEventSerializer INSTANCE = new HistoryEventSerializer();

  private static final long serialVersionUID = 1L;

  @Override
  void write(HistoryEvent value, DataOutput out) throws IOException {
    out.writeUTF(value.unitId());
    PointCodec.write(value.point(), out);
  }

  @Override
  HistoryEvent read(DataInput in) throws IOException {
    return new HistoryEvent(in.readUTF(), PointCodec.read(in));
  }

  @Override
  public HistoryEvent createInstance() {
    return new HistoryEvent("", new Point());
  }

  @Override
  public HistoryEvent copy(HistoryEvent from) {
    return new HistoryEvent(from.unitId(), from.point().copy());
  }

  @Override
  public TypeSerializerSnapshot<HistoryEvent> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Says that the serializer has no configuration. */
  @SuppressWarnings("WeakerAccess")
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<HistoryEvent> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
