package io.tidegate.simulate;

/**
 * How often the stream is worse than the world; each a share of the sound events, in [0, 1).
 *
 * @param duplicate sent twice, byte for byte
 * @param disorder delayed by up to {@link #DISORDER_MS}
 * @param late delayed by {@link #LATE_FROM_MS} to {@link #LATE_TO_MS}
 * @param malformed an extra record that is no event
 * @param absurd an extra event of another century
 * @param oversized an extra event of {@link #OVERSIZED_CHARS} characters
 * @param mixed of the enrolled units (not events): served another variant at every other visit
 */
public record Faults(
    double duplicate,
    double disorder,
    double late,
    double malformed,
    double absurd,
    double oversized,
    double mixed) {

  /** Longest delay of disorder, within the usual out-of-order bound of 10 s. */
  public static final long DISORDER_MS = 8_000;

  /** Shortest delay of a late event. */
  public static final long LATE_FROM_MS = 20 * 60_000L;

  /** Longest delay of a late event. */
  public static final long LATE_TO_MS = 3 * 3_600_000L;

  /** Characters of an oversized event, above what a decoder takes and below what a broker does. */
  public static final int OVERSIZED_CHARS = 80_000;

  public static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0);

  /** A stream that is slightly worse than the world, without late events. */
  public static final Faults USUAL = new Faults(0.005, 0.2, 0, 0.0005, 0.0001, 0.00001, 0);

  public Faults {
    check(duplicate, "duplicate");
    check(disorder, "disorder");
    check(late, "late");
    check(malformed, "malformed");
    check(absurd, "absurd");
    check(oversized, "oversized");
    check(mixed, "mixed");
  }

  public Faults withLate(double share) {
    return new Faults(duplicate, disorder, share, malformed, absurd, oversized, mixed);
  }

  private static void check(double share, String name) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException(name + " must be a share in [0, 1), not " + share);
    }
  }
}
