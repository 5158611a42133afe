package io.tidegate.analysis.resolve;

import io.tidegate.model.Assignment;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import java.time.Duration;

/**
 * The units that a rollout's stages bring into its tests. {@code matched}: one process over all
 * stages, each unit entering once; {@code ramped}: one process a stage over the units not treated
 * before. Rates are units a day.
 */
final class Traffic {

  private static final double DAY_MS = Duration.ofDays(1).toMillis();

  private final RolloutSpec spec;
  private final double unitsPerDay;

  Traffic(RolloutSpec spec, double unitsPerDay) {
    this.spec = spec;
    this.unitsPerDay = unitsPerDay;
  }

  /** Share of all traffic that a stage gives the treatments together. */
  double treated(int stage) {
    double percent = spec.stages().get(stage).percent();
    double holdout = spec.holdout() == null ? 0 : spec.holdout().percent();
    return StrictMath.min(percent, 100 - holdout) / 100;
  }

  /** Units of control a day that are new in a stage; 0 in a stage without control. */
  double controlPerDay(int stage) {
    return unitsPerDay * controlShare(stage);
  }

  /**
   * Units per variant a day that a stage's process gains: the harmonic mean of control and the
   * smallest treatment, 2ab/(a + b).
   */
  double perVariantPerDay(int stage) {
    double control = controlShare(stage);
    double treatment = smallestTreatmentShare(stage);
    return control + treatment == 0
        ? 0
        : unitsPerDay * 2 * control * treatment / (control + treatment);
  }

  /** Units per variant that a stage's process has when the stage is entered. */
  double perVariantBefore(int stage) {
    if (spec.assignment() == Assignment.RAMPED || ownProcess(stage)) {
      return 0;
    }
    double units = 0;
    for (int k = 0; k < stage; k++) {
      units += perVariantPerDay(k) * provingDays(spec.stages().get(k));
    }
    return units;
  }

  /** Units per variant that a stage's process has after its proving time. */
  double perVariantByEnd(int stage) {
    return perVariantBefore(stage)
        + perVariantPerDay(stage) * provingDays(spec.stages().get(stage));
  }

  static double provingDays(Stage stage) {
    return stage.provingTime().toMillis() / DAY_MS;
  }

  /** A matched rollout's last step against a holdout is a process of its own. */
  private boolean ownProcess(int stage) {
    return spec.stages().get(stage).percent() >= 100;
  }

  private double controlShare(int stage) {
    if (!spec.hasControl(spec.stages().get(stage))) {
      return 0;
    }
    if (spec.assignment() == Assignment.RAMPED || ownProcess(stage)) {
      return 1 - treated(stage);
    }
    return treated(stage) * (1 / spec.flag().treatmentShare() - 1);
  }

  private double smallestTreatmentShare(int stage) {
    double before = 0;
    if (spec.assignment() == Assignment.RAMPED && stage > 0) {
      before = treated(stage - 1);
    }
    double treatments = 0;
    double smallest = Double.POSITIVE_INFINITY;
    for (String treatment : spec.flag().treatments()) {
      double weight = spec.flag().split().getOrDefault(treatment, 1.0);
      treatments += weight;
      smallest = StrictMath.min(smallest, weight);
    }
    return (treated(stage) - before) * smallest / treatments;
  }
}
