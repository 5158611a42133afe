package io.tidegate.simulate;

import java.util.List;

/**
 * What is true of simulated data, for tests to hold a job's answers against.
 *
 * @param boundaryMs rows count events before it
 * @param counts records by what is wrong with them
 * @param stages what was in force from when
 * @param effects what was planted
 * @param rows figures straight from the events, each event once however often it was sent
 */
public record Truth(
    long seed,
    String rolloutId,
    long boundaryMs,
    Counts counts,
    List<Entry> stages,
    List<PlantedEffect> effects,
    List<Shock> shocks,
    List<Row> rows) {

  /**
   * Records handed over.
   *
   * @param exposures sound exposures, each once
   * @param outcomes sound outcomes, each once
   * @param duplicates further copies
   * @param late of the sound ones, those that arrive 20 minutes or more after their time
   */
  public record Counts(
      long exposures,
      long outcomes,
      long duplicates,
      long late,
      long malformed,
      long absurd,
      long oversized) {

    /** All records. */
    public long records() {
      return exposures + outcomes + duplicates + malformed + absurd + oversized;
    }

    /** Records that cannot be used. */
    public long broken() {
      return malformed + absurd + oversized;
    }
  }

  /**
   * What was in force from an instant on.
   *
   * @param stage index of the stage, −1 after a rollback
   * @param name its name, empty after a rollback
   */
  public record Entry(int stage, String name, long fromMs) {}

  /**
   * A metric among the units of one cell.
   *
   * @param attempt 1 for the first; one more after each rollback
   * @param stage the stage in which the units entered
   * @param stratum {@code ramped}: the largest share at which they were served control before; else
   *     0
   * @param units units that entered (of a retention metric: those whose time has passed)
   * @param nonZero units with a number other than 0
   * @param numeratorMicros sum over units of the number ×10⁶, of a ratio its numerator
   * @param denominatorMicros sum of a ratio's denominators ×10⁶; of another metric units ×10⁶
   */
  public record Row(
      int attempt,
      String stage,
      double stratum,
      String variant,
      String dimension,
      String segment,
      String metric,
      long units,
      long nonZero,
      long numeratorMicros,
      long denominatorMicros) {

    /** The metric's value. */
    public double value() {
      return (double) numeratorMicros / denominatorMicros;
    }
  }

  public Truth {
    stages = List.copyOf(stages);
    effects = List.copyOf(effects);
    shocks = List.copyOf(shocks);
    rows = List.copyOf(rows);
  }
}
