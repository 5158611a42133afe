package io.tidegate.analysis.gate;

import io.tidegate.model.Estimate;
import io.tidegate.model.Purpose;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.CannotSay;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.sequence.MeanContrast;
import org.jspecify.annotations.Nullable;

/** An {@link Estimate} being filled in. Mutable. */
final class EstimateRow {
  String rolloutId = "";
  int attempt;
  int epoch;
  String stage = "";
  long boundaryMs;
  String controlVariant = "";
  String treatmentVariant = "";
  String metric = "";
  String dimension = "";
  String segment = "";
  Purpose purpose = Purpose.HARM;
  String basis = Estimate.CONCURRENT;
  String normalisation = Estimate.RAW;
  String method = "";
  double alpha;
  @Nullable Double bound;
  @Nullable Double control;
  @Nullable Double treatment;
  @Nullable Double effect;
  Interval effectInterval = Interval.unlimited();
  @Nullable Double relativeEffect;
  Interval relativeInterval = Interval.unlimited();
  @Nullable Double logE;
  long unitsControl;
  long unitsTreatment;
  String reason = "";

  static EstimateRow of(Estimate e) {
    EstimateRow row = new EstimateRow();
    row.rolloutId = e.rolloutId();
    row.attempt = e.attempt();
    row.epoch = e.epoch();
    row.stage = e.stage();
    row.boundaryMs = e.boundaryMs();
    row.controlVariant = e.controlVariant();
    row.treatmentVariant = e.treatmentVariant();
    row.metric = e.metric();
    row.dimension = e.dimension();
    row.segment = e.segment();
    row.purpose = e.purpose();
    row.basis = e.basis();
    row.normalisation = e.normalisation();
    row.method = e.method();
    row.alpha = e.alpha();
    row.bound = e.bound();
    row.control = e.control();
    row.treatment = e.treatment();
    row.effect = e.effectSize();
    row.effectInterval = interval(e.effectSizeLower(), e.effectSizeUpper());
    row.relativeEffect = e.relEffectSize();
    row.relativeInterval = interval(e.relEffectSizeLower(), e.relEffectSizeUpper());
    row.logE = e.eValueLog();
    row.unitsControl = e.unitsControl();
    row.unitsTreatment = e.unitsTreatment();
    row.reason = e.reason();
    return row;
  }

  private static Interval interval(@Nullable Double lower, @Nullable Double upper) {
    return new Interval(
        lower == null ? Double.NEGATIVE_INFINITY : lower,
        upper == null ? Double.POSITIVE_INFINITY : upper);
  }

  EstimateRow evidence(double newLogE) {
    logE = newLogE;
    return this;
  }

  /** The variants' means and their difference, where there are any. */
  void seen(Stated<MeanContrast> contrast) {
    if (contrast.said()) {
      control = contrast.orThrow().control();
      treatment = contrast.orThrow().treatment();
      effect = contrast.orThrow().estimate();
    }
  }

  void relative(Stated<Double> estimate, Stated<Interval> interval) {
    if (estimate.said()) {
      relativeEffect = estimate.orThrow();
    } else {
      CannotSay<Double> no = (CannotSay<Double>) estimate;
      reason = no.reason() + ": " + no.detail();
    }
    if (interval.said()) {
      relativeInterval = interval.orThrow();
    }
  }

  Estimate build() {
    return new Estimate(
        rolloutId,
        attempt,
        epoch,
        stage,
        boundaryMs,
        0,
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
        effect,
        finite(effectInterval.lower()),
        finite(effectInterval.upper()),
        relativeEffect,
        finite(relativeInterval.lower()),
        finite(relativeInterval.upper()),
        logE,
        logE == null ? null : Double.valueOf(logE <= 0 ? 1 : StrictMath.exp(-logE)),
        unitsControl,
        unitsTreatment,
        reason);
  }

  private static @Nullable Double finite(double bound) {
    return Double.isInfinite(bound) ? null : Double.valueOf(bound);
  }
}
