package io.tidegate.analysis.attribution;

import io.tidegate.analysis.metric.UnitFold;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.model.SegmentDimension;
import java.util.Arrays;
import java.util.List;
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
  private final Layout layout;
  private final int cycleDays;

  private Plan(Definition definition, Layout layout) {
    this.definition = definition;
    this.layout = layout;
    this.cycleDays = NoControl.cycleDays(definition.spec());
  }

  public static Plan of(Definition definition) {
    return new Plan(definition, Layout.of(definition));
  }

  /** The same, laid out as others are where it can be. */
  static Plan of(Definition definition, SharedLayouts layouts) {
    return new Plan(definition, layouts.of(Layout.of(definition)));
  }

  public Definition definition() {
    return definition;
  }

  public List<Channel> channels() {
    return layout.channels;
  }

  /** What is read of an outcome, null where nothing is. */
  @Nullable Reading reading(String outcome) {
    return layout.readings.get(outcome);
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
    return layout.slots;
  }

  /** Of a stage without control ({@link NoControl}). */
  int cycleDays() {
    return cycleDays;
  }

  /** Names of the outcomes that are read; one's number is its place, from 1. */
  public List<String> outcomes() {
    return layout.outcomes;
  }

  public List<SegmentDimension> dimensions() {
    return layout.dimensions;
  }

  /** Number of segments of a dimension: its values, {@code (other)}, {@code (unknown)}. */
  public int segmentCount(int dimension) {
    return Layout.segmentCount(dimensions().get(dimension));
  }

  /**
   * Where each dimension's segments begin when all stand in one row, behind one place for all
   * units; at the end, how many places there are. Not to be changed.
   */
  public int[] segmentStarts() {
    return layout.segmentStarts;
  }

  /** Name of a numbered segment. */
  public String segmentName(int dimension, int segment) {
    List<String> values = dimensions().get(dimension).values();
    if (segment < values.size()) {
      return values.get(segment);
    }
    return segment == values.size() ? SegmentDimension.OTHER : SegmentDimension.UNKNOWN;
  }

  /** The segment of each dimension, from an exposure's attributes. */
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
    return found;
  }
}
