package io.tidegate.analysis.attribution;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Bytes of a {@link Point}, for state and between operators. */
public final class PointCodec {

  private PointCodec() {}

  public static void write(Point point, DataOutput out) throws IOException {
    out.writeLong(point.unitKey);
    out.writeLong(point.timeMs);
    out.writeBoolean(point.exposure);
    out.writeUTF(point.name);
    out.writeUTF(point.variant);
    out.writeUTF(point.flagVersion);
    out.writeLong(point.valueMicros);
    out.writeByte(point.attributes.length);
    for (String text : point.attributes) {
      out.writeUTF(text);
    }
    out.writeLong(point.idHash);
    out.writeLong(point.contentHash);
    out.writeLong(point.arrivalMs);
  }

  public static Point read(DataInput in) throws IOException {
    Point point = new Point();
    point.unitKey = in.readLong();
    point.timeMs = in.readLong();
    point.exposure = in.readBoolean();
    point.name = in.readUTF();
    point.variant = in.readUTF();
    point.flagVersion = in.readUTF();
    point.valueMicros = in.readLong();
    point.attributes = new String[in.readByte()];
    for (int i = 0; i < point.attributes.length; i++) {
      point.attributes[i] = in.readUTF();
    }
    point.idHash = in.readLong();
    point.contentHash = in.readLong();
    point.arrivalMs = in.readLong();
    return point;
  }
}
