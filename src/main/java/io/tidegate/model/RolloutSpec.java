package io.tidegate.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a team declares before it rolls a change out; everything that bears on a decision is frozen
 * at the first stage.
 *
 * @param lookEvery the grid of boundaries
 * @param evidenceEvery how often the full set of estimates goes out
 * @param trigger outcome, sent in every variant, at which an exposed unit enters; null: at its
 *     exposure
 */
public record RolloutSpec(
    String id,
    String owner,
    String contact,
    Duration respondWithin,
    Hypothesis hypothesis,
    Flag flag,
    Assignment assignment,
    Duration lookEvery,
    Duration evidenceEvery,
    List<Stage> stages,
    @Nullable Holdout holdout,
    List<SegmentDimension> segments,
    List<Metric> metrics,
    Decision decision,
    Quality quality,
    List<SignOff> signOffs,
    @Nullable Cost cost,
    long minSegmentUnits,
    @Nullable OutcomeFilter trigger) {

  /** What the team believes and how it would show; empty strings where unstated. */
  public record Hypothesis(
      String statement,
      String metric,
      String segment,
      @Nullable Margin expect,
      @Nullable Duration within) {}

  /**
   * The flag that serves the variants.
   *
   * @param split variant → weight; every variant named in control and treatments
   * @param salt changes with a new random assignment
   * @param notEnrolled variant or reason served to units outside the rollout; empty where none
   */
  public record Flag(
      String key,
      String control,
      List<String> treatments,
      Map<String, Double> split,
      String salt,
      String notEnrolled) {
    public Flag {
      treatments = List.copyOf(treatments);
      split = Collections.unmodifiableMap(new LinkedHashMap<>(split));
    }

    /** Index of a variant: 0 control, 1… treatments, −1 anything else. */
    public int variantIndex(String variant) {
      return variant.equals(control)
          ? 0
          : treatments.indexOf(variant) + (treatments.contains(variant) ? 1 : 0);
    }

    /** Control, then the treatments. */
    public List<String> variants() {
      return java.util.stream.Stream.concat(
              java.util.stream.Stream.of(control), treatments.stream())
          .toList();
    }

    /** The treatments' share of the split's weights. */
    public double treatmentShare() {
      double all = split.values().stream().mapToDouble(Double::doubleValue).sum();
      return treatments.stream().mapToDouble(t -> split.getOrDefault(t, 0.0)).sum() / all;
    }
  }

  /** Units kept from the change after the last stage: percent of all, until an instant. */
  public record Holdout(double percent, @Nullable Instant until) {}

  /**
   * Error budgets.
   *
   * @param alphaRollback probability of any false ROLLBACK
   * @param alpha level of non-inferiority and success
   * @param power wanted power, used for planning
   * @param shockPatience how long an external shock holds before a person must look
   */
  public record Decision(
      double alphaRollback, double alpha, double power, Duration shockPatience) {}

  /** Outcomes that a change cannot move: their join rate checks the data. */
  public record Quality(List<String> invariants) {
    public Quality {
      invariants = List.copyOf(invariants);
    }
  }

  /** A sign-off that must be given before a stage at or beyond this percentage. */
  public record SignOff(String name, double beforePercent) {}

  /** What running the rollout costs a day. */
  public record Cost(String currency, Map<String, Double> perDay) {
    public Cost {
      perDay = Collections.unmodifiableMap(new LinkedHashMap<>(perDay));
    }

    /** Of everything together. */
    public double totalPerDay() {
      return perDay.values().stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  /** A stage asks for no less than this fraction of control, unless the margin itself is larger. */
  public static final double LARGEST_STAGE_MARGIN = 0.5;

  public RolloutSpec {
    stages = List.copyOf(stages);
    segments = List.copyOf(segments);
    metrics = List.copyOf(metrics);
    signOffs = List.copyOf(signOffs);
  }

  public Metric metric(String name) {
    return metrics.stream()
        .filter(m -> m.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("rollout " + id + " has no metric " + name));
  }

  /** Index of a stage by name, −1 where there is none. */
  public int stageIndex(String name) {
    for (int i = 0; i < stages.size(); i++) {
      if (stages.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Names of all outcomes that the trigger, a metric or an invariant reads. */
  public Set<String> outcomeNames() {
    Set<String> names = new TreeSet<>(quality.invariants());
    metrics.forEach(m -> names.addAll(m.kind().outcomeNames()));
    if (trigger != null) {
      names.add(trigger.outcome());
    }
    return names;
  }

  /** Guardrails that must be proven to leave a stage. */
  public List<Metric> required(Stage stage) {
    return metrics.stream()
        .filter(
            m ->
                stage.require() == null
                    ? m.role() == Role.GUARDRAIL
                    : stage.require().contains(m.name()))
        .toList();
  }

  /**
   * What a metric must show to leave a stage where history adds nothing: its margin over the share
   * that the next stage treats, and at the last stage with a control the margin (design.md §4).
   * Null without a margin.
   */
  public @Nullable Margin stageMargin(Stage stage, Metric metric) {
    Margin margin = metric.margin();
    int next = stageIndex(stage.name()) + 1;
    if (margin == null || next >= stages.size() || !hasControl(stages.get(next))) {
      return margin;
    }
    double share = stages.get(next).percent() / 100;
    Double relative = margin.relative();
    Double absolute = margin.absolute();
    return new Margin(
        relative == null
            ? null
            : Double.valueOf(
                StrictMath.min(relative / share, StrictMath.max(LARGEST_STAGE_MARGIN, relative))),
        absolute == null ? null : Double.valueOf(absolute / share));
  }

  /** Whether a stage has a concurrent control. */
  public boolean hasControl(Stage stage) {
    return stage.percent() < 100 || (holdout != null && holdout.percent() > 0);
  }
}
