package io.tidegate.analysis.attribution;

import io.tidegate.analysis.metric.UnitFold;
import io.tidegate.analysis.metric.UnitFolds;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an event meets of a plan: equal where rollouts count the same metrics in the same segments,
 * whoever defined them.
 */
final class Layout {

  private static final int[] NONE = {};

  final List<Plan.Channel> channels;

  /** Names of the outcomes that are read. */
  final List<String> outcomes;

  /** By outcome; as outcomes and channels say. */
  final Map<String, Plan.Reading> readings;

  final List<SegmentDimension> dimensions;

  /** Longs of fold state a unit needs. */
  final int slots;

  /** See {@link Plan#segmentStarts}. */
  final int[] segmentStarts;

  private Layout(
      List<Plan.Channel> channels,
      Collection<String> outcomes,
      Map<String, Plan.Reading> readings,
      List<SegmentDimension> dimensions,
      int slots) {
    this.channels = List.copyOf(channels);
    this.outcomes = List.copyOf(outcomes);
    this.readings = Map.copyOf(readings);
    this.dimensions = List.copyOf(dimensions);
    this.slots = slots;
    segmentStarts = Arrays.copyOf(Plan.NO_SEGMENTS, dimensions.size() + 1);
    for (int i = 0; i < dimensions.size(); i++) {
      segmentStarts[i + 1] = segmentStarts[i] + segmentCount(dimensions.get(i));
    }
  }

  static Layout of(Definition definition) {
    RolloutSpec spec = definition.spec();
    List<Plan.Channel> channels = new ArrayList<>();
    Map<String, Plan.Reading> readings = new HashMap<>();
    for (String outcome : spec.outcomeNames()) {
      readings.put(outcome, new Plan.Reading(readings.size() + 1, NONE, true));
    }
    int next = 0;
    for (int m = 0; m < spec.metrics().size(); m++) {
      for (double factor : factors(definition, m)) {
        UnitFold fold =
            UnitFolds.of(spec.metrics().get(m).kind(), factor * threshold(definition, m));
        read(readings, spec.metrics().get(m).kind().outcomeNames(), channels.size(), fold);
        channels.add(new Plan.Channel(m, factor, fold, next));
        next += fold.slots();
      }
    }
    List<String> invariants = spec.quality().invariants();
    for (int i = 0; i < invariants.size(); i++) {
      UnitFold fold =
          UnitFolds.of(new MetricKind.Proportion(OutcomeFilter.of(invariants.get(i)), null), 0);
      read(readings, Set.of(invariants.get(i)), channels.size(), fold);
      channels.add(new Plan.Channel(spec.metrics().size() + i, 1, fold, next));
      next += fold.slots();
    }
    List<SegmentDimension> dimensions = new ArrayList<>();
    for (SegmentDimension dimension : spec.segments()) {
      List<String> values =
          definition.resolved().segmentValues().getOrDefault(dimension.name(), dimension.values());
      dimensions.add(new SegmentDimension(dimension.name(), values, dimension.top()));
    }
    return new Layout(channels, spec.outcomeNames(), readings, dimensions, next);
  }

  /** A channel reads outcomes. */
  private static void read(
      Map<String, Plan.Reading> readings, Set<String> outcomes, int channel, UnitFold fold) {
    for (String outcome : outcomes) {
      readings.computeIfPresent(outcome, (o, known) -> known.with(channel, fold.takesAnyOrder()));
    }
  }

  /** A dimension's values, {@code (other)}, {@code (unknown)}. */
  static int segmentCount(SegmentDimension dimension) {
    return dimension.values().size() + 2;
  }

  private static double threshold(Definition definition, int metric) {
    Metric named = definition.spec().metrics().get(metric);
    Resolved.MetricBase base = definition.resolved().base(named.name());
    Double overall =
        base == null
            ? null
            : base.thresholds().get(SegmentDimension.ALL + "=" + SegmentDimension.EVERY_UNIT);
    return overall == null ? Double.POSITIVE_INFINITY : overall;
  }

  /**
   * 1, and for a quantile 1 + every relative margin it is held against (statistics.md §2.7).
   * Without a threshold it is never tested: no stage adds a channel, those that are there keep
   * their numbers, which states carry.
   */
  private static List<Double> factors(Definition definition, int index) {
    Metric metric = definition.spec().metrics().get(index);
    Set<Double> factors = new TreeSet<>();
    factors.add(1.0);
    if (metric.kind() instanceof MetricKind.Quantile) {
      addFactor(factors, metric.margin());
      addFactor(factors, metric.rollbackMargin());
      if (Double.isFinite(threshold(definition, index))) {
        for (Stage stage : definition.spec().stages()) {
          addFactor(factors, definition.stageMargin(stage, metric));
        }
      }
    }
    return List.copyOf(factors);
  }

  private static void addFactor(Set<Double> factors, @Nullable Margin margin) {
    if (margin != null && margin.relative() != null) {
      factors.add(1 + margin.relative());
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Layout o
        && channels.equals(o.channels)
        && outcomes.equals(o.outcomes)
        && dimensions.equals(o.dimensions);
  }

  @Override
  public int hashCode() {
    return 31 * channels.hashCode() + outcomes.hashCode();
  }
}
