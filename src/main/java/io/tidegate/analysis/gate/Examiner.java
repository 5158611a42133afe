package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.Plan;
import io.tidegate.analysis.gate.GateState.Frozen;
import io.tidegate.analysis.metric.Money;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.model.Estimate;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.Purpose;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutSpec;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.CannotSay;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.sequence.LabelStratum;
import io.tidegate.stats.sequence.LabelTest;
import io.tidegate.stats.sequence.MeanContrast;
import io.tidegate.stats.sequence.MeanEvidence;
import io.tidegate.stats.sequence.MeanSequence;
import io.tidegate.stats.sequence.MeanStratum;
import io.tidegate.stats.sequence.RateSequence;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sequence.Tuning;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the questions of a boundary to a process: every test of a metric, overall and by segment
 * (statistics.md §2).
 */
final class Examiner {

  /** Baseline rate of a 0/1 metric below which the label test judges it. */
  static final double LABEL_BELOW = 0.02;

  private final GateState state;
  private final StageProcess process;
  private final Attempt attempt;
  private final Plan plan;
  private final RolloutSpec spec;
  private final long boundaryMs;
  private final Map<Level, Tuning> tunings = new HashMap<>();
  private final BitSet unsettled = new BitSet();
  private @Nullable SubjectSums current;

  /** A metric judged at a level. */
  private record Level(int metricIndex, double alpha) {}

  Examiner(GateState state, StageProcess process, long boundaryMs) {
    this.state = state;
    this.process = process;
    this.attempt = process.attempt();
    this.plan = process.plan();
    this.spec = attempt.definition().spec();
    this.boundaryMs = boundaryMs;
  }

  /**
   * Harm beyond a margin; the evidence never falls, for its null stays the same, unless it was in
   * doubt when it was shown.
   */
  Tested harm(Subject subject, Margin margin, double alpha) {
    Tested now = test(subject, Purpose.HARM, margin, alpha, harmSide(subject));
    double needed = StrictMath.log(1 / alpha);
    double most = state.harm(key(subject, margin), now.logE(), needed);
    return new Tested(subject, most >= needed, most, alpha, withEvidence(now.estimate(), most));
  }

  /** Whether harm beyond a margin is ruled out. */
  Tested nonInferiority(Subject subject, Margin margin, double alpha) {
    Tested by = test(subject, Purpose.NON_INFERIORITY, margin, alpha, opposite(harmSide(subject)));
    return by.shown() || margin.absolute() == null || !neverSeen(subject, margin.absolute(), alpha)
        ? by
        : new Tested(subject, true, by.logE(), alpha, by.estimate());
  }

  /** Harm above nothing. */
  Tested deterioration(Subject subject, double alpha) {
    return test(subject, Purpose.DETERIORATION, Margin.ZERO, alpha, harmSide(subject));
  }

  Tested success(Subject subject, double alpha) {
    return test(subject, Purpose.SUCCESS, Margin.ZERO, alpha, opposite(harmSide(subject)));
  }

  /** What the metric was tuned to; null while neither history nor the data have settled it. */
  @Nullable Frozen frozen(int metricIndex) {
    Frozen known = state.frozen.get(metricIndex);
    if (known != null || unsettled.get(metricIndex)) {
      return known;
    }
    Frozen settled = settle(metricIndex);
    if (settled == null) {
      unsettled.set(metricIndex);
    } else {
      state.frozen.put(metricIndex, settled);
    }
    return settled;
  }

  private @Nullable Frozen settle(int metricIndex) {
    Metric metric = spec.metrics().get(metricIndex);
    Resolved.MetricBase base = attempt.definition().resolved().base(metric.name());
    if (base != null && base.variance() > 0) {
      return new Frozen(
          base.mean(),
          base.variance(),
          metric.kind().isBinary() && base.binaryRate() < LABEL_BELOW);
    }
    Subject overall = Subject.overall(1, metricIndex, metric);
    SubjectSums sums = sums(overall);
    List<MeanStratum> strata = sums.strata(1);
    Stated<MeanContrast> contrast = sums.difference().flatMap(sums.startUp()::admit);
    Stated<Double> variance = MeanContrast.pooledVariance(strata);
    if (!contrast.said() || !variance.said()) {
      return null;
    }
    double units = 0;
    double total = 0;
    for (MeanStratum stratum : strata) {
      units += stratum.unitsControl() + (double) stratum.unitsTreatment();
      total +=
          stratum.unitsControl() * stratum.meanControl()
              + stratum.unitsTreatment() * stratum.meanTreatment();
    }
    double mean = total / units;
    return new Frozen(mean, variance.orThrow(), metric.kind().isBinary() && mean < LABEL_BELOW);
  }

  private Tested test(Subject subject, Purpose purpose, Margin margin, double alpha, Side side) {
    if (threshold(subject.metric()) && !Double.isFinite(thresholdOf(subject.metric()))) {
      return cannotSay(
          subject, purpose, margin, alpha, "NO_THRESHOLD: history gives no latency threshold");
    }
    String noRate = noRate(subject);
    if (!noRate.isEmpty()) {
      return cannotSay(subject, purpose, margin, alpha, noRate);
    }
    Frozen frozen = frozen(subject.metricIndex());
    if (frozen == null) {
      return tooEarly(subject, purpose, margin, alpha, startUpReason(subject));
    }
    return frozen.label()
        ? byLabels(subject, purpose, margin, alpha, side)
        : byMeans(subject, purpose, margin, alpha, side, frozen);
  }

  /** Why a sum of money is not known: some unit had a value that no rate converts. */
  private String noRate(Subject subject) {
    MetricKind kind = subject.metric().kind();
    if (!Money.converts(kind)) {
      return "";
    }
    SubjectSums sums = sums(subject);
    return noRate(
        kind, Money.refused(kind, sums.control()) + Money.refused(kind, sums.treatment()));
  }

  /** A reason; empty where no unit was refused. */
  static String noRate(MetricKind kind, long refused) {
    return refused == 0 ? "" : Reason.NO_RATE + ": " + Money.refusal(kind, refused);
  }

  private Tested byMeans(
      Subject subject, Purpose purpose, Margin margin, double alpha, Side side, Frozen frozen) {
    Tuning tuning =
        tunings.computeIfAbsent(
            new Level(subject.metricIndex(), alpha),
            level -> tuning(subject.metric(), frozen, alpha));
    Stated<MeanEvidence> effect = sums(subject).evidence(1, 1, tuning);
    if (effect instanceof CannotSay<MeanEvidence> no) {
      return tooEarly(subject, purpose, margin, alpha, no.reason() + ": " + no.detail());
    }
    double logE = Double.NEGATIVE_INFINITY;
    boolean first = true;
    for (Stated<MeanEvidence> held : held(subject, margin, tuning)) {
      double part = held.said() ? held.orThrow().logE(side) : 0;
      logE = first ? part : looser(purpose, logE, part);
      first = false;
    }
    Estimate row = estimate(subject, purpose, margin, alpha, logE, effect.orThrow());
    return new Tested(subject, logE >= StrictMath.log(1 / alpha), logE, alpha, row);
  }

  /**
   * The contrasts that a margin asks for: a relative one scales control, an absolute one shifts the
   * treatment.
   */
  private List<Stated<MeanEvidence>> held(Subject subject, Margin margin, Tuning tuning) {
    SubjectSums sums = sums(subject);
    List<Stated<MeanEvidence>> parts = new ArrayList<>(2);
    if (margin.relative() != null) {
      double relative = margin.relative();
      if (threshold(subject.metric())) {
        parts.add(sums.evidence(1 + relative, 1, tuning));
      } else {
        double factor = 1 + subject.harmSign() * relative;
        parts.add(sums.evidence(1, factor, tuning));
      }
    }
    if (margin.absolute() != null) {
      double shift = subject.harmSign() * margin.absolute();
      List<MeanStratum> shifted =
          sums.strata(1).stream()
              .map(
                  s ->
                      new MeanStratum(
                          s.unitsControl(),
                          s.meanControl(),
                          s.varianceControl(),
                          s.unitsTreatment(),
                          s.meanTreatment() - shift,
                          s.varianceTreatment()))
              .toList();
      parts.add(MeanSequence.evaluate(shifted, 1, tuning, sums.startUp()));
    }
    return parts;
  }

  /**
   * With both a relative and an absolute margin the looser decides: harm must pass both, no harm
   * either.
   */
  private static double looser(Purpose purpose, double logE, double other) {
    return purpose == Purpose.NON_INFERIORITY
        ? StrictMath.max(logE, other)
        : StrictMath.min(logE, other);
  }

  private Tested byLabels(
      Subject subject, Purpose purpose, Margin margin, double alpha, Side side) {
    int channel = plan.channel(subject.metricIndex(), 1);
    List<LabelStratum> labels =
        process.labels(channel, subject.treatment(), subject.dimension(), subject.segment());
    double factor = 1 + subject.harmSign() * (margin.relative() == null ? 0 : margin.relative());
    LabelTest label = LabelTest.of(labels, factor > 0 ? StrictMath.log(factor) : -50, alpha);
    double logE = label.logE(side);
    Estimate row = labelEstimate(subject, purpose, margin, alpha, logE, label);
    return new Tested(subject, logE >= StrictMath.log(1 / alpha), logE, alpha, row);
  }

  /**
   * Whether a 0/1 metric where less is better is too rare in the treatment to reach an absolute
   * margin (design.md §4).
   */
  private boolean neverSeen(Subject subject, double absolute, double alpha) {
    if (!subject.metric().kind().isBinary() || subject.harmSign() < 0) {
      return false;
    }
    UnitSums treated = sums(subject).treatment();
    return treated.units() > 0
        && RateSequence.upperBound(treated.unitsNonZero(), treated.units(), alpha) < absolute;
  }

  private Tuning tuning(Metric metric, Frozen frozen, double alpha) {
    Margin wanted = metric.tunedEffect();
    double relative =
        wanted.relative() == null ? 0 : wanted.relative() * StrictMath.abs(frozen.mean());
    double absolute = wanted.absolute() == null ? 0 : wanted.absolute();
    double effect = StrictMath.max(relative, absolute);
    if (!(effect > 0)) {
      effect = 0.05 * StrictMath.sqrt(frozen.variance());
    }
    double units =
        Tuning.effectiveUnitsFor(
            frozen.variance(), effect, spec.decision().alpha(), spec.decision().power());
    return Tuning.at(alpha, units, frozen.variance());
  }

  private String startUpReason(Subject subject) {
    Stated<MeanContrast> contrast =
        sums(subject).difference().flatMap(sums(subject).startUp()::admit);
    return contrast instanceof CannotSay<MeanContrast> no
        ? no.reason() + ": " + no.detail()
        : Reason.START_UP + ": the overall metric is not tuned yet";
  }

  /** Tests of one subject follow each other. */
  private SubjectSums sums(Subject subject) {
    SubjectSums known = current;
    if (known == null || !known.isOf(subject)) {
      known = new SubjectSums(process, subject);
      current = known;
    }
    return known;
  }

  private static boolean threshold(Metric metric) {
    return metric.kind() instanceof MetricKind.Quantile;
  }

  private double thresholdOf(Metric metric) {
    Resolved.MetricBase base = attempt.definition().resolved().base(metric.name());
    return base == null
        ? Double.POSITIVE_INFINITY
        : base.thresholds().getOrDefault("all=*", Double.POSITIVE_INFINITY);
  }

  private static Side harmSide(Subject subject) {
    return subject.harmSign() > 0 ? Side.GREATER : Side.LESS;
  }

  private static Side opposite(Side side) {
    return side == Side.GREATER ? Side.LESS : Side.GREATER;
  }

  private String key(Subject subject, Margin margin) {
    return "harm/"
        + process.number()
        + "/"
        + subject.treatment()
        + "/"
        + subject.metric().name()
        + "/"
        + subject.dimensionName()
        + "="
        + subject.segmentName()
        + "/"
        + margin.relative()
        + "/"
        + margin.absolute();
  }

  private Tested cannotSay(
      Subject subject, Purpose purpose, Margin margin, double alpha, String reason) {
    EstimateRow row = row(subject, purpose, margin, alpha);
    row.reason = reason;
    return new Tested(subject, false, 0, alpha, row.build());
  }

  /** What was seen, without bounds or evidence. */
  private Tested tooEarly(
      Subject subject, Purpose purpose, Margin margin, double alpha, String reason) {
    EstimateRow row = row(subject, purpose, margin, alpha);
    row.seen(sums(subject).difference());
    row.reason = reason;
    return new Tested(subject, false, 0, alpha, row.build());
  }

  private Estimate estimate(
      Subject subject,
      Purpose purpose,
      Margin margin,
      double alpha,
      double logE,
      MeanEvidence effect) {
    EstimateRow row = row(subject, purpose, margin, alpha);
    row.method = "mean_sequence";
    row.control = effect.contrast().control();
    row.treatment = effect.contrast().treatment();
    row.effect = effect.estimate();
    row.effectInterval = effect.interval();
    row.relative(effect.relativeEstimate(), effect.relativeInterval());
    row.evidence(logE);
    return row.build();
  }

  private Estimate labelEstimate(
      Subject subject, Purpose purpose, Margin margin, double alpha, double logE, LabelTest label) {
    EstimateRow row = row(subject, purpose, margin, alpha);
    row.method = "label_test";
    row.seen(sums(subject).difference());
    if (row.control != null && row.control > 0) {
      double control = row.control;
      Interval ratio = label.ratio();
      row.relativeEffect = row.treatment == null ? null : row.treatment / control - 1;
      row.relativeInterval = new Interval(ratio.lower() - 1, ratio.upper() - 1);
      row.effectInterval =
          new Interval((ratio.lower() - 1) * control, (ratio.upper() - 1) * control);
    } else {
      row.reason = Reason.ZERO_DENOMINATOR + ": control has none";
    }
    row.evidence(logE);
    return row.build();
  }

  private static Estimate withEvidence(Estimate estimate, double logE) {
    return estimate.eValueLog() == null
        ? estimate
        : EstimateRow.of(estimate).evidence(logE).build();
  }

  private EstimateRow row(Subject subject, Purpose purpose, Margin margin, double alpha) {
    EstimateRow row = new EstimateRow();
    row.rolloutId = spec.id();
    row.attempt = attempt.number();
    row.epoch = process.epoch().index();
    row.stage = process.epoch().stage().name();
    row.boundaryMs = boundaryMs;
    row.controlVariant = spec.flag().control();
    row.treatmentVariant = spec.flag().treatments().get(subject.treatment() - 1);
    row.metric = subject.metric().name();
    row.dimension = subject.dimensionName();
    row.segment = subject.segmentName();
    row.purpose = purpose;
    row.alpha = alpha;
    row.bound = margin.relative() != null ? margin.relative() : margin.absolute();
    row.unitsControl = sums(subject).control().units();
    row.unitsTreatment = sums(subject).treatment().units();
    return row;
  }
}
