package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.VarLong;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Bytes of a {@link Point}, for state and between operators. */
public final class PointCodec {

  private PointCodec() {}

  private static final ThreadLocal<StateBytes> BYTES = ThreadLocal.withInitial(StateBytes::new);

  public static void write(Point point, DataOutput target) throws IOException {
    StateBytes out = BYTES.get();
    out.clear();
    out.putLong(point.unitKey);
    out.putLong(point.timeMs);
    out.putByte(point.exposure ? 1 : 0);
    out.putText(point.name);
    out.putText(point.variant);
    out.putText(point.flagVersion);
    out.putNumber(point.valueMicros);
    out.putNumber(point.attributes.length);
    for (String text : point.attributes) {
      out.putText(text);
    }
    out.putLong(point.idHash);
    out.putNumber(point.contentHash);
    out.putLong(point.arrivalMs);
    out.writeTo(target);
  }

  /** Copies a point's bytes without reading its texts. */
  public static void copy(DataInput in, DataOutput target) throws IOException {
    StateBytes out = BYTES.get();
    out.clear();
    out.take(2 * Long.BYTES + 1, in);
    for (int texts = 0; texts < 3; texts++) {
      out.takeText(in);
    }
    out.takeNumber(in);
    for (long texts = out.takeNumber(in); texts > 0; texts--) {
      out.takeText(in);
    }
    out.take(Long.BYTES, in);
    out.takeNumber(in);
    out.take(Long.BYTES, in);
    out.writeTo(target);
  }

  public static Point read(DataInput in) throws IOException {
    Texts texts = Texts.ofThread();
    Point point = new Point();
    point.unitKey = in.readLong();
    point.timeMs = in.readLong();
    point.exposure = in.readByte() != 0;
    point.name = texts.next(in);
    point.variant = texts.next(in);
    point.flagVersion = texts.next(in);
    point.valueMicros = VarLong.read(in);
    point.attributes = new String[VarLong.readInt(in)];
    for (int i = 0; i < point.attributes.length; i++) {
      point.attributes[i] = texts.next(in);
    }
    point.idHash = in.readLong();
    point.contentHash = (int) VarLong.read(in);
    point.arrivalMs = in.readLong();
    return point;
  }
}
