package io.tidegate.analysis.gate;

import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a stage still lacks before ADVANCE; empty when it has enough. */
final class Enough {

  private Enough() {}

  static List<Reason> missing(
      GateState state,
      StageProcess process,
      Findings findings,
      Decisions decisions,
      boolean paused,
      long boundaryMs) {
    List<Reason> lacks = new ArrayList<>();
    RolloutSpec spec = process.attempt().definition().spec();
    Epoch epoch = process.epoch();
    Stage stage = epoch.stage();
    long ranMs = boundaryMs - epoch.enteredMs();
    Expected expected = new Expected(state, process, boundaryMs);
    if (ranMs < stage.minDuration().toMillis()) {
      lacks.add(
          new Reason(
              "MIN_DURATION",
              "the stage has run "
                  + text(ranMs)
                  + " of "
                  + text(stage.minDuration().toMillis())
                  + expected.at(epoch.enteredMs() + stage.minDuration().toMillis()),
              text(ranMs),
              text(stage.minDuration().toMillis())));
    }
    if (paused) {
      lacks.add(new Reason("PAUSED", "the rollout is paused", "", ""));
    }
    boolean last = epoch.index() == spec.stages().size() - 1;
    if (last) {
      return lacks;
    }
    if (!process.strata().isEmpty()) {
      units(process, stage, expected, lacks);
      proofs(process, findings, expected, lacks);
      if (stage.successRequired() && findings.success.stream().noneMatch(Tested::shown)) {
        lacks.add(
            new Reason("SUCCESS_NOT_SHOWN", "no success metric is shown to improve yet", "", ""));
      }
    }
    if (stage.manualReview() && !decisions.approved().contains("MANUAL_REVIEW")) {
      lacks.add(new Reason("MANUAL_REVIEW", "a person must approve MANUAL_REVIEW", "", ""));
    }
    double next = spec.stages().get(epoch.index() + 1).percent();
    for (RolloutSpec.SignOff signOff : spec.signOffs()) {
      if (next >= signOff.beforePercent() && !decisions.signOffs().contains(signOff.name())) {
        lacks.add(
            new Reason(
                "SIGN_OFF_MISSING",
                "sign-off " + signOff.name() + " is due before " + signOff.beforePercent() + " %",
                "",
                signOff.name()));
      }
    }
    return lacks;
  }

  private static void units(
      StageProcess process, Stage stage, Expected expected, List<Reason> lacks) {
    long fewest = Long.MAX_VALUE;
    int smallest = 0;
    for (int v = 0; v < process.strata().get(0).shares().size(); v++) {
      if (process.unitsOfStage(v) < fewest) {
        fewest = process.unitsOfStage(v);
        smallest = v;
      }
    }
    if (fewest < stage.minUnits()) {
      lacks.add(
          new Reason(
              "MIN_UNITS",
              "the smallest variant has "
                  + fewest
                  + " of "
                  + stage.minUnits()
                  + " units"
                  + expected.units(smallest, stage.minUnits() - fewest),
              Long.toString(fewest),
              Long.toString(stage.minUnits())));
    }
  }

  private static void proofs(
      StageProcess process, Findings findings, Expected expected, List<Reason> lacks) {
    RolloutSpec spec = process.attempt().definition().spec();
    for (Metric metric : spec.required(process.epoch().stage())) {
      for (int t = 1; t <= spec.flag().treatments().size(); t++) {
        Tested proof = findings.proven.get(t + "/" + metric.name());
        if (proof == null || !proof.shown()) {
          lacks.add(notProven(process, metric, proof, expected));
        }
      }
    }
  }

  private static Reason notProven(
      StageProcess process, Metric metric, @Nullable Tested proof, Expected expected) {
    if (proof == null) {
      return new Reason(
          "NOT_PROVEN", metric.name() + " is required but states no margin to be shown", "", "");
    }
    if (!proof.estimate().reason().isEmpty() && proof.estimate().eValueLog() == null) {
      return new Reason("CANNOT_SAY", metric.name() + ": " + proof.estimate().reason(), "", "");
    }
    Margin margin = Examination.stageMargin(process, metric);
    return new Reason(
        "NOT_PROVEN",
        metric.name()
            + " is not yet shown to be no worse than the margin of "
            + (margin == null ? "none" : Sentences.margin(margin))
            + expected.proof(proof),
        "log e " + Quality.number(proof.logE()),
        "log e " + Quality.number(StrictMath.log(1 / proof.alpha())));
  }

  static String text(long ms) {
    Duration d = Duration.ofMillis(ms);
    if (d.toDays() > 0) {
      return String.format(Locale.ROOT, "%d d %d h", d.toDays(), d.toHoursPart());
    }
    return String.format(Locale.ROOT, "%d h %d min", d.toHours(), d.toMinutesPart());
  }
}
