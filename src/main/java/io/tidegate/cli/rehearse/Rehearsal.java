package io.tidegate.cli.rehearse;

import io.tidegate.analysis.attribution.ArrivalFact;
import io.tidegate.analysis.attribution.ArrivalTally;
import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.Ledger;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.RolloutIndex;
import io.tidegate.analysis.attribution.UnitState;
import io.tidegate.analysis.gate.Gate;
import io.tidegate.analysis.gate.GateState;
import io.tidegate.analysis.resolve.Resolver;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Evaluation;
import io.tidegate.model.Exposure;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Outcome;
import io.tidegate.model.Reason;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import io.tidegate.model.Verdict;
import io.tidegate.simulate.Arrival;
import io.tidegate.simulate.SpecWorld;
import io.tidegate.simulate.Trouble;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs drills: the gate's own attribution, examination and judgement over a world made for the
 * spec, in this process and its memory.
 */
public final class Rehearsal {

  private static final long START_MS = Instant.parse("2026-01-05T00:00:00Z").toEpochMilli();
  private static final Duration LEAST_STEP = Duration.ofMinutes(10);
  private static final int HORIZON_SLICES = 6;

  private final RolloutSpec spec;
  private final Stage stage;
  private final double unitsPerDay;
  private final long seed;
  private final Map<String, List<String>> segments = new TreeMap<>();

  /**
   * @param stage the stage that is entered; it needs a control
   * @param unitsPerDay new units a day in all traffic
   */
  public Rehearsal(RolloutSpec spec, Stage stage, double unitsPerDay, long seed) {
    this.spec = spec;
    this.stage = stage;
    this.unitsPerDay = unitsPerDay;
    this.seed = seed;
    for (SegmentDimension dimension : spec.segments()) {
      segments.put(
          dimension.name(),
          dimension.top() > 0
              ? WorldHistory.names(dimension.name(), dimension.top())
              : dimension.values());
    }
  }

  /** Every drill of the spec, each when it is asked for. */
  public Stream<DrillResult> results() {
    return Drills.of(spec, stage, segments, world(List.of()), START_MS).stream().map(this::run);
  }

  private SpecWorld world(List<Trouble> troubles) {
    return new SpecWorld(spec, segments, seed, START_MS, unitsPerDay, troubles);
  }

  private DrillResult run(Drill drill) {
    if (!drill.unfit().isEmpty()) {
      return new DrillResult(
          drill.name(),
          drill.planted(),
          DrillResult.Outcome.NOT_RUN,
          null,
          null,
          0,
          "",
          drill.unfit());
    }
    Run run = new Run(drill);
    long endMs = START_MS + drill.limit().toMillis();
    GateSignal last = null;
    for (long b = run.next(START_MS); b <= endMs; b = run.next(b)) {
      GateSignal signal = run.look(b);
      if (signal == null) {
        continue;
      }
      last = signal;
      Reason said = drill.said(signal);
      if (drill.quiet() && said == null) {
        return run.result(DrillResult.Outcome.MISSED, signal, null);
      }
      if (!drill.quiet() && said != null && b > START_MS + drill.after().toMillis()) {
        return run.result(DrillResult.Outcome.SEEN, signal, said);
      }
    }
    return run.result(
        drill.quiet() ? DrillResult.Outcome.SEEN : DrillResult.Outcome.MISSED, last, null);
  }

  /** One drill. Mutable. */
  private final class Run {
    private final Drill drill;
    private final SpecWorld world;
    private final Timeline timeline;
    private final RolloutIndex index;
    private final CellBatch batch = new CellBatch();
    private final Ledger ledger = new Ledger(HORIZON_SLICES, batch::add);
    private final Map<Long, UnitState> units = new HashMap<>();
    private final GateState state = new GateState();
    private final ArrivalTally exposures = new ArrivalTally(true);
    private final ArrivalTally outcomes = new ArrivalTally(false);
    private long judgedMs = Long.MIN_VALUE;

    Run(Drill drill) {
      this.drill = drill;
      this.world = world(drill.troubles());
      world.enterStage(stage.name(), START_MS);
      Resolved resolved = Resolver.resolve(spec, new WorldHistory(world, unitsPerDay));
      Sequencer sequencer = new Sequencer();
      List<ControlEvent> events =
          Stream.of(
                  RolloutEvent.defined("defined", START_MS, spec.id(), "rehearsal", "", ""),
                  RolloutEvent.bare(
                      "entered",
                      START_MS,
                      spec.id(),
                      RolloutEvent.Kind.STAGE_ENTERED,
                      stage.name()))
              .map(sequencer::next)
              .toList();
      this.timeline =
          Timeline.of(spec.id(), events, defined -> new Definition(spec, resolved, "rehearsal"));
      this.index = RolloutIndex.of(List.of(new RolloutContext(0, timeline)));
    }

    /** The next boundary, at least ten minutes on. */
    long next(long afterMs) {
      long atMs = timeline.nextBoundary(afterMs);
      while (atMs - afterMs < LEAST_STEP.toMillis()) {
        atMs = timeline.nextBoundary(atMs);
      }
      return atMs;
    }

    @Nullable GateSignal look(long boundaryMs) {
      world.advanceTo(boundaryMs, this::take);
      batch.drain(Long.MAX_VALUE, (rollout, cells) -> state.add(cells));
      exposures.take().forEach(fact -> state.arrived(bytes(fact)));
      outcomes.take().forEach(fact -> state.arrived(bytes(fact)));
      judgedMs = boundaryMs;
      Evaluation evaluation = Gate.evaluate(state, timeline, boundaryMs);
      return evaluation == null ? null : evaluation.signal();
    }

    private void take(Arrival arrival) {
      Point point = null;
      long recordMs = arrival.arrivalMs();
      if (arrival instanceof Arrival.Exposed exposed) {
        Exposure event = exposed.event();
        exposures.event(event.flagKey(), event.eventTimeMs(), recordMs, event.attributes());
        point = Points.of(event);
      } else if (arrival instanceof Arrival.Happened happened) {
        Outcome event = happened.event();
        outcomes.event(event.name(), event.eventTimeMs(), recordMs, event.attributes());
        point = Points.of(event);
      } else if (arrival instanceof Arrival.Broken broken) {
        (broken.exposure() ? exposures : outcomes).dead(recordMs);
      }
      if (point != null && index.keep(point)) {
        UnitState unit = units.computeIfAbsent(point.unitKey, k -> new UnitState());
        var unused = ledger.take(unit, point, index, judgedMs, judgedMs);
      }
    }

    private static byte[] bytes(ArrivalFact fact) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        fact.writeTo(new DataOutputStream(bytes));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }

    DrillResult result(
        DrillResult.Outcome outcome, @Nullable GateSignal signal, @Nullable Reason said) {
      Reason reason = said;
      if (reason == null && signal != null && !signal.reasons().isEmpty()) {
        reason = signal.reasons().get(0);
      }
      Verdict verdict = signal == null ? null : signal.verdict();
      Long minutes =
          signal == null || said == null
              ? null
              : Long.valueOf((signal.boundaryMs() - START_MS - drill.after().toMillis()) / 60_000);
      return new DrillResult(
          drill.name(),
          drill.planted(),
          outcome,
          verdict,
          minutes,
          units.size(),
          reason == null ? "" : reason.code(),
          reason == null ? "" : reason.sentence());
    }
  }
}
