package io.tidegate.job;

import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.HistoryRequest.Series;
import io.tidegate.analysis.baseline.HistoryRequest.Treatment;
import io.tidegate.analysis.baseline.HistoryRequest.Wanted;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Metric;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.spec.RolloutSpecs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rollouts that a baseline is learned for, as the gate takes their events. */
final class KnownRollouts {

  /**
   * A rollout.
   *
   * @param firstStageMs {@link HistoryRequest#NOT_YET} before its first stage
   * @param everybodysMs when the treatment became what everybody has; {@link Long#MAX_VALUE} if it
   *     did not
   */
  private record Known(RolloutSpec spec, long firstStageMs, long everybodysMs) {}

  private final Map<String, Known> byId = new TreeMap<>();

  private KnownRollouts() {}

  /**
   * @param events in partition order
   * @param specs rollouts besides; they win over a definition of the same id
   */
  static KnownRollouts of(List<RolloutEvent> events, List<RolloutSpec> specs) {
    Map<String, Timeline> timelines = Definitions.timelines(events);
    KnownRollouts rollouts = new KnownRollouts();
    timelines.forEach(
        (id, timeline) -> {
          Definition definition = timeline.definition();
          if (definition != null) {
            rollouts.add(definition.spec(), timeline.attempts());
          }
        });
    for (RolloutSpec spec : specs) {
      Timeline timeline = timelines.get(spec.id());
      rollouts.add(spec, timeline == null ? List.of() : timeline.attempts());
    }
    return rollouts;
  }

  private void add(RolloutSpec spec, List<Attempt> attempts) {
    long firstMs = HistoryRequest.NOT_YET;
    long everybodysMs = Long.MAX_VALUE;
    if (!attempts.isEmpty()) {
      Attempt last = attempts.get(attempts.size() - 1);
      firstMs = attempts.get(0).startMs();
      everybodysMs = last.rolledBack() ? Long.MAX_VALUE : last.endMs();
    }
    byId.put(spec.id(), new Known(spec, firstMs, everybodysMs));
  }

  boolean isEmpty() {
    return byId.isEmpty();
  }

  /** Flags of the rollouts. */
  Set<String> flags() {
    Set<String> flags = new TreeSet<>();
    byId.values().forEach(known -> flags.add(known.spec().flag().key()));
    return flags;
  }

  /** What makes a unit treated. */
  List<Treatment> treatments() {
    List<Treatment> treatments = new ArrayList<>();
    for (Known known : byId.values()) {
      RolloutSpec.Flag flag = known.spec().flag();
      for (String variant : flag.treatments()) {
        treatments.add(new Treatment(flag.key(), variant, known.everybodysMs()));
      }
    }
    return treatments;
  }

  /**
   * The metrics to learn. Covariates are wanted once their window is closed.
   *
   * @param exposed flags by whose exposures units enter
   * @param endMs end of the history
   */
  List<Wanted> wanted(Set<String> exposed, long endMs) {
    Set<String> takenBefore = new HashSet<>();
    List<Wanted> wanted = new ArrayList<>();
    for (Known known : byId.values()) {
      RolloutSpec spec = known.spec();
      List<Series> series = new ArrayList<>();
      List<Series> before = new ArrayList<>();
      boolean byExposure = exposed.contains(spec.flag().key());
      for (int m = 0; m < spec.metrics().size(); m++) {
        Metric metric = spec.metrics().get(m);
        series.add(new Series(m, RolloutSpecs.baselineKey(spec, metric, byExposure)));
        Series covariate = new Series(m, RolloutSpecs.definitionHash(spec, metric));
        if (known.firstStageMs() <= endMs
            && takenBefore.add(covariate.key() + "@" + known.firstStageMs())) {
          before.add(covariate);
        }
      }
      wanted.add(
          new Wanted(RolloutSpecs.toJson(spec), series, byExposure, before, known.firstStageMs()));
    }
    return wanted;
  }
}
