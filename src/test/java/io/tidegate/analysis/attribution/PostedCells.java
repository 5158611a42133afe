package io.tidegate.analysis.attribution;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;

/** Keeps all that was posted to a {@link CellBatch}. Mutable. */
public final class PostedCells {

  private final CellBatch batch = new CellBatch();
  private final Map<String, ByteArrayOutputStream> drained = new TreeMap<>();

  public void add(UnitDelta delta) {
    batch.add(delta);
  }

  /** Ids of the rollouts with sums. */
  public Iterable<String> rollouts() {
    drain();
    return drained.keySet();
  }

  /** The sums of one rollout so far, for {@link CellBatch#read}; a cell may come more than once. */
  public byte[] write(String rolloutId) {
    drain();
    return drained.getOrDefault(rolloutId, new ByteArrayOutputStream()).toByteArray();
  }

  private void drain() {
    batch.drain(
        Long.MAX_VALUE,
        (rollout, cells) ->
            drained.computeIfAbsent(rollout, r -> new ByteArrayOutputStream()).writeBytes(cells));
  }
}
