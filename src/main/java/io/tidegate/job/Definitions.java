package io.tidegate.job;

import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.spec.ResolvedJson;
import io.tidegate.spec.RolloutSpecs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the JSON that DEFINED events carry. Remembers the newest: every task of a job reads each
 * one, and again with each further event of its rollout.
 */
public enum Definitions implements DefinitionReader {
  READER;

  /** Definitions remembered. */
  static final int MOST = 256;

  private record Text(String spec, String resolved) {}

  private static final Map<Text, Definition> KNOWN =
      new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Text, Definition> eldest) {
          return size() > MOST;
        }
      };

  /**
   * Timelines by rollout id.
   *
   * @param events in partition order
   */
  static Map<String, Timeline> timelines(List<RolloutEvent> events) {
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = events.stream().map(sequencer::next).toList();
    return Timeline.all(controls, READER);
  }

  @Override
  public Definition read(RolloutEvent defined) {
    Text text = new Text(defined.spec(), defined.resolved());
    synchronized (KNOWN) {
      Definition known = KNOWN.get(text);
      if (known == null) {
        known = parse(defined);
        KNOWN.put(text, known);
      }
      return known;
    }
  }

  private static Definition parse(RolloutEvent defined) {
    String source = "DEFINED event " + defined.eventId();
    RolloutSpec spec = RolloutSpecs.fromJson(source, defined.spec());
    Resolved resolved =
        defined.resolved().isEmpty()
            ? Resolved.NONE
            : ResolvedJson.read(source, defined.resolved());
    return new Definition(spec, resolved, RolloutSpecs.frozenHash(spec));
  }
}
