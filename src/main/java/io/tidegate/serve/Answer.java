package io.tidegate.serve;

import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Nearest;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import io.tidegate.model.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a tool that asks about a rollout is told: whether it may go on now. A verdict is passed on
 * only while it is about the stage in force and fresh; whatever else is the case is INCONCLUSIVE.
 *
 * @param code stable, in capitals: a verdict's name, or why it is not one
 * @param sentence for a person
 */
public record Answer(Outcome outcome, String code, String sentence) {

  /** The three outcomes that rollout tools know. */
  public enum Outcome {
    PASS,
    INCONCLUSIVE,
    FAIL
  }

  /** Nothing was said of what is in force now. */
  public static final String NOT_JUDGED = "NOT_JUDGED";

  /** What was said is too old to act on. */
  public static final String STALE = "STALE";

  /** Reason code of a verdict that nobody answered in time. */
  private static final String RESPONSE_OVERDUE = "RESPONSE_OVERDUE";

  private static final int REASONS_SHOWN = 3;

  /**
   * The answer about a stage.
   *
   * @param stage the stage asked about; empty for the one in force
   */
  public static Answer of(RolloutState state, String stage, Ageing ageing, long nowMs) {
    Definition definition = state.definition();
    Attempt attempt = state.attempt();
    if (definition == null) {
      return unknown("NOT_DEFINED", "rollout " + state.id() + " is not defined");
    }
    RolloutSpec spec = definition.spec();
    if (!stage.isEmpty() && spec.stageIndex(stage) < 0) {
      List<String> stages = spec.stages().stream().map(Stage::name).toList();
      String expected = "the stages are " + String.join(", ", stages);
      return unknown(
          "UNKNOWN_STAGE",
          "there is no stage " + stage + ": " + Nearest.suggest(expected, stage, stages));
    }
    if (attempt == null) {
      return unknown(
          "NOT_ENTERED",
          "no stage of rollout "
              + state.id()
              + " was entered yet: tidegate rollout enter "
              + state.id()
              + " "
              + spec.stages().get(0).name()
              + " enters the first");
    }
    return ofAttempt(state, attempt, stage, ageing, nowMs);
  }

  /** For a rollout of which no topic says anything. */
  static Answer unknownRollout(String id, List<String> known) {
    return unknown("UNKNOWN_ROLLOUT", Nearest.suggest("there is no rollout " + id, id, known));
  }

  /** Until the topics are read to their end. */
  static Answer starting() {
    return unknown("STARTING", "the verdicts are still being read");
  }

  /** Where what the topics say cannot be worked with. */
  static Answer unjudgeable(String why) {
    return unknown("CANNOT_SAY", why);
  }

  private static Answer ofAttempt(
      RolloutState state, Attempt attempt, String stage, Ageing ageing, long nowMs) {
    RolloutState.Phase phase = state.phase();
    GateSignal signal = state.currentSignal();
    if (phase == RolloutState.Phase.ROLLED_BACK) {
      String sentence = "attempt " + attempt.number() + " was rolled back";
      return new Answer(Outcome.FAIL, "ROLLED_BACK", sentence);
    }
    if (signal != null && signal.verdict() == Verdict.ROLLBACK) {
      return new Answer(Outcome.FAIL, "ROLLBACK", sentence(signal));
    }
    if (phase == RolloutState.Phase.COMPLETED) {
      return new Answer(Outcome.PASS, "COMPLETED", "the rollout is complete");
    }
    Epoch epoch = attempt.epochs().get(attempt.epochs().size() - 1);
    String current = epoch.stage().name();
    if (!stage.isEmpty() && !stage.equals(current)) {
      boolean before = attempt.definition().spec().stageIndex(stage) < epoch.index();
      return before
          ? unknown("STAGE_LEFT", "stage " + stage + " was left; " + current + " is in force")
          : unknown(
              "STAGE_NOT_ENTERED",
              "stage " + stage + " was not entered yet; " + current + " is in force");
    }
    if (signal == null || !signal.stage().equals(current)) {
      return unknown(
          NOT_JUDGED,
          "stage " + current + " has no verdict yet: " + firstLook(state, epoch, ageing, nowMs));
    }
    return signal.verdict() == Verdict.ADVANCE
        ? advance(state, attempt, signal, ageing, nowMs)
        : unknown(signal.verdict().name(), sentence(signal));
  }

  /** When a stage that has no verdict is first judged, and why that may not have come. */
  private static String firstLook(RolloutState state, Epoch epoch, Ageing ageing, long nowMs) {
    long dueMs = state.timeline().nextBoundary(epoch.enteredMs());
    boolean due = ageing.clockMs(state, nowMs) >= dueMs;
    String stale = ageing.of(state, nowMs).stale();
    return "its first look "
        + (due ? "was" : "is")
        + " due at "
        + Instant.ofEpochMilli(dueMs)
        + (stale.isEmpty() ? "" : ", but " + stale);
  }

  private static Answer advance(
      RolloutState state, Attempt attempt, GateSignal signal, Ageing ageing, long nowMs) {
    for (Attempt.Remark remark : attempt.remarks()) {
      Kind kind = remark.control().event().kind();
      boolean stops = kind == Kind.PAUSED || kind == Kind.DECISION;
      if (stops && remark.control().effectiveMs() >= signal.boundaryMs()) {
        return unknown(
            NOT_JUDGED,
            "what "
                + remark.control().event().actor()
                + " said ("
                + kind.name().toLowerCase(Locale.ROOT)
                + ") is not in the verdict yet");
      }
    }
    String stale = ageing.of(state, nowMs).stale();
    return stale.isEmpty()
        ? new Answer(Outcome.PASS, "ADVANCE", sentence(signal))
        : unknown(STALE, stale);
  }

  /**
   * What of a verdict's reasons still bears on anything: of a ROLLBACK not what an ADVANCE would
   * have taken, and once the attempt has ended not that somebody has to answer.
   */
  public static List<Reason> reasons(RolloutState.Phase phase, GateSignal signal) {
    boolean back = signal.verdict() == Verdict.ROLLBACK;
    boolean open = phase == RolloutState.Phase.RUNNING;
    return signal.reasons().stream()
        .filter(reason -> open || !reason.code().equals(RESPONSE_OVERDUE))
        .filter(reason -> (open && !back) || !signal.missing().contains(reason.sentence()))
        .toList();
  }

  /** A verdict in one sentence: for ROLLBACK what harmed, else what is missing or was seen. */
  static String sentence(GateSignal signal) {
    List<Reason> reasons = reasons(RolloutState.Phase.RUNNING, signal);
    String why =
        reasons.stream()
            .limit(REASONS_SHOWN)
            .map(Reason::sentence)
            .collect(Collectors.joining("; "));
    String more =
        reasons.size() > REASONS_SHOWN
            ? " (and " + (reasons.size() - REASONS_SHOWN) + " more)"
            : "";
    return signal.verdict()
        + " at stage "
        + signal.stage()
        + (signal.overridden() ? " (overridden)" : "")
        + (why.isEmpty() ? "" : ": ")
        + why
        + more
        + ". Next: "
        + next(signal);
  }

  private static String next(GateSignal signal) {
    String who = signal.contact().isEmpty() ? signal.owner() : signal.contact();
    Double percent = signal.nextPercent();
    return switch (signal.verdict()) {
      case ROLLBACK ->
          "take the change back"
              + (signal.restoreStage().isEmpty() ? "" : " to stage " + signal.restoreStage());
      case REVIEW ->
          who
              + " looks, then tidegate rollout decide "
              + signal.rolloutId()
              + " approve or override";
      case ADVANCE ->
          percent == null
              ? "complete the rollout"
              : "raise to " + String.format(Locale.ROOT, "%.4g %%", percent);
      case HOLD -> "wait for the look at " + Instant.ofEpochMilli(signal.nextLookMs());
    };
  }

  private static Answer unknown(String code, String sentence) {
    return new Answer(Outcome.INCONCLUSIVE, code, sentence);
  }
}
