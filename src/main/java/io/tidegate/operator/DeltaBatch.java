package io.tidegate.operator;

import io.tidegate.analysis.attribution.ArrivalFact;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What a rollout's gate is told. Public fields: it is a stream type. */
public final class DeltaBatch {
  public String rolloutId = "";

  /** Sums of many units' changes: bytes of a {@link io.tidegate.analysis.attribution.CellBatch}. */
  public byte[] cells = new byte[0];

  /** Bytes of an {@link ArrivalFact}; empty without one. */
  public byte[] fact = new byte[0];

  static DeltaBatch of(String rolloutId, byte[] cells) {
    DeltaBatch batch = new DeltaBatch();
    batch.rolloutId = rolloutId;
    batch.cells = cells;
    return batch;
  }

  static DeltaBatch of(String rolloutId, ArrivalFact fact) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      fact.writeTo(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DeltaBatch batch = new DeltaBatch();
    batch.rolloutId = rolloutId;
    batch.fact = bytes.toByteArray();
    return batch;
  }
}
