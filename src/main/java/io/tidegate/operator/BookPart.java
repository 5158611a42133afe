package io.tidegate.operator;

import io.tidegate.model.AttemptId;

/** Sums of many units in one attempt. Public fields: it is a stream type. */
public final class BookPart {
  public String rolloutId = "";
  public int attempt;

  /** Bytes of a {@link io.tidegate.analysis.impact.SliceBook}. */
  public byte[] sums = new byte[0];

  static BookPart of(AttemptId id, byte[] sums) {
    BookPart part = new BookPart();
    part.rolloutId = id.rolloutId();
    part.attempt = id.attempt();
    part.sums = sums;
    return part;
  }

  /** The attempt. */
  public AttemptId id() {
    return new AttemptId(rolloutId, attempt);
  }
}
