package io.tidegate.simulate;

import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps what was handed over since the first stage, and counts it. */
final class Ledger {

  private final SimulationConfig config;
  private final Timeline timeline;
  private final Set<String> counted;
  private final Map<String, Log> units = new HashMap<>();
  private long exposures;
  private long outcomes;
  private long duplicates;
  private long late;
  private long malformed;
  private long absurd;
  private long oversized;

  /** What one unit did, each event once. */
  static final class Log {
    final List<Exposure> exposures = new ArrayList<>(2);
    final List<Outcome> outcomes = new ArrayList<>(4);
  }

  Ledger(SimulationConfig config, Timeline timeline) {
    this.config = config;
    this.timeline = timeline;
    this.counted = config.spec().outcomeNames();
  }

  /** Whether an instant is before the first stage. */
  boolean isBefore(long timeMs) {
    return timeline.isEmpty() || timeMs < timeline.entries().get(0).fromMs();
  }

  void add(Arrival arrival, Pending.Fault fault) {
    switch (fault) {
      case DUPLICATE -> {
        duplicates++;
        return;
      }
      case MALFORMED -> malformed++;
      case ABSURD -> absurd++;
      case OVERSIZED -> oversized++;
      case LATE -> late++;
      case NONE, DISORDER -> {}
    }
    if (arrival instanceof Arrival.Exposed exposed) {
      exposures++;
      if (!isBefore(exposed.event().eventTimeMs())) {
        log(exposed.unitId()).exposures.add(exposed.event());
      }
    } else if (arrival instanceof Arrival.Happened happened) {
      outcomes++;
      Outcome event = happened.event();
      if (!isBefore(event.eventTimeMs()) && counted.contains(event.name())) {
        log(happened.unitId()).outcomes.add(event);
      }
    }
  }

  Truth truth(long boundaryMs) {
    Comparator<Exposure> byTime =
        Comparator.comparingLong(Exposure::eventTimeMs).thenComparing(Exposure::eventId);
    units.values().forEach(log -> log.exposures.sort(byTime));
    Tally tally = new Tally(config.spec(), timeline.entries(), boundaryMs);
    units.keySet().stream().sorted().forEach(unit -> tally.add(log(unit)));
    return new Truth(
        config.seed(),
        config.spec().id(),
        boundaryMs,
        new Truth.Counts(exposures, outcomes, duplicates, late, malformed, absurd, oversized),
        timeline.entries(),
        config.effects(),
        config.shocks(),
        tally.rows());
  }

  private Log log(String unit) {
    return units.computeIfAbsent(unit, u -> new Log());
  }
}
