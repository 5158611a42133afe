package io.tidegate.analysis.baseline;

import io.tidegate.model.SegmentDimension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A dimension by which the units of a series are split, for every rollout that has the series.
 *
 * @param listed values that a spec names
 * @param open whether other values are told apart too, because a spec wants the largest
 */
record SplitDimension(String name, Set<String> listed, boolean open) {

  SplitDimension {
    listed = Set.copyOf(listed);
  }

  /** One a name. */
  static List<SplitDimension> union(List<SegmentDimension> dimensions) {
    Map<String, Set<String>> listed = new TreeMap<>();
    Set<String> open = new TreeSet<>();
    for (SegmentDimension dimension : dimensions) {
      listed.computeIfAbsent(dimension.name(), n -> new TreeSet<>()).addAll(dimension.values());
      if (dimension.top() > 0) {
        open.add(dimension.name());
      }
    }
    List<SplitDimension> union = new ArrayList<>();
    listed.forEach(
        (name, values) -> union.add(new SplitDimension(name, values, open.contains(name))));
    return union;
  }

  /** The segment of a unit whose attribute has this value; an empty value is absent. */
  String segmentOf(String value) {
    if (value.isEmpty()) {
      return SegmentDimension.UNKNOWN;
    }
    return open || listed.contains(value) ? value : SegmentDimension.OTHER;
  }
}
