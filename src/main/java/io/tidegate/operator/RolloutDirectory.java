package io.tidegate.operator;

import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.RolloutIndex;
import io.tidegate.analysis.attribution.SharedLayouts;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.ControlEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rollouts that an operator knows of, numbered in the order in which they were first heard of,
 * and the clock's frontier.
 */
final class RolloutDirectory {

  private final DefinitionReader reader;
  private final Map<String, List<ControlEvent>> events = new LinkedHashMap<>();
  private final List<RolloutContext> contexts = new ArrayList<>();
  private final SharedLayouts layouts = new SharedLayouts();
  private @Nullable RolloutIndex index;
  private long frontierMs = Long.MIN_VALUE;

  RolloutDirectory(DefinitionReader reader) {
    this.reader = reader;
  }

  /** Takes an event in partition order. */
  void take(ControlEvent control) {
    if (control.isTick()) {
      frontierMs = Math.max(frontierMs, control.effectiveMs());
      return;
    }
    String rolloutId = control.event().rolloutId();
    List<ControlEvent> own = events.computeIfAbsent(rolloutId, id -> new ArrayList<>());
    own.add(control);
    index = null;
    int ordinal = ordinal(rolloutId);
    RolloutContext context =
        new RolloutContext(ordinal, Timeline.of(rolloutId, own, reader), layouts);
    if (ordinal == contexts.size()) {
      contexts.add(context);
    } else {
      contexts.set(ordinal, context);
    }
  }

  private int ordinal(String rolloutId) {
    for (int i = 0; i < contexts.size(); i++) {
      if (contexts.get(i).rolloutId().equals(rolloutId)) {
        return i;
      }
    }
    return contexts.size();
  }

  /** The rollouts by what they read; made anew after a rollout event. */
  RolloutIndex index() {
    RolloutIndex known = index;
    if (known == null) {
      known = RolloutIndex.of(contexts);
      index = known;
    }
    return known;
  }

  /** Everything before this instant is known. */
  long frontierMs() {
    return frontierMs;
  }
}
