package io.tidegate.analysis.impact;

import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.AttemptId;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.RolloutEvent;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The attempts that are looked at and the rollout events that define them; operators lay out their
 * plans from it.
 *
 * @param events events of the attempts' rollouts, without ticks
 * @param dataEndMs instant before which everything is known: the last TICK
 */
public record ImpactScope(
    List<ControlEvent> events, DefinitionReader reader, Set<AttemptId> attempts, long dataEndMs)
    implements Serializable {

  public ImpactScope {
    events = List.copyOf(events);
    attempts = new TreeSet<>(attempts);
  }

  /** Every attempt that entered a stage before the last TICK; events in partition order. */
  public static ImpactScope of(List<RolloutEvent> events, DefinitionReader reader) {
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = new ArrayList<>();
    for (RolloutEvent event : events) {
      ControlEvent control = sequencer.next(event);
      if (!control.isTick()) {
        controls.add(control);
      }
    }
    ImpactScope all = new ImpactScope(controls, reader, Set.of(), sequencer.frontierMs());
    Set<AttemptId> attempts = new TreeSet<>();
    for (Timeline timeline : all.timelines().values()) {
      for (Attempt attempt : timeline.attempts()) {
        if (attempt.startMs() < all.dataEndMs) {
          attempts.add(new AttemptId(timeline.rolloutId(), attempt.number()));
        }
      }
    }
    return all.only(attempts);
  }

  /** The same world, fewer attempts. */
  public ImpactScope only(Set<AttemptId> wanted) {
    Set<String> ids = new TreeSet<>();
    wanted.forEach(a -> ids.add(a.rolloutId()));
    List<ControlEvent> kept =
        events.stream().filter(c -> ids.contains(c.event().rolloutId())).toList();
    return new ImpactScope(kept, reader, wanted, dataEndMs);
  }

  private Map<String, Timeline> timelines() {
    return Timeline.all(events, reader);
  }

  /** One a rollout. */
  public List<RolloutContext> contexts() {
    List<RolloutContext> contexts = new ArrayList<>();
    timelines().values().forEach(t -> contexts.add(new RolloutContext(contexts.size(), t)));
    return contexts;
  }

  /** The plans of the attempts. */
  public Map<AttemptId, ImpactPlan> plans() {
    Map<AttemptId, ImpactPlan> plans = new TreeMap<>();
    for (Timeline timeline : timelines().values()) {
      for (Attempt attempt : timeline.attempts()) {
        AttemptId id = new AttemptId(timeline.rolloutId(), attempt.number());
        if (attempts.contains(id)) {
          plans.put(id, ImpactPlan.of(timeline, attempt, dataEndMs));
        }
      }
    }
    return plans;
  }
}
