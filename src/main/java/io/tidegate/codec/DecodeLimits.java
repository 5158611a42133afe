package io.tidegate.codec;

import java.io.Serializable;

/**
 * What an event may be at most.
 *
 * @param maxBytes bytes of the record
 * @param maxFutureMs how far its time may follow the record's timestamp
 * @param maxPastMs how far its time may precede the record's timestamp
 */
public record DecodeLimits(int maxBytes, long maxFutureMs, long maxPastMs) implements Serializable {

  /** Depth of nesting. */
  public static final int MAX_DEPTH = 16;

  /** Characters of an id or a name. */
  public static final int MAX_NAME = 512;

  /** Characters of an attribute's value. */
  public static final int MAX_TEXT = 4096;

  /** Attributes of an event. */
  public static final int MAX_ATTRIBUTES = 64;

  /** 64 kB, an hour ahead, 366 days behind. */
  public static final DecodeLimits DEFAULT =
      new DecodeLimits(64 * 1024, 3_600_000L, 366L * 86_400_000L);

  /** The end of the year 9999, beyond which SQL engines disagree. */
  private static final long LAST_MS = 253_402_300_799_999L;

  public DecodeLimits {
    if (maxBytes < 1 || maxFutureMs < 0 || maxPastMs < 0) {
      throw new IllegalArgumentException(
          "limits must not be negative: %d, %d, %d".formatted(maxBytes, maxFutureMs, maxPastMs));
    }
  }

  /**
   * Whether an event's time can be true. Judged against the record's own timestamp (negative where
   * it has none), so that every reader agrees at any later time.
   */
  public boolean plausible(long eventTimeMs, long recordTimeMs) {
    if (eventTimeMs < 0 || eventTimeMs > LAST_MS) {
      return false;
    }
    return recordTimeMs < 0
        || (eventTimeMs - recordTimeMs <= maxFutureMs && recordTimeMs - eventTimeMs <= maxPastMs);
  }
}
