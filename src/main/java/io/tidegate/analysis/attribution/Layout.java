package io.tidegate.analysis.attribution;

import io.tidegate.model.SegmentDimension;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an event meets of a plan: equal where rollouts count the same metrics in the same segments,
 * whoever defined them.
 *
 * @param outcomes names of those that are read
 * @param readings by outcome
 * @param slots longs of fold state a unit needs
 * @param segmentStarts see {@link Plan#segmentStarts}; follows from the dimensions
 */
@SuppressWarnings("ArrayRecordComponent")
record Layout(
    List<Plan.Channel> channels,
    List<String> outcomes,
    Map<String, Plan.Reading> readings,
    List<SegmentDimension> dimensions,
    int slots,
    int[] segmentStarts) {

  Layout {
    channels = List.copyOf(channels);
    outcomes = List.copyOf(outcomes);
    readings = Map.copyOf(readings);
    dimensions = List.copyOf(dimensions);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Layout o
        && channels.equals(o.channels)
        && outcomes.equals(o.outcomes)
        && readings.equals(o.readings)
        && dimensions.equals(o.dimensions)
        && slots == o.slots
        && Arrays.equals(segmentStarts, o.segmentStarts);
  }

  @Override
  public int hashCode() {
    return 31 * channels.hashCode() + outcomes.hashCode();
  }
}
