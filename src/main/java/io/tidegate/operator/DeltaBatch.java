package io.tidegate.operator;

/** Sums of many units' changes in one rollout. Public fields: it is a stream type. */
public final class DeltaBatch {
  public String rolloutId = "";

  /** Bytes of a {@link io.tidegate.analysis.attribution.CellBatch}. */
  public byte[] cells = new byte[0];

  static DeltaBatch of(String rolloutId, byte[] cells) {
    DeltaBatch batch = new DeltaBatch();
    batch.rolloutId = rolloutId;
    batch.cells = cells;
    return batch;
  }
}
