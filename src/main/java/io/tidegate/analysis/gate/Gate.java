package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.attribution.Plan;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Estimate;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The gate: a rollout's sums and timeline at a boundary become a signal. A pure function of its
 * state and arguments.
 */
public final class Gate {

  private Gate() {}

  /**
   * Evaluates a boundary, which must be later than the last.
   *
   * @return null where no attempt was running just before the boundary
   */
  public static @Nullable Evaluation evaluate(GateState state, Timeline timeline, long boundaryMs) {
    if (boundaryMs <= state.lastBoundaryMs) {
      throw new IllegalArgumentException(
          "boundary " + boundaryMs + " is not later than the last, " + state.lastBoundaryMs);
    }
    Attempt attempt = timeline.attemptAt(boundaryMs - 1);
    state.sums.moveTo(boundaryMs, state.flow);
    state.flow.forgetBefore(boundaryMs);
    state.arrivals.moveTo(boundaryMs);
    state.lastBoundaryMs = boundaryMs;
    if (attempt == null) {
      return null;
    }
    Epoch epoch = attempt.epochBefore(boundaryMs);
    if (epoch == null) {
      return null;
    }
    state.begin(attempt.number());
    Plan plan = Plan.of(attempt.definition());
    StageProcess process = StageProcess.of(state.sums, attempt, plan, epoch);
    Decisions decisions = Decisions.before(attempt, epoch, boundaryMs);
    if (decisions.override() != null) {
      state.override(decisions.override(), decisions.overrideId());
    }
    Findings findings = Examination.of(state, process, Budget.of(attempt, plan), boundaryMs);
    Judgement judgement =
        new Judge(state, process, findings, decisions, attempt.pausedBefore(boundaryMs), boundaryMs)
            .judge();
    return signal(state, timeline, process, findings, judgement, decisions.approved(), boundaryMs);
  }

  private static Evaluation signal(
      GateState state,
      Timeline timeline,
      StageProcess process,
      Findings findings,
      Judgement ofData,
      Set<String> approved,
      long boundaryMs) {
    Attempt attempt = process.attempt();
    Epoch epoch = process.epoch();
    RolloutSpec spec = attempt.definition().spec();
    List<Estimate> estimates = findings.estimates();
    Arrivals.Fired arrived = state.arrivals.fired(boundaryMs);
    Judgement judged = ArrivalReasons.added(ofData, arrived.reasons(), approved);
    boolean other = !judged.verdict().name().equals(state.lastVerdict);
    Map<String, Long> standing = state.standing(judged.verdict(), judged.asks(), boundaryMs);
    Escalation escalation = Escalation.of(judged, standing, attempt, boundaryMs);
    Judgement judgement = escalation.judgement();
    standing.keySet().retainAll(ofData.asks());
    Judgement hashed = Escalation.of(ofData, standing, attempt, boundaryMs).judgement();
    String codes = codes(judgement);
    boolean changed = other || !codes.equals(state.lastCodes);
    state.lastCodes = codes;
    boolean full =
        changed
            || boundaryMs == epoch.leftMs()
            || Math.floorMod(boundaryMs, spec.evidenceEvery().toMillis()) == 0;
    Epoch good = previous(attempt, epoch);
    GateSignal signal =
        new GateSignal(
            id(attempt, epoch, boundaryMs),
            spec.id(),
            attempt.number(),
            epoch.index(),
            epoch.stage().name(),
            epoch.stage().percent(),
            boundaryMs,
            0,
            "",
            DataHash.of(hashed, estimates),
            judgement.verdict(),
            judgement.overridden(),
            judgement.reasons(),
            judgement.evidence(),
            next(spec, epoch, judgement.verdict()),
            nextLook(judgement, timeline, boundaryMs),
            environment(attempt, good),
            good == null ? "" : good.stage().name(),
            spec.owner(),
            spec.contact(),
            escalation.respondByMs(),
            judgement.missing().stream().map(Reason::sentence).toList(),
            attempt.definition().specHash(),
            boundaryMs,
            attempt.definition().resolved().baselinesSnapshotId(),
            arrivals(state, attempt.number(), arrived.clockSkewMs()),
            full,
            changed);
    return new Evaluation(signal, full ? estimates : List.of());
  }

  private static String codes(Judgement judgement) {
    return judgement.reasons().stream()
        .map(Reason::code)
        .collect(Collectors.toCollection(TreeSet::new))
        .toString();
  }

  private static String id(Attempt attempt, Epoch epoch, long boundaryMs) {
    String hash = attempt.definition().specHash();
    return attempt.definition().spec().id()
        + "/"
        + attempt.number()
        + "/"
        + epoch.stage().name()
        + "/"
        + Instant.ofEpochMilli(boundaryMs)
        + "/0/"
        + hash.substring(0, Math.min(12, hash.length()));
  }

  /** The next declared percentage on ADVANCE; null otherwise and when the rollout is complete. */
  private static @Nullable Double next(RolloutSpec spec, Epoch epoch, Verdict verdict) {
    int next = epoch.index() + 1;
    return verdict == Verdict.ADVANCE && next < spec.stages().size()
        ? Double.valueOf(spec.stages().get(next).percent())
        : null;
  }

  /**
   * The boundary at which another verdict is to be looked for: of a HOLD the first at which all
   * that is missing is expected, where that is foretold; else the next. All between are judged too.
   */
  private static long nextLook(Judgement judgement, Timeline timeline, long boundaryMs) {
    long next = timeline.nextBoundary(boundaryMs);
    double expectedMs = judgement.expectedMs();
    return judgement.verdict() == Verdict.HOLD && expectedMs > next && expectedMs < Long.MAX_VALUE
        ? timeline.nextBoundary((long) StrictMath.ceil(expectedMs) - 1)
        : next;
  }

  private static @Nullable Epoch previous(Attempt attempt, Epoch epoch) {
    Epoch before = null;
    for (Epoch other : attempt.epochs()) {
      if (other.enteredMs() < epoch.enteredMs()) {
        before = other;
      }
    }
    return before;
  }

  /**
   * What was deployed when the last good stage was entered; before any, when the rollout was
   * defined.
   */
  private static RolloutEvent.@Nullable Environment environment(
      Attempt attempt, @Nullable Epoch good) {
    RolloutEvent.Environment found = null;
    for (Attempt.Remark remark : attempt.remarks()) {
      RolloutEvent event = remark.control().event();
      boolean defines = good == null && event.kind() == RolloutEvent.Kind.DEFINED;
      boolean enters =
          good != null
              && event.kind() == RolloutEvent.Kind.STAGE_ENTERED
              && event.stage().equals(good.stage().name());
      if ((defines || enters) && event.environment() != null) {
        found = event.environment();
      }
    }
    return found;
  }

  private static GateSignal.Arrivals arrivals(GateState state, int attempt, long clockSkewMs) {
    return new GateSignal.Arrivals(
        state.sums.counted(attempt, CellKey.USED),
        state.sums.counted(attempt, CellKey.DUPLICATE),
        state.sums.counted(attempt, CellKey.LATE),
        state.sums.counted(attempt, CellKey.MIXED),
        state.sums.counted(attempt, CellKey.BEYOND),
        state.arrivals.dead(),
        clockSkewMs);
  }
}
