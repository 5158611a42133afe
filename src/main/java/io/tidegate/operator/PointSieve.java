package io.tidegate.operator;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.RolloutContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reduces points to what some rollout reads. */
final class PointSieve {

  private PointSieve() {}

  /** Whether a rollout reads the point; takes from it the attributes that none reads. */
  static boolean keep(Point point, List<RolloutContext> rollouts) {
    Set<String> wanted = attributes(point, rollouts);
    if (wanted == null) {
      return false;
    }
    point.attributes = only(point.attributes, wanted);
    return true;
  }

  private static @Nullable Set<String> attributes(Point point, List<RolloutContext> rollouts) {
    Set<String> wanted = null;
    for (RolloutContext rollout : rollouts) {
      if (rollout.concerns(point)) {
        if (wanted == null) {
          wanted = new HashSet<>();
        }
        wanted.addAll(rollout.attributes());
      }
    }
    return wanted;
  }

  private static String[] only(String[] attributes, Set<String> wanted) {
    List<String> kept = new ArrayList<>(attributes.length);
    for (int i = 0; i + 1 < attributes.length; i += 2) {
      if (wanted.contains(attributes[i])) {
        kept.add(attributes[i]);
        kept.add(attributes[i + 1]);
      }
    }
    return kept.size() == attributes.length ? attributes : kept.toArray(new String[0]);
  }
}
