package io.tidegate.analysis.impact;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which segments may be shown: those whose smaller variant has enough units; where one segment of a
 * dimension is hidden the next smallest is hidden too, or the difference to all would reveal it
 * (design.md §8 "Privacy").
 */
final class Disclosure {

  private Disclosure() {}

  private record Where(int epoch, int dimension) {}

  static Map<Slice, SliceSums> shown(SliceBook book) {
    long least = book.plan().attempt().definition().spec().minSegmentUnits();
    int variants = book.plan().attempt().definition().spec().flag().variants().size();
    Map<Where, Map<Integer, long[]>> sizes = new HashMap<>();
    book.slices()
        .forEach(
            (slice, sums) ->
                sizes.computeIfAbsent(
                            new Where(slice.epoch(), slice.dimension()), w -> new TreeMap<>())
                        .computeIfAbsent(slice.segment(), s -> new long[variants])[
                        slice.variant()] +=
                    sums.units());
    Map<Where, Set<Integer>> hidden = new HashMap<>();
    sizes.forEach((where, bySegment) -> hidden.put(where, hidden(bySegment, least)));
    Map<Slice, SliceSums> shown = new TreeMap<>();
    book.slices()
        .forEach(
            (slice, sums) -> {
              Where where = new Where(slice.epoch(), slice.dimension());
              if (slice.dimension() == Slice.ALL
                  || !hidden.getOrDefault(where, Set.of()).contains(slice.segment())) {
                shown.put(slice, sums);
              }
            });
    return shown;
  }

  /** Segments to hide, given the units of each variant by segment. */
  static Set<Integer> hidden(Map<Integer, long[]> bySegment, long least) {
    Map<Integer, Long> smaller = new TreeMap<>();
    bySegment.forEach(
        (segment, units) -> smaller.put(segment, java.util.Arrays.stream(units).min().orElse(0)));
    List<Integer> order = new ArrayList<>(smaller.keySet());
    order.sort(
        Comparator.comparingLong((Integer s) -> smaller.getOrDefault(s, 0L))
            .thenComparing(Comparator.naturalOrder()));
    Set<Integer> hidden = new HashSet<>();
    for (int segment : order) {
      if (smaller.getOrDefault(segment, 0L) < least || hidden.size() == 1) {
        hidden.add(segment);
      }
    }
    return hidden;
  }
}
