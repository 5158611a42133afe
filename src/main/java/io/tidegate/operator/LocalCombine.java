package io.tidegate.operator;

import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.DeltaSink;
import io.tidegate.analysis.attribution.UnitDelta;
import java.util.function.Consumer;

/**
 * Adds deltas up before they travel; sends those on that a boundary reads when the watermark is
 * about to let it, and all when it is told to, or when much is held. Needs no state, and a hot
 * rollout stops mattering.
 */
final class LocalCombine implements DeltaSink {

  /** 32 MB, about. */
  private static final int MOST_LONGS = 1 << 22;

  private final CellBatch batch = new CellBatch();
  private final Consumer<DeltaBatch> out;

  LocalCombine(Consumer<DeltaBatch> out) {
    this.out = out;
  }

  @Override
  public void post(UnitDelta delta) {
    batch.add(delta);
    if (batch.size() >= MOST_LONGS) {
      sendAll();
    }
  }

  /** Sends what a boundary up to a watermark reads. */
  void sendDue(long watermarkMs) {
    if (watermarkMs >= batch.dueMs()) {
      send(watermarkMs);
    }
  }

  /** As new boundaries become known, before each checkpoint, and at the end. */
  void sendAll() {
    send(Long.MAX_VALUE);
  }

  private void send(long untilMs) {
    batch.drain(untilMs, (rollout, cells) -> out.accept(DeltaBatch.of(rollout, cells)));
  }
}
