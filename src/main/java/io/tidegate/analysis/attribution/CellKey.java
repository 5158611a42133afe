package io.tidegate.analysis.attribution;

/**
 * Names one sum of a rollout.
 *
 * @param process {@link #MATCHED}, or the index of the stage whose process it is
 * @param stratum {@code matched}: index of the stage of entry; {@code ramped}: largest share, in
 *     millionths, at which the unit was served control in an earlier epoch
 * @param variant 0 control, 1… treatments, −1 unknown
 * @param dimension index of the dimension, −1 for {@code all}
 * @param channel index of the channel in the {@link Plan}, or one of the negative constants
 */
public record CellKey(
    int attempt, int process, int stratum, int variant, int dimension, int segment, int channel) {

  /** The one process of a {@code matched} ramp. */
  public static final int MATCHED = -1;

  /** Units that entered. */
  public static final int UNITS = -1;

  /** Units seen in a second variant. */
  public static final int MIXED = -2;

  /** Events that arrived after their bucket had been evaluated. */
  public static final int LATE = -3;

  /** Further copies of an event. */
  public static final int DUPLICATE = -4;

  /**
   * Events that took part; under a variant only while their unit has none of {@link #LATE_UNITS}.
   * The segment is the outcome's number in the plan, 0 for an exposure.
   */
  public static final int USED = -5;

  /** Units treated in an earlier epoch, or outside their stratum's shares: reported, not judged. */
  public static final int CONTAMINATED = -6;

  /** Units with an event that came late or beyond the horizon. */
  public static final int LATE_UNITS = -7;

  /** Events that came beyond the horizon and were left out. */
  public static final int BEYOND = -8;

  /** Units that were exposed, where they enter at a trigger. */
  public static final int EXPOSED = -9;

  /**
   * Units that entered a stage without control and whose exposure named the flag's version. The
   * segment is {@link #version} of it.
   */
  public static final int VERSION = -10;

  private static final int VERSIONS = 251;

  /** A number below 251 of a flag's version; one in 251 pairs has the same. */
  static int version(String flagVersion) {
    return Math.floorMod(flagVersion.hashCode(), VERSIONS);
  }
}
