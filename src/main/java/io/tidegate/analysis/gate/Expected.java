package io.tidegate.analysis.gate;

import io.tidegate.analysis.gate.GateState.Frozen;
import io.tidegate.model.Estimate;
import io.tidegate.model.Margin;
import io.tidegate.model.MetricKind;
import io.tidegate.model.Resolved;
import io.tidegate.model.Stage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When something that a stage lacks is to be expected: from the traffic that history predicts for
 * it, else from the stage's own so far. The answers end a sentence, and are empty where nothing can
 * be said. Mutable: remembers the latest answer.
 */
final class Expected {

  /**
   * Units per variant that show a margin in 82–85 % of runs without an effect, times (margin/sd)²
   * (design.md §4).
   */
  private static final double PROOF = 27;

  private final GateState state;
  private final StageProcess process;
  private final long boundaryMs;
  private double latestMs = Double.NEGATIVE_INFINITY;

  Expected(GateState state, StageProcess process, long boundaryMs) {
    this.state = state;
    this.process = process;
    this.boundaryMs = boundaryMs;
  }

  /** At a known instant. */
  String at(double timeMs) {
    if (!(timeMs < 4e12)) {
      return unknown();
    }
    latestMs = StrictMath.max(latestMs, timeMs);
    Instant instant = Instant.ofEpochMilli((long) timeMs).truncatedTo(ChronoUnit.MINUTES);
    Stage stage = process.epoch().stage();
    boolean tooLate =
        stage.maxDuration() != null
            && timeMs > process.epoch().enteredMs() + (double) stage.maxDuration().toMillis();
    return "; expected about " + instant + (tooLate ? ", after the stage's max_duration" : "");
  }

  /** Takes note of something that no figure foretells. */
  void unforetold() {
    latestMs = Double.POSITIVE_INFINITY;
  }

  private String unknown() {
    unforetold();
    return "";
  }

  /**
   * When all that was asked about is there, or the stage must be looked at anyway, whichever comes
   * first; infinite where something is not foretold, and negative infinite where nothing was asked.
   */
  double latestMs() {
    Stage stage = process.epoch().stage();
    return stage.maxDuration() == null || latestMs == Double.POSITIVE_INFINITY
        ? latestMs
        : StrictMath.min(
            latestMs, process.epoch().enteredMs() + (double) stage.maxDuration().toMillis());
  }

  /** When a variant has that many units more. */
  String units(int variant, double more) {
    double rate = perMs(variant);
    return rate > 0 ? at(boundaryMs + more / rate) : unknown();
  }

  /** When a margin that is not shown yet usually is, if there is no effect. */
  String proof(Tested proof) {
    Frozen frozen = state.frozen.get(proof.subject().metricIndex());
    Margin margin = Examination.stageMargin(process, proof.subject().metric());
    if (frozen == null
        || margin == null
        || proof.subject().metric().kind() instanceof MetricKind.Quantile) {
      return unknown();
    }
    double relative =
        margin.relative() == null ? 0 : margin.relative() * StrictMath.abs(frozen.mean());
    double absolute = margin.absolute() == null ? 0 : margin.absolute();
    double effect = StrictMath.max(relative, absolute);
    if (!(effect > 0)) {
      return unknown();
    }
    double needed = PROOF * frozen.variance() / (effect * effect);
    Estimate row = proof.estimate();
    double has = harmonic(row.unitsControl(), row.unitsTreatment());
    String figures =
        "; it usually takes "
            + StrictMath.round(needed)
            + " units per variant, with "
            + StrictMath.round(has)
            + " so far";
    double rate = harmonic(perMs(0), perMs(proof.subject().treatment()));
    return figures
        + (needed > has && rate > 0 ? at(boundaryMs + (needed - has) / rate) : unknown());
  }

  /** Units per variant that tell as much as two unequal numbers. */
  private static double harmonic(double a, double b) {
    return a + b > 0 ? 2 * a * b / (a + b) : 0;
  }

  /** New units of a variant a millisecond. */
  private double perMs(int variant) {
    Resolved.@Nullable StagePlan plan = plan();
    if (plan != null && plan.controlUnits() > 0) {
      List<StageProcess.Stratum> strata = process.strata();
      List<Double> shares = strata.get(strata.size() - 1).shares();
      return plan.controlUnits()
          / process.epoch().stage().provingTime().toMillis()
          * shares.get(variant)
          / shares.get(0);
    }
    long ranMs = boundaryMs - process.epoch().enteredMs();
    return ranMs > 0 ? (double) process.unitsOfStage(variant) / ranMs : 0;
  }

  private Resolved.@Nullable StagePlan plan() {
    for (Resolved.StagePlan plan : process.attempt().definition().resolved().stages()) {
      if (plan.stage().equals(process.epoch().stage().name())) {
        return plan;
      }
    }
    return null;
  }
}
