package io.tidegate.analysis.gate;

import io.tidegate.analysis.decision.RampStep;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.model.Better;
import io.tidegate.model.Estimate;
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

/**
 * What a stage still lacks before ADVANCE.
 *
 * @param missing empty when it has enough
 * @param expectedMs when all of it is expected, epoch milliseconds; infinite where something is not
 *     foretold
 */
record Enough(List<Reason> missing, double expectedMs) {

  static Enough of(
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
      expected.unforetold();
      lacks.add(new Reason("PAUSED", "the rollout is paused", "", ""));
    }
    if (epoch.index() < spec.stages().size() - 1) {
      if (!process.strata().isEmpty()) {
        units(process, stage, expected, lacks);
        proofs(process, findings, expected, lacks);
        success(stage, findings, expected, lacks);
      }
      people(process, decisions, expected, lacks);
    }
    return new Enough(List.copyOf(lacks), expected.latestMs());
  }

  private static void success(
      Stage stage, Findings findings, Expected expected, List<Reason> lacks) {
    if (stage.successRequired() && findings.success.stream().noneMatch(Tested::shown)) {
      expected.unforetold();
      lacks.add(
          new Reason("SUCCESS_NOT_SHOWN", "no success metric is shown to improve yet", "", ""));
    }
  }

  /** What people must say. */
  private static void people(
      StageProcess process, Decisions decisions, Expected expected, List<Reason> lacks) {
    RolloutSpec spec = process.attempt().definition().spec();
    Epoch epoch = process.epoch();
    if (epoch.stage().manualReview() && !decisions.approved().contains("MANUAL_REVIEW")) {
      expected.unforetold();
      lacks.add(new Reason("MANUAL_REVIEW", "a person must approve MANUAL_REVIEW", "", ""));
    }
    double next = spec.stages().get(epoch.index() + 1).percent();
    for (RolloutSpec.SignOff signOff : spec.signOffs()) {
      if (next >= signOff.beforePercent() && !decisions.signOffs().contains(signOff.name())) {
        expected.unforetold();
        lacks.add(
            new Reason(
                "SIGN_OFF_MISSING",
                "sign-off " + signOff.name() + " is due before " + signOff.beforePercent() + " %",
                "",
                signOff.name()));
      }
    }
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
      expected.unforetold();
      return new Reason(
          "NOT_PROVEN", metric.name() + " is required but states no margin to be shown", "", "");
    }
    if (!proof.estimate().reason().isEmpty() && proof.estimate().eValueLog() == null) {
      expected.unforetold();
      return new Reason("CANNOT_SAY", metric.name() + ": " + proof.estimate().reason(), "", "");
    }
    Margin margin = Examination.stageMargin(process, metric);
    return new Reason(
        "NOT_PROVEN",
        metric.name()
            + " is not yet shown to be no worse than the margin of "
            + (margin == null ? "none" : Sentences.margin(margin))
            + budget(process, metric, proof)
            + expected.proof(proof),
        "log e " + Quality.number(proof.logE()),
        "log e " + Quality.number(StrictMath.log(1 / proof.alpha())));
  }

  /**
   * The share of traffic at which the loss that is not ruled out yet stays within the metric's
   * margin at full exposure (statistics.md §8); empty where it allows no more than the stage has.
   */
  private static String budget(StageProcess process, Metric metric, Tested proof) {
    Margin margin = metric.margin();
    Estimate row = proof.estimate();
    Double loss =
        metric.better() == Better.UP ? row.relEffectSizeLower() : row.relEffectSizeUpper();
    if (margin == null || margin.relative() == null || loss == null) {
      return "";
    }
    double worst = -metric.better().sign() * loss;
    double percent = 100 * RampStep.next(worst, List.of(), 0, margin.relative()).cap();
    return worst > 0 && percent > process.epoch().stage().percent()
        ? String.format(
            Locale.ROOT,
            "; a loss of %.3g %% is not ruled out, which the margin allows at up to %.3g %%",
            100 * worst,
            percent)
        : "";
  }

  static String text(long ms) {
    Duration d = Duration.ofMillis(ms);
    if (d.toDays() > 0) {
      return String.format(Locale.ROOT, "%d d %d h", d.toDays(), d.toHoursPart());
    }
    return String.format(Locale.ROOT, "%d h %d min", d.toHours(), d.toMinutesPart());
  }
}
