package io.tidegate.analysis.judge;

import io.tidegate.model.Better;
import io.tidegate.model.Margin;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sequence.ContrastSums;
import io.tidegate.stats.sequence.LabelTest;
import io.tidegate.stats.sequence.MeanContrast;
import io.tidegate.stats.sequence.MeanEvidence;
import io.tidegate.stats.sequence.MeanStratum;
import io.tidegate.stats.sequence.MixtureAverage;
import io.tidegate.stats.sequence.RateSequence;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sequence.StartUp;
import io.tidegate.stats.sequence.Tuning;
import org.jspecify.annotations.Nullable;

/**
 * One treatment against control on one metric, over all periods so far: the mean sequence, and for
 * a 0/1 metric below 2 % the label test (design.md §6). Tuning and choice freeze when the start-up
 * rule is first met.
 */
final class Comparison {

  private static final double RARE = 0.02;
  private static final double POWER = 0.8;
  private static final double DEFAULT_EFFECT = 0.05;
  private static final double EFFECT_IN_DEVIATIONS = 0.1;

  private final ValueKind kind;
  private final JudgeSettings settings;
  private final ContrastSums sums = new ContrastSums(true);
  private final LabelStrata labels = new LabelStrata();
  private double eventsControl;
  private double eventsTreatment;
  private long unitsControl;
  private long unitsTreatment;
  private @Nullable Tuning frozen;
  private @Nullable Boolean byLabels;
  private @Nullable Latched latched;

  /** Harm that was shown. */
  record Latched(String time, Finding finding) {}

  Comparison(ValueKind kind, JudgeSettings settings) {
    this.kind = kind;
    this.settings = settings;
  }

  /** Adds a period in which both variants have units. */
  void add(JudgeRow control, JudgeRow treatment) {
    sums.add(
        new MeanStratum(
            control.units(),
            control.mean(),
            control.variance(),
            treatment.units(),
            treatment.mean(),
            treatment.variance()));
    unitsControl += control.units();
    unitsTreatment += treatment.units();
    eventsControl += control.total();
    eventsTreatment += treatment.total();
    if (kind == ValueKind.BINARY) {
      labels.add(
          control.units(),
          StrictMath.round(control.total()),
          treatment.units(),
          StrictMath.round(treatment.total()));
    }
    freeze();
  }

  long unitsControl() {
    return unitsControl;
  }

  long unitsTreatment() {
    return unitsTreatment;
  }

  /** When harm was first shown, and by how much; null where it never was. */
  @Nullable Latched latched() {
    return latched;
  }

  void latch(Latched first) {
    if (latched == null) {
      latched = first;
    }
  }

  /** The moments so far, whether or not the start-up rule is met. */
  Stated<MeanContrast> moments() {
    return sums.contrast(1, 0);
  }

  /** The mean sequence of the difference at the level of the intervals. */
  Stated<MeanEvidence> difference() {
    return sums.contrast(1, 0)
        .flatMap(startUp()::admit)
        .map(c -> MeanEvidence.of(c, tuning(settings.alpha()), MixtureAverage.THREE));
  }

  /** The label test of equal rates; cannot say where the mean sequence was chosen. */
  Stated<LabelTest> labelTest() {
    return judgedByLabels()
        ? Stated.of(LabelTest.of(labels.strata(), 0, settings.alpha()))
        : Stated.cannotSay(Reason.START_UP, "the label test was not chosen");
  }

  boolean judgedByLabels() {
    return Boolean.TRUE.equals(byLabels);
  }

  /** Whether harm beyond {@code margin} is shown at level {@code alpha}. */
  Stated<Finding> worseThan(Margin margin, double alpha) {
    return finding(margin, settings.better() == Better.UP ? Side.LESS : Side.GREATER, alpha);
  }

  /** Whether harm is shown to be less than {@code margin} at level {@code alpha}. */
  Stated<Finding> notWorseThan(Margin margin, double alpha) {
    Side side = settings.better() == Better.UP ? Side.GREATER : Side.LESS;
    Stated<Finding> finding = finding(margin, side, alpha);
    Double absolute = margin.absolute();
    return finding.said() || absolute == null || !boundedByOwnRate()
        ? finding
        : Stated.of(ownRate(absolute, alpha));
  }

  private boolean boundedByOwnRate() {
    return kind == ValueKind.BINARY
        && settings.better() == Better.DOWN
        && unitsTreatment >= StartUp.MIN_UNITS;
  }

  /** The treatment's own rate against an absolute margin, for an outcome that never happens. */
  private Finding ownRate(double margin, double alpha) {
    long events = StrictMath.round(eventsTreatment);
    double upper = RateSequence.upperBound(events, unitsTreatment, alpha);
    return new Finding(upper < margin, "upper bound of the rate", upper, margin);
  }

  private Stated<Finding> finding(Margin margin, Side side, double alpha) {
    double direction = settings.better() == Better.UP ? -1 : 1;
    double relative = margin.relative() == null ? 0 : margin.relative();
    double absolute = margin.absolute() == null ? 0 : margin.absolute();
    double factor = 1 + direction * relative;
    if (byLabels == null) {
      long fewest = StrictMath.min(unitsControl, unitsTreatment);
      return Stated.cannotSay(
          Reason.START_UP, "units in the smaller variant: " + fewest + " of " + StartUp.MIN_UNITS);
    }
    if (byLabels && absolute == 0) {
      double logE = LabelTest.logE(labels.strata(), StrictMath.log(factor), side);
      return Stated.of(Finding.ofLogE(logE, alpha));
    }
    return sums.contrast(factor, direction * absolute)
        .flatMap(startUp()::admit)
        .flatMap(c -> positiveBaseline(c, relative))
        .map(c -> Finding.ofLogE(meanLogE(c, side, alpha), alpha));
  }

  private double meanLogE(MeanContrast contrast, Side side, double alpha) {
    double z = contrast.estimate() / contrast.standardError();
    double kappa = tuning(alpha).kappa(contrast.information());
    return MixtureAverage.THREE.logE(side, z, kappa);
  }

  private static Stated<MeanContrast> positiveBaseline(MeanContrast contrast, double relative) {
    return contrast.control() < 0 && relative != 0
        ? Stated.cannotSay(
            Reason.NON_POSITIVE_BASELINE,
            "a relative margin has no meaning at the control mean "
                + contrast.control()
                + "; state abs:")
        : Stated.of(contrast);
  }

  private StartUp startUp() {
    return kind == ValueKind.REAL
        ? StartUp.unitsOnly()
        : StartUp.nonZero(StrictMath.round(eventsControl + eventsTreatment));
  }

  private Tuning tuning(double alpha) {
    Tuning base = frozen;
    if (base == null) {
      throw new IllegalStateException("the tuning freezes when the start-up rule is met");
    }
    return Tuning.at(alpha, base.effectiveUnits(), base.variance());
  }

  private void freeze() {
    if (byLabels == null && StrictMath.min(unitsControl, unitsTreatment) >= StartUp.MIN_UNITS) {
      double rate = (eventsControl + eventsTreatment) / ((double) unitsControl + unitsTreatment);
      byLabels = kind == ValueKind.BINARY && rate < RARE;
    }
    if (frozen == null
        && sums.contrast(1, 0).flatMap(startUp()::admit) instanceof Stated.Value<MeanContrast> c
        && sums.pooledVariance() instanceof Stated.Value<Double> variance) {
      frozen = tuned(c.value(), variance.value());
    }
  }

  private Tuning tuned(MeanContrast contrast, double variance) {
    Double relative = settings.margin().relative();
    Double absolute = settings.margin().absolute();
    double effect = absolute == null ? 0 : absolute;
    if (effect == 0) {
      double fraction = relative == null || relative == 0 ? DEFAULT_EFFECT : relative;
      effect = fraction * StrictMath.abs(contrast.control());
    }
    if (effect == 0) {
      effect = EFFECT_IN_DEVIATIONS * StrictMath.sqrt(variance);
    }
    double units = Tuning.effectiveUnitsFor(variance, effect, settings.alpha(), POWER);
    return Tuning.at(settings.alpha(), units, variance);
  }
}
