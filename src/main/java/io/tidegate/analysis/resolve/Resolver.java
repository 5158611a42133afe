package io.tidegate.analysis.resolve;

import io.tidegate.model.History;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.Resolved;
import io.tidegate.model.Resolved.MetricBase;
import io.tidegate.model.Resolved.StagePlan;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settles what history decides before a rollout starts: the values of segments, the base rates, and
 * the margin that each stage must show (design.md §4, §6).
 */
public final class Resolver {

  /**
   * Units per variant times (margin·mean/sd)² with which a margin is shown in 82–85 % of runs that
   * do no harm, by the sequence that may be looked at any time.
   */
  public static final double UNITS_TO_SHOW = 27;

  private static final double DAY_MS = Duration.ofDays(1).toMillis();

  private Resolver() {}

  /** The quantities to be frozen by the DEFINED event. */
  public static Resolved resolve(RolloutSpec spec, History history) {
    Map<String, List<String>> segments = new LinkedHashMap<>();
    for (SegmentDimension dimension : spec.segments()) {
      segments.put(
          dimension.name(),
          dimension.top() > 0
              ? history.largest(dimension.name(), dimension.top())
              : dimension.values());
    }
    Map<String, MetricBase> bases = new LinkedHashMap<>();
    for (Metric metric : spec.metrics()) {
      MetricBase base = history.base(spec, metric);
      if (base != null) {
        bases.put(metric.name(), base);
      }
    }
    Traffic traffic = new Traffic(spec, history.unitsPerDay(spec));
    List<StagePlan> stages = new ArrayList<>();
    for (int k = 0; k < spec.stages().size(); k++) {
      stages.add(stagePlan(spec, k, traffic, bases));
    }
    return new Resolved(
        history.snapshotId(), segments, bases, stages, history.seasonal(spec, segments));
  }

  /** How long each stage takes to show the margins it requires, in the order of the spec. */
  public static List<MarginPlan> plan(RolloutSpec spec, Resolved resolved, double unitsPerDay) {
    Traffic traffic = new Traffic(spec, unitsPerDay);
    List<MarginPlan> plans = new ArrayList<>();
    for (int k = 0; k < spec.stages().size(); k++) {
      Stage stage = spec.stages().get(k);
      for (Metric metric : everyone(stage) ? List.<Metric>of() : spec.required(stage)) {
        Margin margin = resolved.stages().get(k).margins().get(metric.name());
        if (margin != null) {
          Double units = unitsToShow(metric, margin, resolved.base(metric.name()));
          Double days = units == null ? null : days(traffic, k, units);
          plans.add(
              new MarginPlan(stage.name(), metric.name(), margin, units, days, late(stage, days)));
        }
      }
    }
    return plans;
  }

  /**
   * Units per variant that show a margin: 27·(sd/mean)²/margin², the looser of its parts; null
   * where history cannot say.
   */
  static @Nullable Double unitsToShow(Metric metric, Margin margin, @Nullable MetricBase base) {
    if (base == null || metric.kind() instanceof MetricKind.Quantile || !(base.variance() > 0)) {
      return null;
    }
    double difference = 0;
    if (margin.relative() != null) {
      difference = margin.relative() * Math.abs(base.mean());
    }
    if (margin.absolute() != null) {
      difference = StrictMath.max(difference, margin.absolute());
    }
    return difference > 0 ? UNITS_TO_SHOW * base.variance() / (difference * difference) : null;
  }

  private static StagePlan stagePlan(
      RolloutSpec spec, int k, Traffic traffic, Map<String, MetricBase> bases) {
    Stage stage = spec.stages().get(k);
    Map<String, Margin> margins = new LinkedHashMap<>();
    if (!spec.hasControl(stage)) {
      return new StagePlan(stage.name(), 0, 0, margins);
    }
    double units = traffic.perVariantByEnd(k);
    int next = k + 1;
    boolean last = next >= spec.stages().size() || everyone(spec.stages().get(next));
    for (Metric metric : spec.metrics()) {
      Margin margin = metric.margin();
      if (metric.role() == Role.GUARDRAIL && margin != null) {
        MetricBase base = bases.get(metric.name());
        margins.put(
            metric.name(),
            last
                ? margin
                : earlier(margin, traffic.treated(next), provable(metric, base, units), base));
      }
    }
    double control = traffic.controlPerDay(k) * Traffic.provingDays(stage);
    return new StagePlan(stage.name(), units, control, margins);
  }

  /**
   * Whether a stage gives the change to everyone (but a holdout): nothing is proven there, so the
   * stage before it shows the whole margin.
   */
  private static boolean everyone(Stage stage) {
    return stage.percent() >= 100;
  }

  /** Relative margin that {@code units} per variant show; 0 where history cannot say. */
  static double provable(Metric metric, @Nullable MetricBase base, double units) {
    boolean known = base != null && base.mean() != 0 && base.variance() > 0 && units > 0;
    if (base == null || !known || metric.kind() instanceof MetricKind.Quantile) {
      return 0;
    }
    double spread = StrictMath.sqrt(base.variance()) / Math.abs(base.mean());
    return StrictMath.min(
        RolloutSpec.LARGEST_STAGE_MARGIN, spread * StrictMath.sqrt(UNITS_TO_SHOW / units));
  }

  /** The margin of a stage before the last one with a control. */
  private static Margin earlier(
      Margin margin, double nextTreats, double provable, @Nullable MetricBase base) {
    Double relative = margin.relative();
    if (relative != null) {
      double largest = StrictMath.max(RolloutSpec.LARGEST_STAGE_MARGIN, relative);
      double wanted = StrictMath.max(relative / nextTreats, provable);
      relative = StrictMath.min(wanted, largest);
    }
    Double absolute = margin.absolute();
    if (absolute != null) {
      absolute = absolute / nextTreats;
      if (relative == null && base != null) {
        absolute = StrictMath.max(absolute, provable * Math.abs(base.mean()));
      }
    }
    return new Margin(relative, absolute);
  }

  /** Days after a stage's entry until its process has so many units; null where none come. */
  private static @Nullable Double days(Traffic traffic, int stage, double units) {
    double missing = units - traffic.perVariantBefore(stage);
    double perDay = traffic.perVariantPerDay(stage);
    if (missing <= 0) {
      return 0.0;
    }
    return perDay > 0 ? missing / perDay : null;
  }

  private static boolean late(Stage stage, @Nullable Double days) {
    Duration limit = stage.maxDuration();
    return limit != null && days != null && days * DAY_MS > limit.toMillis();
  }
}
