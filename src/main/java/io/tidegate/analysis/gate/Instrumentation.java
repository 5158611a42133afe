package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.attribution.Plan;
import io.tidegate.model.Reason;
import io.tidegate.model.Seasonal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Do the events still say what they said? An outcome that vanished, or that history knows and
 * nobody sends; an attribute that is no longer filled in, or has values it never had.
 *
 * <p>Plain rules, far from what chance does: of 100 expected outcomes fewer than 5 come with a
 * Poisson probability of 2·10⁻³⁷, and of 8·10⁻⁹ where the number varies by 30 % beyond counting; an
 * attribute's share must be 10 points above three times what it was, of 200 units, which chance
 * does in no more than 2·10⁻⁷ of looks, whatever the share.
 */
final class Instrumentation {

  static final String GAP = "INSTRUMENTATION_GAP";
  static final String NOVELTY = "SCHEMA_NOVELTY";

  /** Outcomes that must be expected for their absence to say something, and the share missed. */
  private static final double EXPECTED_FROM = 100;

  private static final double GONE_BELOW = 0.05;

  /** Complete hours in which an outcome is looked for. */
  private static final List<Integer> LATEST_HOURS = List.of(3, 6, 12);

  /** Complete hours that tell how often an outcome comes. */
  private static final int LEARNT_FROM = 6;

  /** Units that must have entered for their attributes to say something. */
  private static final long UNITS = 200;

  private static final double SHARE_FACTOR = 3;
  private static final double SHARE_RISE = 0.1;

  private final GateState state;
  private final StageProcess process;
  private final long boundaryMs;
  private final Plan plan;
  private final int attempt;
  private final int variants;

  Instrumentation(GateState state, StageProcess process, long boundaryMs) {
    this.state = state;
    this.process = process;
    this.boundaryMs = boundaryMs;
    this.plan = process.plan();
    this.attempt = process.attempt().number();
    this.variants = process.strata().get(0).shares().size();
  }

  void gaps(List<Reason> reasons) {
    Set<Integer> gone = vanished(reasons);
    for (int outcome = 1; outcome <= plan.outcomes().size(); outcome++) {
      if (!gone.contains(outcome)) {
        never(outcome, reasons);
      }
    }
    for (int d = 0; d < plan.dimensions().size(); d++) {
      int listed = plan.dimensions().get(d).values().size();
      rise(d, listed + 1, GAP, "is no longer filled in", reasons);
      rise(d, listed, NOVELTY, "has values that it did not have", reasons);
    }
  }

  /**
   * Outcomes that came and come no more. As many are expected as an outcome's share of the
   * variant's events, or the units that entered, would bring, whichever is less: one that units
   * have once becomes rare when fewer enter.
   */
  private Set<Integer> vanished(List<Reason> reasons) {
    Set<Integer> gone = new TreeSet<>();
    long endMs = HourlyFlow.lastComplete(boundaryMs) + HourlyFlow.HOUR_MS;
    long firstMs =
        Math.floorDiv(process.attempt().startMs(), HourlyFlow.HOUR_MS) * HourlyFlow.HOUR_MS
            + HourlyFlow.HOUR_MS;
    long fromMs = Math.max(firstMs, endMs - HourlyFlow.HOURS * HourlyFlow.HOUR_MS);
    for (int hours : LATEST_HOURS) {
      long sinceMs = endMs - hours * HourlyFlow.HOUR_MS;
      if (sinceMs - fromMs >= LEARNT_FROM * HourlyFlow.HOUR_MS) {
        HourlyFlow.Activity before = state.flow.activity(fromMs, sinceMs, attempt, variants);
        HourlyFlow.Activity lately = state.flow.activity(sinceMs, endMs, attempt, variants);
        for (int outcome = 1; outcome <= plan.outcomes().size(); outcome++) {
          if (!gone.contains(outcome) && vanished(before, lately, outcome, sinceMs, reasons)) {
            gone.add(outcome);
          }
        }
      }
    }
    return gone;
  }

  /** From everybody, else from a variant. */
  private boolean vanished(
      HourlyFlow.Activity before,
      HourlyFlow.Activity lately,
      int outcome,
      long sinceMs,
      List<Reason> reasons) {
    for (int v = HourlyFlow.Activity.ALL; v < variants; v++) {
      double expected = expected(before, lately, v, outcome);
      long seen = lately.events(v, outcome);
      if (expected >= EXPECTED_FROM && seen < GONE_BELOW * expected) {
        reasons.add(
            reason(
                "came "
                    + seen
                    + " times since "
                    + Instant.ofEpochMilli(sinceMs)
                    + (v == HourlyFlow.Activity.ALL ? "" : " in variant " + variant(v))
                    + ", where about "
                    + StrictMath.round(expected)
                    + " were usual before",
                outcome,
                seen,
                expected));
        return true;
      }
    }
    return false;
  }

  private Reason reason(String what, int outcome, long seen, double expected) {
    return new Reason(
        GAP,
        plan.outcomes().get(outcome - 1) + " " + what,
        Long.toString(seen),
        Long.toString(StrictMath.round(GONE_BELOW * expected)));
  }

  private static double expected(
      HourlyFlow.Activity before, HourlyFlow.Activity lately, int variant, int outcome) {
    double came = before.events(variant, outcome);
    double others = before.events(variant) - came;
    double entered = before.entered(variant);
    if (others <= 0 || entered <= 0) {
      return 0;
    }
    double othersLately = lately.events(variant) - lately.events(variant, outcome);
    return came
        * StrictMath.min(
            othersLately / others, StrictMath.max(0, lately.entered(variant)) / entered);
  }

  private String variant(int index) {
    return process.attempt().definition().spec().flag().variants().get(index);
  }

  /** An outcome that history knows of and the rollout has never seen. */
  private void never(int outcome, List<Reason> reasons) {
    Map<String, Seasonal.Volume> volumes =
        process.attempt().definition().resolved().seasonal().volumes();
    Seasonal.Volume own = volumes.get(plan.outcomes().get(outcome - 1));
    if (own == null || state.sums.counted(attempt, CellKey.USED, outcome) > 0) {
      return;
    }
    double seen = 0;
    double week = 0;
    for (int other = 1; other <= plan.outcomes().size(); other++) {
      Seasonal.Volume volume = volumes.get(plan.outcomes().get(other - 1));
      if (volume != null && other != outcome) {
        seen += state.sums.counted(attempt, CellKey.USED, other);
        week += week(volume);
      }
    }
    double expected = week > 0 ? seen * week(own) / week : 0;
    if (expected >= EXPECTED_FROM) {
      reasons.add(
          reason(
              "has not come from any unit since the first stage, where history expects about "
                  + StrictMath.round(expected),
              outcome,
              0,
              expected));
    }
  }

  private static double week(Seasonal.Volume volume) {
    return volume.perHour().stream().mapToDouble(Double::doubleValue).sum();
  }

  /**
   * A segment that stands for no value, or for an unlisted one, and takes more of the units that
   * entered in the last day than it did before; without a day before, than history says.
   */
  private void rise(int dimension, int segment, String code, String what, List<Reason> reasons) {
    long lately = 0;
    long allLately = 0;
    long ever = 0;
    long allEver = 0;
    for (int v = 0; v < variants; v++) {
      for (int s = 0; s < plan.segmentCount(dimension); s++) {
        long entered = state.flow.entered(boundaryMs, attempt, process.number(), v, dimension, s);
        long units = process.units(v, dimension, s);
        allLately += entered;
        allEver += units;
        if (s == segment) {
          lately += entered;
          ever += units;
        }
      }
    }
    double usual = usual(dimension, segment, ever - lately, allEver - allLately);
    double share = (double) lately / StrictMath.max(1, allLately);
    double most = SHARE_FACTOR * usual + SHARE_RISE;
    if (allLately >= UNITS && share > most && process.shown(dimension, segment)) {
      reasons.add(
          new Reason(
              code,
              plan.dimensions().get(dimension).name()
                  + " "
                  + what
                  + ": "
                  + Quality.percent(share)
                  + " of the units that entered in the last day are "
                  + plan.segmentName(dimension, segment)
                  + ", where "
                  + Quality.percent(usual)
                  + " were usual",
              Quality.percent(share),
              Quality.percent(most)));
    }
  }

  /** Share that is usual; 1 where nothing is known. */
  private double usual(int dimension, int segment, long before, long allBefore) {
    if (allBefore >= UNITS) {
      return (double) before / allBefore;
    }
    Map<String, Double> mix =
        process
            .attempt()
            .definition()
            .resolved()
            .seasonal()
            .mix()
            .get(plan.dimensions().get(dimension).name());
    return mix == null ? 1 : mix.getOrDefault(plan.segmentName(dimension, segment), 0.0);
  }
}
