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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A definition laid out for counting: channels (a metric has one; a quantile one for each latency
 * threshold that is compared) with their places in a unit's state, and dimensions with numbered
 * segments.
 */
public final class Plan {

  /**
   * One sum that units add to.
   *
   * @param metric index of the metric in the spec; the invariants follow the metrics
   * @param factor for a quantile: threshold as a multiple of the baseline's quantile; 1 elsewhere
   * @param slot first long of its state
   */
  public record Channel(int metric, double factor, UnitFold fold, int slot) {}

  /** {@link #segmentStarts} where there is no dimension. Not to be changed. */
  static final int[] NO_SEGMENTS = {1};

  private static final int[] NONE = {};

  /**
   * What is read of an outcome.
   *
   * @param number its place among {@link #outcomes}, from 1
   * @param channels those that it can change, in ascending order; not to be changed
   * @param inAnyOrder whether none of them asks for the order of outcomes
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Reading(int number, int[] channels, boolean inAnyOrder) {

    Reading with(int channel, boolean anyOrder) {
      int[] more = Arrays.copyOf(channels, channels.length + 1);
      more[channels.length] = channel;
      return new Reading(number, more, inAnyOrder && anyOrder);
    }
  }

  private final Definition definition;
  private final List<Channel> channels = new ArrayList<>();
  private final List<SegmentDimension> dimensions = new ArrayList<>();
  private final Map<String, Reading> readings = new HashMap<>();
  private final List<String> outcomes;
  private final int[] segmentStarts;
  private final int slots;
  private final int cycleDays;

  private Plan(Definition definition) {
    this.definition = definition;
    RolloutSpec spec = definition.spec();
    outcomes = List.copyOf(spec.outcomeNames());
    for (String outcome : outcomes) {
      readings.put(outcome, new Reading(readings.size() + 1, NONE, true));
    }
    int next = 0;
    for (int m = 0; m < spec.metrics().size(); m++) {
      for (double factor : factors(definition, m)) {
        UnitFold fold =
            UnitFolds.of(spec.metrics().get(m).kind(), factor * threshold(definition, m));
        add(new Channel(m, factor, fold, next), spec.metrics().get(m).kind().outcomeNames());
        next += fold.slots();
      }
    }
    List<String> invariants = spec.quality().invariants();
    for (int i = 0; i < invariants.size(); i++) {
      UnitFold fold =
          UnitFolds.of(new MetricKind.Proportion(OutcomeFilter.of(invariants.get(i)), null), 0);
      add(new Channel(spec.metrics().size() + i, 1, fold, next), Set.of(invariants.get(i)));
      next += fold.slots();
    }
    slots = next;
    cycleDays = NoControl.cycleDays(spec);
    for (SegmentDimension dimension : spec.segments()) {
      List<String> values =
          definition.resolved().segmentValues().getOrDefault(dimension.name(), dimension.values());
      dimensions.add(new SegmentDimension(dimension.name(), values, dimension.top()));
    }
    segmentStarts = Arrays.copyOf(NO_SEGMENTS, dimensions.size() + 1);
    for (int i = 0; i < dimensions.size(); i++) {
      segmentStarts[i + 1] = segmentStarts[i] + segmentCount(i);
    }
  }

  private void add(Channel channel, Set<String> outcomes) {
    for (String outcome : outcomes) {
      readings.computeIfPresent(
          outcome, (o, known) -> known.with(channels.size(), channel.fold().takesAnyOrder()));
    }
    channels.add(channel);
  }

  public static Plan of(Definition definition) {
    return new Plan(definition);
  }

  public Definition definition() {
    return definition;
  }

  public List<Channel> channels() {
    return channels;
  }

  /** What is read of an outcome, null where nothing is. */
  @Nullable Reading reading(String outcome) {
    return readings.get(outcome);
  }

  /** The channel of a metric at a threshold factor. */
  public int channel(int metric, double factor) {
    for (int c = 0; c < channels.size(); c++) {
      if (channels.get(c).metric() == metric && channels.get(c).factor() == factor) {
        return c;
      }
    }
    throw new IllegalArgumentException("metric " + metric + " has no channel for factor " + factor);
  }

  /** The channel that tells which units had an outcome declared invariant. */
  public int invariantChannel(int invariant) {
    return channel(definition.spec().metrics().size() + invariant, 1);
  }

  /** Longs of fold state a unit needs. */
  public int slots() {
    return slots;
  }

  /** Of a stage without control ({@link NoControl}). */
  int cycleDays() {
    return cycleDays;
  }

  /** Names of the outcomes that are read; one's number is its place, from 1. */
  public List<String> outcomes() {
    return outcomes;
  }

  public List<SegmentDimension> dimensions() {
    return dimensions;
  }

  /** Number of segments of a dimension: its values, {@code (other)}, {@code (unknown)}. */
  public int segmentCount(int dimension) {
    return dimensions.get(dimension).values().size() + 2;
  }

  /**
   * Where each dimension's segments begin when all stand in one row, behind one place for all
   * units; at the end, how many places there are. Not to be changed.
   */
  public int[] segmentStarts() {
    return segmentStarts;
  }

  /** Name of a numbered segment. */
  public String segmentName(int dimension, int segment) {
    List<String> values = dimensions.get(dimension).values();
    if (segment < values.size()) {
      return values.get(segment);
    }
    return segment == values.size() ? SegmentDimension.OTHER : SegmentDimension.UNKNOWN;
  }

  /** The segment of each dimension, from an exposure's attributes. */
  public int[] segmentsOf(UnaryOperator<String> attribute) {
    int[] found = new int[dimensions.size()];
    for (int i = 0; i < found.length; i++) {
      SegmentDimension dimension = dimensions.get(i);
      String value = attribute.apply(dimension.name());
      int listed = dimension.values().indexOf(value);
      if (listed >= 0) {
        found[i] = listed;
      } else {
        found[i] = dimension.values().size() + (value.isEmpty() ? 1 : 0);
      }
    }
    return found;
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
}
