package io.tidegate.operator;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.PointCodec;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Points that wait for their time, as bytes by tenths of a second of event time: a busy stream's
 * ten seconds are a hundred arrays and not a million objects that the garbage collector moves and
 * every checkpoint copies. Mutable.
 */
final class WaitingPoints {

  private static final long SLICE_MS = 100;
  private static final int FIRST_BYTES = 512;

  /** Slices that two ticks a second apart let go of, and some more. */
  private static final int MOST_SPARE = 16;

  private final TreeMap<Long, DataOutputSerializer> slices = new TreeMap<>();

  /** Room of slices that were let go of: it lives long, and a new one would be moved and left. */
  private final ArrayDeque<DataOutputSerializer> spare = new ArrayDeque<>();

  void add(Point point) throws IOException {
    PointCodec.write(
        point,
        slices.computeIfAbsent(Math.floorDiv(point.timeMs, SLICE_MS), slice -> emptySlice()));
  }

  private DataOutputSerializer emptySlice() {
    DataOutputSerializer bytes = spare.poll();
    return bytes == null ? new DataOutputSerializer(FIRST_BYTES) : bytes;
  }

  /** Lets go of those before an instant, slice by slice in order of time. */
  void release(long beforeMs, Consumer<Point> taker) throws IOException {
    while (!slices.isEmpty() && slices.firstKey() * SLICE_MS < beforeMs) {
      Map.Entry<Long, DataOutputSerializer> slice = slices.pollFirstEntry();
      boolean whole = (slice.getKey() + 1) * SLICE_MS <= beforeMs;
      DataOutputSerializer bytes = slice.getValue();
      DataInputDeserializer in =
          new DataInputDeserializer(bytes.getSharedBuffer(), 0, bytes.length());
      while (in.available() > 0) {
        Point point = PointCodec.read(in);
        if (whole || point.timeMs < beforeMs) {
          taker.accept(point);
        } else {
          add(point);
        }
      }
      if (spare.size() < MOST_SPARE) {
        bytes.clear();
        spare.push(bytes);
      }
      if (!whole) {
        return;
      }
    }
  }

  /** Every point, some to a block; {@link #restore} takes the blocks in any distribution. */
  List<byte[]> blocks() {
    List<byte[]> blocks = new ArrayList<>(slices.size());
    for (DataOutputSerializer bytes : slices.values()) {
      blocks.add(bytes.getCopyOfBuffer());
    }
    return blocks;
  }

  void restore(byte[] block) throws IOException {
    DataInputDeserializer in = new DataInputDeserializer(block);
    while (in.available() > 0) {
      add(PointCodec.read(in));
    }
  }
}
