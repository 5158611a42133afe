package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/**
 * The level of a metric in a stage beside another level of it, with season and traffic mix taken
 * out: one row of {@code stage_comparisons}. A null number cannot be said; {@code reason} then
 * tells why.
 *
 * @param epoch index of the stage in which the units entered
 * @param basis what the level is held against: {@link #FIRST_STAGE}, {@link #BASELINE} or {@link
 *     #CONTROL}; only the last is an experiment
 * @param basisStage stage of the other level; empty for a baseline
 * @param basisVariant variant of it; empty for a baseline
 * @param segment {@code *} in a dimension other than {@code all}: every segment of it, at one mix
 * @param normalisation {@link #RAW}, {@link #SEASON}, {@link #MIX} or {@link #SEASON_MIX}
 * @param followHours age to which units were followed
 * @param alpha two-sided level of the bounds, which hold at one look
 * @param control the other level, normalised
 * @param treatment the level, normalised
 * @param relEffectSize treatment ÷ control − 1
 * @param mixPart of the change without standardisation the factor, less 1, that only the mix made
 * @param reversal whether the mix turned the change's sign: Simpson's paradox
 * @param reference JSON of the mix that is standardised to; empty where none is
 * @param baselinesSnapshotId snapshot of {@code baselines}; 0 where none was used
 */
public record StageComparison(
    String rolloutId,
    int attempt,
    int epoch,
    String stage,
    String variant,
    String basis,
    String basisStage,
    String basisVariant,
    String metric,
    String dimension,
    String segment,
    String normalisation,
    double followHours,
    double alpha,
    @Nullable Double control,
    @Nullable Double treatment,
    @Nullable Double relEffectSize,
    @Nullable Double relEffectSizeLower,
    @Nullable Double relEffectSizeUpper,
    @Nullable Double mixPart,
    @Nullable Double mixPartLower,
    @Nullable Double mixPartUpper,
    boolean reversal,
    String reference,
    long baselinesSnapshotId,
    long unitsControl,
    long unitsTreatment,
    String reason) {

  /** The same row without its numbers. */
  public StageComparison unsaid(String why) {
    return new StageComparison(
        rolloutId,
        attempt,
        epoch,
        stage,
        variant,
        basis,
        basisStage,
        basisVariant,
        metric,
        dimension,
        segment,
        normalisation,
        followHours,
        alpha,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        reference,
        baselinesSnapshotId,
        unitsControl,
        unitsTreatment,
        why);
  }

  /** The same variant in the first stage that has units followed long enough: before and after. */
  public static final String FIRST_STAGE = "first_stage";

  /** What history expects of the hours in which the units came. */
  public static final String BASELINE = "baseline";

  /** Control in the same stage. */
  public static final String CONTROL = "control";

  /** As it stands. */
  public static final String RAW = "raw";

  /** Divided by what the baseline expects of the hours in which the units came. */
  public static final String SEASON = "season";

  /** Standardised to one mix of segments. */
  public static final String MIX = "mix";

  /** Both. */
  public static final String SEASON_MIX = "season_mix";
}
