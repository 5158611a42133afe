package io.tidegate.stats.sequence;

import io.tidegate.stats.Stated;
import java.util.List;

/**
 * The anytime-valid comparison of two means: asymptotic confidence sequence with the variance clock
 * and variance floor, stratified, as the average of three tunings (statistics.md §2.1–2.3, §2.6;
 * design.md §6; Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024).
 */
public final class MeanSequence {

  private MeanSequence() {}

  /**
   * The gate's sequence: variance floor, start-up rule, average of three.
   *
   * @param factor 1 for a difference, 1 + m to test a relative margin m without dividing by an
   *     estimate
   * @return cannot say before the start-up rule is met and where there is no variance
   */
  public static Stated<MeanEvidence> evaluate(
      List<MeanStratum> strata, double factor, Tuning tuning, StartUp startUp) {
    return evaluate(strata, factor, 0, tuning, startUp);
  }

  /**
   * The same against treatment mean = factor × control mean + offset.
   *
   * @param offset absolute margin, in the metric's unit
   */
  public static Stated<MeanEvidence> evaluate(
      List<MeanStratum> strata, double factor, double offset, Tuning tuning, StartUp startUp) {
    ContrastSums sums = new ContrastSums(true);
    strata.forEach(sums::add);
    return evaluate(sums, factor, offset, tuning, startUp);
  }

  /** The same from strata already added up. */
  public static Stated<MeanEvidence> evaluate(
      ContrastSums sums, double factor, double offset, Tuning tuning, StartUp startUp) {
    return sums.contrast(factor, offset)
        .flatMap(startUp::admit)
        .flatMap(
            contrast ->
                Stated.ofFinite(
                    contrast,
                    tuning.kappa(contrast.information()),
                    contrast.estimate() / contrast.standardError()))
        .map(contrast -> MeanEvidence.of(contrast, tuning, MixtureAverage.THREE));
  }
}
