package io.tidegate.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The quantities of a rollout that history settles; frozen by the DEFINED event.
 *
 * @param baselinesSnapshotId snapshot of table {@code baselines} the gate reads; 0 without history
 * @param segmentValues dimension → values told apart
 * @param metrics metric → what history says of it; a metric that history does not know is absent
 * @param stages one plan a stage, in order
 * @param seasonal what history expects of every hour of the week
 */
public record Resolved(
    long baselinesSnapshotId,
    Map<String, List<String>> segmentValues,
    Map<String, MetricBase> metrics,
    List<StagePlan> stages,
    Seasonal seasonal) {

  /** Nothing known: no history. */
  public static final Resolved NONE = new Resolved(0, Map.of(), Map.of(), List.of());

  /**
   * A metric's unit-level figures over the planned window.
   *
   * @param mean mean (for a ratio: the ratio) over units
   * @param variance unit-level variance of the (linearised, capped) number: σ*²
   * @param binaryRate share of units with a non-zero number
   * @param thresholds for a quantile metric: {@code dimension=value} (overall {@code all=*}) →
   *     threshold
   */
  public record MetricBase(
      double mean, double variance, double binaryRate, Map<String, Double> thresholds) {
    public MetricBase {
      thresholds = Collections.unmodifiableMap(new TreeMap<>(thresholds));
    }
  }

  /**
   * What is planned for a stage.
   *
   * @param unitsPerVariant units per variant that its proof can use, expected by its end; unequal
   *     variants count as the equal ones that tell as much (harmonic mean); 0 without history
   * @param controlUnits units of control that are new in the stage itself, expected within its
   *     proving time; 0 without history
   * @param margins metric → the margin to be shown in this stage; empty without a control
   */
  public record StagePlan(
      String stage, double unitsPerVariant, double controlUnits, Map<String, Margin> margins) {
    public StagePlan {
      margins = Collections.unmodifiableMap(new TreeMap<>(margins));
    }

    /** A first stage with equal variants. */
    public StagePlan(String stage, double unitsPerVariant, Map<String, Margin> margins) {
      this(stage, unitsPerVariant, unitsPerVariant, margins);
    }
  }

  /** Without anything said of single hours. */
  public Resolved(
      long baselinesSnapshotId,
      Map<String, List<String>> segmentValues,
      Map<String, MetricBase> metrics,
      List<StagePlan> stages) {
    this(baselinesSnapshotId, segmentValues, metrics, stages, Seasonal.NONE);
  }

  public Resolved {
    segmentValues = Collections.unmodifiableMap(new TreeMap<>(segmentValues));
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    stages = List.copyOf(stages);
  }

  /** What history says of a metric, or null where it says nothing. */
  public @Nullable MetricBase base(String metric) {
    return metrics.get(metric);
  }
}
