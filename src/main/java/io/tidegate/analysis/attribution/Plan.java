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
import java.nio.IntBuffer;
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

  /** About 1 MB. */
  private static final int MOST_SEGMENTS = 10_000;

  /**
   * What is read of an outcome.
   *
   * @param number its place among {@link #outcomes}, from 1
   * @param channels those that it can change, in ascending order; not to be changed
   * @param inAnyOrder whether none of them asks for the order of outcomes
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Reading(int number, int[] channels, boolean inAnyOrder) {

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Reading o
          && number == o.number
          && inAnyOrder == o.inAnyOrder
          && Arrays.equals(channels, o.channels);
    }

    @Override
    public int hashCode() {
      return 31 * number + Arrays.hashCode(channels);
    }

    Reading with(int channel, boolean anyOrder) {
      int[] more = Arrays.copyOf(channels, channels.length + 1);
      more[channels.length] = channel;
      return new Reading(number, more, inAnyOrder && anyOrder);
    }
  }

  private final Definition definition;
  private final Layout layout;
  private final int cycleDays;
  private final Map<IntBuffer, int[]> segments = new HashMap<>();

  private Plan(Definition definition, Layout layout) {
    this.definition = definition;
    this.layout = layout;
    this.cycleDays = NoControl.cycleDays(definition.spec());
  }

  private static Layout layout(Definition definition) {
    RolloutSpec spec = definition.spec();
    List<Channel> channels = new ArrayList<>();
    Map<String, Reading> readings = new HashMap<>();
    for (String outcome : spec.outcomeNames()) {
      readings.put(outcome, new Reading(readings.size() + 1, NONE, true));
    }
    int next = 0;
    for (int m = 0; m < spec.metrics().size(); m++) {
      for (double factor : factors(definition, m)) {
        UnitFold fold =
            UnitFolds.of(spec.metrics().get(m).kind(), factor * threshold(definition, m));
        read(readings, spec.metrics().get(m).kind().outcomeNames(), channels.size(), fold);
        channels.add(new Channel(m, factor, fold, next));
        next += fold.slots();
      }
    }
    List<String> invariants = spec.quality().invariants();
    for (int i = 0; i < invariants.size(); i++) {
      UnitFold fold =
          UnitFolds.of(new MetricKind.Proportion(OutcomeFilter.of(invariants.get(i)), null), 0);
      read(readings, Set.of(invariants.get(i)), channels.size(), fold);
      channels.add(new Channel(spec.metrics().size() + i, 1, fold, next));
      next += fold.slots();
    }
    List<SegmentDimension> dimensions = new ArrayList<>();
    for (SegmentDimension dimension : spec.segments()) {
      List<String> values =
          definition.resolved().segmentValues().getOrDefault(dimension.name(), dimension.values());
      dimensions.add(new SegmentDimension(dimension.name(), values, dimension.top()));
    }
    int[] starts = Arrays.copyOf(NO_SEGMENTS, dimensions.size() + 1);
    for (int i = 0; i < dimensions.size(); i++) {
      starts[i + 1] = starts[i] + segments(dimensions.get(i));
    }
    return new Layout(
        channels, List.copyOf(spec.outcomeNames()), readings, dimensions, next, starts);
  }

  /** A channel reads outcomes. */
  private static void read(
      Map<String, Reading> readings, Set<String> outcomes, int channel, UnitFold fold) {
    for (String outcome : outcomes) {
      readings.computeIfPresent(outcome, (o, known) -> known.with(channel, fold.takesAnyOrder()));
    }
  }

  public static Plan of(Definition definition) {
    return new Plan(definition, layout(definition));
  }

  /** The same, laid out as others are where it can be. */
  static Plan of(Definition definition, SharedLayouts layouts) {
    return new Plan(definition, layouts.of(layout(definition)));
  }

  public Definition definition() {
    return definition;
  }

  public List<Channel> channels() {
    return layout.channels();
  }

  /** What is read of an outcome, null where nothing is. */
  @Nullable Reading reading(String outcome) {
    return layout.readings().get(outcome);
  }

  /** The channel of a metric at a threshold factor. */
  public int channel(int metric, double factor) {
    List<Channel> channels = channels();
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
    return layout.slots();
  }

  /** Of a stage without control ({@link NoControl}). */
  int cycleDays() {
    return cycleDays;
  }

  /** Names of the outcomes that are read; one's number is its place, from 1. */
  public List<String> outcomes() {
    return layout.outcomes();
  }

  public List<SegmentDimension> dimensions() {
    return layout.dimensions();
  }

  /** Number of segments of a dimension: its values, {@code (other)}, {@code (unknown)}. */
  public int segmentCount(int dimension) {
    return segments(dimensions().get(dimension));
  }

  private static int segments(SegmentDimension dimension) {
    return dimension.values().size() + 2;
  }

  /**
   * Where each dimension's segments begin when all stand in one row, behind one place for all
   * units; at the end, how many places there are. Not to be changed.
   */
  public int[] segmentStarts() {
    return layout.segmentStarts();
  }

  /** Name of a numbered segment. */
  public String segmentName(int dimension, int segment) {
    List<String> values = dimensions().get(dimension).values();
    if (segment < values.size()) {
      return values.get(segment);
    }
    return segment == values.size() ? SegmentDimension.OTHER : SegmentDimension.UNKNOWN;
  }

  /**
   * The segment of each dimension, from an exposure's attributes. Units of the same segments have
   * one array, which is not to be changed, as long as there are not too many.
   */
  public int[] segmentsOf(UnaryOperator<String> attribute) {
    List<SegmentDimension> dimensions = dimensions();
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
    int[] known = segments.get(IntBuffer.wrap(found));
    if (known == null && segments.size() < MOST_SEGMENTS) {
      segments.put(IntBuffer.wrap(found), found);
    }
    return known == null ? found : known;
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
