package io.tidegate.operator;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.PointCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Serializer of {@link Point}. */
final class PointSerializer extends DataSerializer<Point> {

  static final PointSerializer INSTANCE = new PointSerializer();

  private static final long serialVersionUID = 1L;

  @Override
  void write(Point value, DataOutput out) throws IOException {
    PointCodec.write(value, out);
  }

  @Override
  Point read(DataInput in) throws IOException {
    return PointCodec.read(in);
  }

  @Override
  public Point createInstance() {
    return new Point();
  }

  @Override
  public Point copy(Point from) {
    return from.copy();
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    PointCodec.copy(source, target);
  }

  @Override
  public TypeSerializerSnapshot<Point> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Says that the serializer has no configuration; the bytes carry their version. */
  @SuppressWarnings("WeakerAccess")
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<Point> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
