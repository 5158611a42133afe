package io.tidegate.model;

import org.jspecify.annotations.Nullable;

/**
 * The effect of a treatment against control on a metric at a boundary: one row of {@code
 * stage_estimates}. A null number cannot be said; {@code reason} then tells why.
 *
 * @param epoch index of the stage whose process this is
 * @param alpha level of the bounds
 * @param bound the margin tested, in the metric's direction of harm; null where none
 * @param effectSizeLower lower bound of the difference; null: unbounded or cannot say
 * @param eValueLog natural log of the e-value against this purpose's null
 * @param pValue always-valid p-value of it
 * @param reason why a number is missing; empty where none is
 */
public record Estimate(
    String rolloutId,
    int attempt,
    int epoch,
    String stage,
    long boundaryMs,
    int revision,
    String controlVariant,
    String treatmentVariant,
    String metric,
    String dimension,
    String segment,
    Purpose purpose,
    String basis,
    String normalisation,
    String method,
    double alpha,
    @Nullable Double bound,
    @Nullable Double control,
    @Nullable Double treatment,
    @Nullable Double effectSize,
    @Nullable Double effectSizeLower,
    @Nullable Double effectSizeUpper,
    @Nullable Double relEffectSize,
    @Nullable Double relEffectSizeLower,
    @Nullable Double relEffectSizeUpper,
    @Nullable Double eValueLog,
    @Nullable Double pValue,
    long unitsControl,
    long unitsTreatment,
    String reason) {

  /** Evidence from units of control in the same hours. */
  public static final String CONCURRENT = "concurrent";

  /** Evidence against what history expects; never called an experiment. */
  public static final String BASELINE = "baseline";

  public static final String RAW = "raw";

  /** The same row under another revision. */
  public Estimate withRevision(int other) {
    return new Estimate(
        rolloutId,
        attempt,
        epoch,
        stage,
        boundaryMs,
        other,
        controlVariant,
        treatmentVariant,
        metric,
        dimension,
        segment,
        purpose,
        basis,
        normalisation,
        method,
        alpha,
        bound,
        control,
        treatment,
        effectSize,
        effectSizeLower,
        effectSizeUpper,
        relEffectSize,
        relEffectSizeLower,
        relEffectSizeUpper,
        eValueLog,
        pValue,
        unitsControl,
        unitsTreatment,
        reason);
  }
}
