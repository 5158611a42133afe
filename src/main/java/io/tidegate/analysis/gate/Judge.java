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
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The order of judgement (design: "From evidence to a verdict"): first match wins, every step
 * leaves its reasons.
 */
final class Judge {

  private static final String HARM_SHOWN = "HARM_SHOWN";

  private final GateState state;
  private final StageProcess process;
  private final Findings findings;
  private final Decisions decisions;
  private final boolean paused;
  private final long boundaryMs;
  private final Sentences sentences;
  private final List<Reason> reasons = new ArrayList<>();
  private final Set<Estimate> evidence = new LinkedHashSet<>();
  private final Set<String> asks = new TreeSet<>();

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
    this.sentences = new Sentences(process);
  }

  Judgement judge() {
    Verdict verdict = harm();
    Set<String> ofHarm = Set.copyOf(asks);
    verdict = first(verdict, review(findings.quality));
    Verdict shock = shock();
    boolean waits = verdict == null && shock == Verdict.HOLD;
    verdict = first(first(verdict, shock), worse());
    verdict = first(verdict, review(findings.worseThanBaseline));
    Enough enough = Enough.of(state, process, findings, decisions, paused, boundaryMs);
    List<Reason> missing = enough.missing();
    verdict = first(verdict, enough(missing));
    verdict = first(verdict, deadline());
    if (verdict == null) {
      verdict = Verdict.HOLD;
    }
    reasons.addAll(missing);
    // A shock may be over at any boundary.
    double expectedMs = waits ? Double.POSITIVE_INFINITY : enough.expectedMs();
    Verdict override = decisions.override();
    if (override != null) {
      reasons.add(
          new Reason(
              "OVERRIDDEN",
              decisions.overrideBy() + " set " + override + " over " + verdict,
              "",
              ""));
      return new Judgement(
          override, true, reasons, List.copyOf(evidence), missing, expectedMs, Set.of());
    }
    return new Judgement(
        verdict,
        false,
        reasons,
        List.copyOf(evidence),
        missing,
        expectedMs,
        asked(verdict, ofHarm));
  }

  /** What a person must answer: of a ROLLBACK only the harm. */
  private Set<String> asked(Verdict verdict, Set<String> ofHarm) {
    return switch (verdict) {
      case ROLLBACK -> ofHarm;
      case REVIEW -> asks;
      case ADVANCE, HOLD -> Set.of();
    };
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
        decided(test);
        reasons.add(harmReason(test, doubtful));
        asks.add(about(HARM_SHOWN, test));
        state.rolledBack |= !doubtful;
      }
    }
    if (state.rolledBack && reasons.isEmpty()) {
      latched();
    }
    for (Tested test : findings.harm) {
      double needed = StrictMath.log(1 / test.alpha());
      if (!test.shown() && test.logE() >= needed / 2) {
        decided(test);
        reasons.add(
            new Reason(
                "HARM_NOT_YET_SHOWN",
                sentences.near(test),
                sentences.evidence(test),
                "log e " + Quality.number(needed)));
      }
    }
    return state.rolledBack ? Verdict.ROLLBACK : null;
  }

  /** Its row is evidence, unless it is of a segment that must not be shown. */
  private void decided(Tested test) {
    if (process.shown(test.subject().dimension(), test.subject().segment())) {
      evidence.add(test.estimate());
    }
  }

  /** A rollback that nothing shows now; it asks what it asked when it was shown. */
  private void latched() {
    boolean byPerson = state.fired.isEmpty();
    String code = byPerson ? "ROLLBACK_SET" : HARM_SHOWN;
    reasons.add(
        new Reason(
            code,
            (byPerson ? "a person set ROLLBACK" : "harm was shown")
                + " earlier in this attempt; only an override clears it",
            "",
            ""));
    asks.addAll(state.asked());
    if (asks.isEmpty()) {
      asks.add(code);
    }
  }

  private static String about(String code, Tested test) {
    return code + Judgement.ABOUT + test.subject().treatment() + "/" + test.subject().label();
  }

  private Reason harmReason(Tested test, boolean doubtful) {
    return new Reason(
        HARM_SHOWN,
        sentences.harm(test)
            + (doubtful ? "; not acted upon while events come late in one variant" : ""),
        sentences.evidence(test),
        "log e " + Quality.number(StrictMath.log(1 / test.alpha())));
  }

  /** REVIEW for reasons that nobody approved. */
  private @Nullable Verdict review(List<Reason> fired) {
    Verdict verdict = null;
    for (Reason reason : fired) {
      verdict = first(verdict, review(reason, reason.code()));
    }
    return verdict;
  }

  private @Nullable Verdict review(Reason reason, String ask) {
    reasons.add(reason);
    if (decisions.approved().contains(reason.code())) {
      return null;
    }
    asks.add(ask);
    return Verdict.REVIEW;
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
    Verdict verdict = null;
    for (Tested test : findings.worse) {
      if (test.shown()) {
        evidence.add(test.estimate());
        Reason reason =
            new Reason(
                "WORSE_WITHIN_TOLERANCE",
                sentences.worse(test),
                "log e " + Quality.number(test.logE()),
                "log e " + Quality.number(StrictMath.log(1 / test.alpha())));
        verdict = first(verdict, review(reason, about(reason.code(), test)));
      }
    }
    return verdict;
  }

  private @Nullable Verdict enough(List<Reason> missing) {
    findings.proven.values().forEach(t -> evidence.add(t.estimate()));
    findings.success.forEach(t -> evidence.add(t.estimate()));
    evidence.addAll(findings.againstBaseline);
    if (!missing.isEmpty()) {
      return null;
    }
    if (asks.contains(AgainstBaseline.CODE)) {
      return null;
    }
    Epoch epoch = process.epoch();
    boolean last = epoch.index() == process.attempt().definition().spec().stages().size() - 1;
    reasons.add(
        new Reason(
            last ? "COMPLETE" : "ENOUGH",
            last
                ? "the last stage ran its time" + (compared() ? " without harm" : unproven())
                : "everything stage " + epoch.stage().name() + " requires is shown",
            "",
            ""));
    return Verdict.ADVANCE;
  }

  private boolean compared() {
    return !process.strata().isEmpty();
  }

  /** What a stage without control can claim. */
  private String unproven() {
    String worse = findings.worseThanBaseline.isEmpty() ? "" : "what was worse is approved";
    String known =
        findings.asBaseline.isEmpty()
            ? ""
            : "nothing asks for a review of " + String.join(", ", findings.asBaseline);
    String said = worse + (worse.isEmpty() || known.isEmpty() ? "" : ", ") + known;
    StringBuilder unproven = new StringBuilder("; it has no control, and ");
    unproven.append(
        said.isEmpty()
            ? "no guardrail or success metric could be held against the baseline so far"
            : "against the baseline " + said);
    findings.unlikeBaseline.forEach(
        (why, metrics) ->
            unproven
                .append("; cannot say against the baseline: ")
                .append(String.join(", ", metrics))
                .append(", for ")
                .append(why));
    return unproven.append(findings.upgraded ? AgainstBaseline.UPGRADED : "").toString();
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
