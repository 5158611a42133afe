package io.tidegate.analysis.gate;

import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.model.Estimate;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import io.tidegate.model.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order of judgement (design: "From evidence to a verdict"): first match wins, every step
 * leaves its reasons.
 */
final class Judge {

  private final GateState state;
  private final StageProcess process;
  private final Findings findings;
  private final Decisions decisions;
  private final boolean paused;
  private final long boundaryMs;
  private final Sentences sentences;
  private final List<Reason> reasons = new ArrayList<>();
  private final Set<Estimate> evidence = new LinkedHashSet<>();

  Judge(
      GateState state,
      StageProcess process,
      Findings findings,
      Decisions decisions,
      boolean paused,
      long boundaryMs) {
    this.state = state;
    this.process = process;
    this.findings = findings;
    this.decisions = decisions;
    this.paused = paused;
    this.boundaryMs = boundaryMs;
    this.sentences = new Sentences(process.attempt().definition().spec());
  }

  Judgement judge() {
    Verdict verdict = null;
    verdict = first(verdict, harm());
    verdict = first(verdict, review(findings.quality));
    verdict = first(verdict, shock());
    verdict = first(verdict, worse());
    List<Reason> missing = Enough.missing(state, process, findings, decisions, paused, boundaryMs);
    verdict = first(verdict, enough(missing));
    verdict = first(verdict, deadline());
    if (verdict == null) {
      verdict = Verdict.HOLD;
    }
    reasons.addAll(missing);
    Verdict override = decisions.override();
    if (override != null) {
      reasons.add(
          new Reason(
              "OVERRIDDEN",
              decisions.overrideBy() + " set " + override + " over " + verdict,
              "",
              ""));
      return new Judgement(override, true, reasons, List.copyOf(evidence), missing);
    }
    return new Judgement(verdict, false, reasons, List.copyOf(evidence), missing);
  }

  private static @Nullable Verdict first(@Nullable Verdict so, @Nullable Verdict then) {
    return so != null ? so : then;
  }

  /** ROLLBACK, which latches; while events come late in one variant only what latched before. */
  private @Nullable Verdict harm() {
    boolean doubtful =
        !state.rolledBack
            && findings.quality.stream().anyMatch(r -> r.code().equals(Quality.DELAY_DIFFERS))
            && !decisions.approved().contains(Quality.DELAY_DIFFERS);
    for (Tested test : findings.harm) {
      if (test.shown()) {
        evidence.add(test.estimate());
        reasons.add(harmReason(test, doubtful));
        state.rolledBack |= !doubtful;
      }
    }
    if (state.rolledBack && reasons.isEmpty()) {
      reasons.add(latched());
    }
    for (Tested test : findings.harm) {
      double needed = StrictMath.log(1 / test.alpha());
      if (!test.shown() && test.logE() >= needed / 2) {
        evidence.add(test.estimate());
        reasons.add(
            new Reason(
                "HARM_NOT_YET_SHOWN",
                sentences.near(test),
                "log e " + Quality.number(test.logE()),
                "log e " + Quality.number(needed)));
      }
    }
    return state.rolledBack ? Verdict.ROLLBACK : null;
  }

  private Reason latched() {
    boolean byPerson = state.fired.isEmpty();
    return new Reason(
        byPerson ? "ROLLBACK_SET" : "HARM_SHOWN",
        (byPerson ? "a person set ROLLBACK" : "harm was shown")
            + " earlier in this attempt; only an override clears it",
        "",
        "");
  }

  private Reason harmReason(Tested test, boolean doubtful) {
    return new Reason(
        "HARM_SHOWN",
        sentences.harm(test)
            + (doubtful ? "; not acted upon while events come late in one variant" : ""),
        "log e " + Quality.number(test.logE()),
        "log e " + Quality.number(StrictMath.log(1 / test.alpha())));
  }

  /** REVIEW for reasons that nobody approved. */
  private @Nullable Verdict review(List<Reason> fired) {
    Verdict verdict = null;
    for (Reason reason : fired) {
      reasons.add(reason);
      if (!decisions.approved().contains(reason.code())) {
        verdict = Verdict.REVIEW;
      }
    }
    return verdict;
  }

  private @Nullable Verdict shock() {
    if (review(findings.shock) == null) {
      return null;
    }
    RolloutSpec spec = process.attempt().definition().spec();
    long lastsMs = boundaryMs - state.shockSinceMs;
    return lastsMs > spec.decision().shockPatience().toMillis() || overdue()
        ? Verdict.REVIEW
        : Verdict.HOLD;
  }

  private @Nullable Verdict worse() {
    List<Reason> fired = new ArrayList<>();
    for (Tested test : findings.worse) {
      if (test.shown()) {
        evidence.add(test.estimate());
        fired.add(
            new Reason(
                "WORSE_WITHIN_TOLERANCE",
                sentences.worse(test),
                "log e " + Quality.number(test.logE()),
                "log e " + Quality.number(StrictMath.log(1 / test.alpha()))));
      }
    }
    return review(fired);
  }

  private @Nullable Verdict enough(List<Reason> missing) {
    findings.proven.values().forEach(t -> evidence.add(t.estimate()));
    findings.success.forEach(t -> evidence.add(t.estimate()));
    if (!missing.isEmpty()) {
      return null;
    }
    Epoch epoch = process.epoch();
    boolean last = epoch.index() == process.attempt().definition().spec().stages().size() - 1;
    reasons.add(
        new Reason(
            last ? "COMPLETE" : "ENOUGH",
            last
                ? "the last stage ran its time without harm"
                : "everything stage " + epoch.stage().name() + " requires is shown",
            "",
            ""));
    return Verdict.ADVANCE;
  }

  private boolean overdue() {
    Stage stage = process.epoch().stage();
    return stage.maxDuration() != null
        && boundaryMs - process.epoch().enteredMs() >= stage.maxDuration().toMillis();
  }

  private @Nullable Verdict deadline() {
    if (!overdue()) {
      return null;
    }
    return review(
        List.of(
            new Reason(
                "MAX_DURATION",
                "the stage has run longer than " + process.epoch().stage().maxDuration(),
                "",
                "")));
  }
}
