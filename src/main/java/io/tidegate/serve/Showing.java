package io.tidegate.serve;

import io.tidegate.analysis.privacy.PublishedFeed;
import io.tidegate.analysis.privacy.PublishedRows;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Incident;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.report.LiveFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A rollout as people may see it: no small segment is named.
 *
 * @param state with a verdict that names no small segment
 * @param rows what its newest attempt's page is made from; null where it is not defined
 * @param facts what only the topics tell of that attempt
 * @param version rises with every record about the rollout
 */
record Showing(RolloutState state, @Nullable PublishedRows rows, LiveFacts facts, long version) {

  /** What the topics say about a rollout, less what may not be shown. */
  static Showing of(
      RolloutState all, @Nullable EffectHistory history, List<Incident> incidents, long version) {
    PublishedFeed feed = feed(all, history);
    RolloutState state = state(all, feed);
    Definition definition = all.definition();
    if (definition == null) {
      return new Showing(state, null, LiveFacts.NONE, version);
    }
    List<GateSignal> signals = new ArrayList<>(history == null ? List.of() : history.signals());
    GateSignal current = state.currentSignal();
    if (current != null) {
      long newestMs = current.boundaryMs();
      signals.removeIf(signal -> signal.boundaryMs() == newestMs);
      if (signals.isEmpty() || signals.get(signals.size() - 1).boundaryMs() < newestMs) {
        signals.add(current);
      }
    }
    List<Estimate> estimates = history == null ? List.of() : history.estimates();
    ReportData data =
        ReportData.judged(
            definition.spec(),
            definition.resolved(),
            "",
            signals.isEmpty() ? 1 : signals.get(0).attempt(),
            current == null ? 0 : current.watermarkMs(),
            events(all.attempt()),
            signals,
            estimates,
            List.of());
    LiveFacts facts =
        new LiveFacts(
            history == null ? new TreeMap<>() : history.arrivals(),
            incidents.stream().map(feed::shown).toList());
    return new Showing(
        state, new PublishedRows(data, history == null ? Map.of() : feed.hidden()), facts, version);
  }

  /** The rollout's verdict alone, less what may not be shown. */
  static RolloutState state(RolloutState all, @Nullable EffectHistory history) {
    return state(all, feed(all, history));
  }

  private static RolloutState state(RolloutState all, PublishedFeed feed) {
    GateSignal signal = all.signal();
    return signal == null
        ? all
        : new RolloutState(
            all.id(), all.timeline(), feed.current(signal), all.signalMs(), all.frontierMs());
  }

  private static PublishedFeed feed(RolloutState all, @Nullable EffectHistory history) {
    if (history != null) {
      return history.feed();
    }
    Definition definition = all.definition();
    return new PublishedFeed(
        definition == null ? Long.MAX_VALUE : definition.spec().minSegmentUnits());
  }

  private static List<RolloutEvent> events(@Nullable Attempt attempt) {
    return attempt == null
        ? List.of()
        : attempt.remarks().stream()
            .filter(remark -> remark.refused().isEmpty())
            .map(remark -> remark.control().event())
            .toList();
  }
}
