package io.tidegate.analysis.alarm;

import io.tidegate.analysis.alarm.Departures.Measure;
import io.tidegate.analysis.alarm.Departures.Usual;
import io.tidegate.analysis.alarm.Judged.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What abnormal series share: of all segments the one that departs most from the rest of its
 * dimension, if any does. What moves everything moves a segment and its rest alike and is nobody's.
 */
final class CommonCause {

  /** Usual departures from its rest that a segment must be away. */
  private static final double LEAST = 2;

  private static final int FEWEST_WINDOWS = 7;

  private CommonCause() {}

  /**
   * Names the cause over hours.
   *
   * @param metric every series of one metric
   * @param struck series that raised an alarm
   * @return dimension and value; empty where it is everything
   */
  static Map<String, String> of(List<Judged> metric, List<Judged> struck, int from, int to) {
    Map<String, String> cause = Map.of();
    double best = LEAST;
    for (Judged each : metric) {
      if (each.series().whole()) {
        continue;
      }
      double apart = apart(each, metric, from, to);
      if (apart > best) {
        best = apart;
        cause = name(each);
      }
    }
    return cause.isEmpty() ? lonely(struck) : cause;
  }

  /** How far a segment departs from its rest, against what is usual; 0 where the rest does more. */
  private static double apart(Judged segment, List<Judged> metric, int from, int to) {
    List<Departures> dimension = new ArrayList<>();
    Span others = Span.NOTHING;
    for (Judged other : metric) {
      if (other.series().dimension().equals(segment.series().dimension())) {
        dimension.add(other.departures());
        others = other == segment ? others : others.and(other.span(from, to));
      }
    }
    double own = segment.span(from, to).relative();
    if (StrictMath.abs(own) <= StrictMath.abs(others.relative())) {
      return 0;
    }
    Departures total = Departures.total(dimension);
    Measure contrast = (end, hours) -> segment.departures().contrast(total, end, hours);
    double now = StrictMath.abs(contrast.of(to, to - from + 1));
    Usual usual = Departures.usual(contrast, to, to - from + 1);
    return usual.windows() >= FEWEST_WINDOWS && now > 0 ? now / usual.size() : 0;
  }

  /** Where segments cannot be told from their rest: the only one that raised an alarm. */
  private static Map<String, String> lonely(List<Judged> struck) {
    Map<String, String> name = Map.of();
    for (Judged each : struck) {
      Map<String, String> own = each.series().whole() ? Map.of() : name(each);
      if (own.isEmpty() || (!name.isEmpty() && !name.equals(own))) {
        return Map.of();
      }
      name = own;
    }
    return name;
  }

  private static Map<String, String> name(Judged segment) {
    return Map.of(segment.series().dimension(), segment.series().segment());
  }
}
