package io.tidegate.analysis.gate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.sequence.ContrastSums;
import io.tidegate.stats.sequence.MeanContrast;
import io.tidegate.stats.sequence.MeanEvidence;
import io.tidegate.stats.sequence.MeanSequence;
import io.tidegate.stats.sequence.MeanStratum;
import io.tidegate.stats.sequence.StartUp;
import io.tidegate.stats.sequence.Tuning;
import io.tidegate.stats.sums.UnitSums;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A subject's sums at one boundary and what follows from them, each made once however many tests
 * ask for it. Mutable.
 */
final class SubjectSums {

  private final StageProcess process;
  private final Subject subject;
  private final Map<Double, List<MeanStratum>> strata = new HashMap<>();
  private final Map<Double, ContrastSums> contrasts = new HashMap<>();
  private final Map<Question, Stated<MeanEvidence>> evidence = new HashMap<>();
  private @Nullable UnitSums control;
  private @Nullable UnitSums treatment;
  private @Nullable StartUp startUp;

  /** What a mean sequence is asked. */
  private record Question(double treatmentFactor, double factor, Tuning tuning) {}

  SubjectSums(StageProcess process, Subject subject) {
    this.process = process;
    this.subject = subject;
  }

  boolean isOf(Subject other) {
    return subject.equals(other);
  }

  /**
   * Moments by stratum.
   *
   * @param treatmentFactor for a quantile: the treatment's threshold as a multiple of control's
   */
  List<MeanStratum> strata(double treatmentFactor) {
    return strata.computeIfAbsent(
        treatmentFactor,
        factor ->
            process.means(
                channel(1),
                channel(factor),
                subject.treatment(),
                subject.dimension(),
                subject.segment(),
                subject.metric().kind().isRatio()));
  }

  /** What contrasts need of the strata, whatever their null. */
  private ContrastSums contrast(double treatmentFactor) {
    return contrasts.computeIfAbsent(
        treatmentFactor,
        factor -> {
          ContrastSums sums = new ContrastSums(true);
          strata(factor).forEach(sums::add);
          return sums;
        });
  }

  /** Treatment less control, before any start-up rule. */
  Stated<MeanContrast> difference() {
    return contrast(1).contrast(1, 0);
  }

  private int channel(double factor) {
    return process.plan().channel(subject.metricIndex(), factor);
  }

  /** Control over all strata; not to be changed. */
  UnitSums control() {
    UnitSums known = control;
    if (known == null) {
      known = pooled(0);
      control = known;
    }
    return known;
  }

  /** The treatment over all strata; not to be changed. */
  UnitSums treatment() {
    UnitSums known = treatment;
    if (known == null) {
      known = pooled(subject.treatment());
      treatment = known;
    }
    return known;
  }

  private UnitSums pooled(int variant) {
    return process.pooled(variant, subject.dimension(), subject.segment(), channel(1));
  }

  StartUp startUp() {
    StartUp known = startUp;
    if (known == null) {
      known =
          subject.metric().kind().isRatio()
              ? StartUp.ratio(Long.MAX_VALUE, denominator(control()), denominator(treatment()))
              : StartUp.nonZero(control().unitsNonZero() + treatment().unitsNonZero());
      startUp = known;
    }
    return known;
  }

  private static double denominator(UnitSums sums) {
    return sums.sumD().doubleValue() / UnitSums.SCALE;
  }

  /** The sequence of the contrast with control times a factor. */
  Stated<MeanEvidence> evidence(double treatmentFactor, double factor, Tuning tuning) {
    return evidence.computeIfAbsent(
        new Question(treatmentFactor, factor, tuning),
        asked -> MeanSequence.evaluate(contrast(treatmentFactor), factor, 0, tuning, startUp()));
  }
}
