package io.tidegate.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * All that the tables say of one attempt of a rollout: what a report is made from. Only the newest
 * revision of every row.
 *
 * @param specText the spec as defined, for reading
 * @param asOfMs event time up to which the data are complete; 0 where nothing was judged
 * @param events what happened to the rollout, by event time; no TICK
 * @param signals by boundary; their {@code evidence} may be empty, {@code estimates} has it
 * @param estimates by boundary
 * @param runStamp which run of {@code impact} made the last four lists; null where none did
 */
public record ReportData(
    RolloutSpec spec,
    Resolved resolved,
    String specText,
    int attempt,
    long asOfMs,
    List<RolloutEvent> events,
    List<GateSignal> signals,
    List<Estimate> estimates,
    List<BaselineHour> baseline,
    Health health,
    List<RetentionPoint> retention,
    List<RevenuePoint> revenue,
    List<ImpactEstimate> impacts,
    List<StageComparison> comparisons,
    @Nullable RunStamp runStamp) {

  /**
   * What an hour brought and what history expected.
   *
   * @param hourMs start of the hour, epoch milliseconds
   * @param outcome name of the outcome
   * @param observed outcomes in the hour, all variants
   * @param lower lower end of the interval of a usual hour
   */
  public record BaselineHour(
      long hourMs, String outcome, double observed, double expected, double lower, double upper) {}

  /**
   * What arrived, and what of it could not be used.
   *
   * @param exposures rows of the rollout's flag since its first stage
   * @param outcomes rows of the outcomes it reads since then
   * @param deadLetters topic → records that are in no table, of whatever rollout
   * @param lateEvents stream → events beyond the horizon
   * @param incidents sentences
   */
  public record Health(
      long exposures,
      long outcomes,
      Map<String, Long> deadLetters,
      Map<String, Long> lateEvents,
      List<String> incidents) {

    /** The tables were not read. */
    public static final Health NONE = new Health(0, 0, Map.of(), Map.of(), List.of());

    public Health {
      deadLetters = Collections.unmodifiableMap(new TreeMap<>(deadLetters));
      lateEvents = Collections.unmodifiableMap(new TreeMap<>(lateEvents));
      incidents = List.copyOf(incidents);
    }
  }

  public ReportData {
    events = List.copyOf(events);
    signals = List.copyOf(signals);
    estimates = List.copyOf(estimates);
    baseline = List.copyOf(baseline);
    retention = List.copyOf(retention);
    revenue = List.copyOf(revenue);
    impacts = List.copyOf(impacts);
    comparisons = List.copyOf(comparisons);
  }

  /** What the gate's tables say, those of {@code impact} unread. */
  public static ReportData judged(
      RolloutSpec spec,
      Resolved resolved,
      String specText,
      int attempt,
      long asOfMs,
      List<RolloutEvent> events,
      List<GateSignal> signals,
      List<Estimate> estimates,
      List<BaselineHour> baseline) {
    return new ReportData(
        spec,
        resolved,
        specText,
        attempt,
        asOfMs,
        events,
        signals,
        estimates,
        baseline,
        Health.NONE,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null);
  }

  /** Without estimates of segments. */
  public ReportData overall() {
    return with(
        events,
        signals,
        estimates.stream().filter(e -> e.dimension().equals(SegmentDimension.ALL)).toList(),
        baseline);
  }

  /** Of what has a time only what falls in [from, to), epoch milliseconds. */
  public ReportData between(long fromMs, long toMs) {
    LongPredicate within = timeMs -> timeMs >= fromMs && timeMs < toMs;
    return with(
        events.stream().filter(e -> within.test(e.eventTimeMs())).toList(),
        signals.stream().filter(s -> within.test(s.boundaryMs())).toList(),
        estimates.stream().filter(e -> within.test(e.boundaryMs())).toList(),
        baseline.stream().filter(h -> within.test(h.hourMs())).toList());
  }

  private ReportData with(
      List<RolloutEvent> someEvents,
      List<GateSignal> someSignals,
      List<Estimate> someEstimates,
      List<BaselineHour> someHours) {
    return new ReportData(
        spec,
        resolved,
        specText,
        attempt,
        asOfMs,
        someEvents,
        someSignals,
        someEstimates,
        someHours,
        health,
        retention,
        revenue,
        impacts,
        comparisons,
        runStamp);
  }

  /** The newest signal, or null where nothing was judged. */
  public @Nullable GateSignal lastSignal() {
    return signals.isEmpty() ? null : signals.get(signals.size() - 1);
  }

  /** The event by which the attempt ended, or null while it goes on. */
  public @Nullable RolloutEvent ending() {
    RolloutEvent end = null;
    for (RolloutEvent event : events) {
      switch (event.kind()) {
        case ROLLED_BACK, COMPLETED -> end = event;
        case STAGE_ENTERED -> end = null;
        default -> {}
      }
    }
    return end;
  }

  /**
   * The first signal that asked for the rollback by which the attempt ended, and after which none
   * took that back; null where it did not end so, or where none had asked.
   */
  public @Nullable GateSignal decisive() {
    RolloutEvent end = ending();
    if (end == null || end.kind() != RolloutEvent.Kind.ROLLED_BACK) {
      return null;
    }
    GateSignal first = null;
    for (GateSignal signal : signals) {
      if (signal.boundaryMs() <= end.eventTimeMs()) {
        boolean asks = signal.verdict() == Verdict.ROLLBACK;
        first = !asks ? null : first == null ? signal : first;
      }
    }
    return first;
  }

  /** The first event of a kind, or null. */
  public @Nullable RolloutEvent firstEvent(RolloutEvent.Kind kind) {
    return events.stream().filter(event -> event.kind() == kind).findFirst().orElse(null);
  }

  /** The last event of a kind, or null. */
  public @Nullable RolloutEvent lastEvent(RolloutEvent.Kind kind) {
    RolloutEvent found = null;
    for (RolloutEvent event : events) {
      if (event.kind() == kind) {
        found = event;
      }
    }
    return found;
  }
}
