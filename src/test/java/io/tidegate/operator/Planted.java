package io.tidegate.operator;

import io.tidegate.analysis.attribution.DeltaSink;
import io.tidegate.analysis.attribution.Point;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A fault planted between the parts of a simulated job; this one plants none. */
class Planted {

  static final Planted NOTHING = new Planted();

  /** What reaches the unit instead of a point; null: nothing. */
  @Nullable Point arrives(Point point, SimulatedWorld world, Random random) {
    return point;
  }

  /** Where the unit's changes go. */
  DeltaSink changes(DeltaSink sink, SimulatedWorld world, Random random) {
    return sink;
  }

  /** Hands sums to the gate. */
  void sums(byte[] cells, Consumer<byte[]> gate, Random random) {
    gate.accept(cells);
  }

  /** Until when boundaries are evaluated when the watermark is here. */
  long due(long watermarkMs, Random random) {
    return watermarkMs;
  }
}
