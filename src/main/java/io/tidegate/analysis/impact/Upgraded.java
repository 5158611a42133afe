package io.tidegate.analysis.impact;

import io.tidegate.analysis.impact.View.Group;
import io.tidegate.analysis.impact.View.Segment;

/**
 * Units that had been served control in an earlier stage of a {@code ramped} rollout: some of them
 * are upgraded to the change in this one, at random, and some are not yet.
 */
final class Upgraded {

  private static final Segment EVERYONE = new Segment(Slice.ALL, 0);

  private Upgraded() {}

  static boolean is(Slice slice) {
    return slice.stratum() > 0;
  }

  /**
   * Whether a stage has enough of them, and of the units that are not, that showing both tells of
   * no group smaller than a segment may be.
   */
  static boolean shown(View view, Group group) {
    long least = Math.max(1, view.plan().attempt().definition().spec().minSegmentUnits());
    for (int v = 0; v < view.plan().variantCount(); v++) {
      long upgraded =
          view.strata(group, EVERYONE, v).entrySet().stream()
              .filter(e -> is(e.getKey()))
              .mapToLong(e -> e.getValue().units())
              .sum();
      long others = view.units(group, EVERYONE, v) - upgraded;
      if (upgraded < least || (others > 0 && others < least)) {
        return false;
      }
    }
    return view.plan().ramped();
  }
}
