package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutSpec;
import io.tidegate.stats.sequence.LabelRange;
import io.tidegate.stats.sequence.LabelTest;
import io.tidegate.stats.sequence.RatioStratum;
import io.tidegate.stats.sequence.SampleRatio;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Is the data itself sound? Every check that fires gives a reason; bad data never advances a
 * rollout. How records arrive is looked at in {@link Arrivals}.
 */
final class Quality {

  /** Level of the test whether units have an outcome declared invariant alike. */
  static final double JOIN_ALPHA = 0.001;

  /** Level of the test whether the trigger lets units of every variant in alike. */
  static final double TRIGGER_ALPHA = 0.001;

  static final String TRIGGER_RATE = "TRIGGER_RATE_DIFFERS";

  /** Share of events that may come late, and beyond the horizon, once there are this many. */
  static final double LATE_SHARE = 0.05;

  static final double BEYOND_SHARE = 0.01;

  private static final long LATE_FROM = 1_000;

  /** Share of all units, and of one variant's, that may be seen in a second variant. */
  static final double MIXED_OF_ALL = 0.001;

  static final double MIXED_OF_VARIANT = 0.01;

  /** Level of the test whether events come late more often in one variant. */
  static final double DELAY_ALPHA = 0.001;

  /**
   * Level at which late events in one variant put a harm in doubt that is shown now: there a few of
   * them are reason enough to let a person look first.
   */
  static final double DOUBT_ALPHA = 0.1;

  /** Code of that test; while it stands, harm is not acted upon. */
  static final String DELAY_DIFFERS = "DELAY_DIFFERS";

  private Quality() {}

  /**
   * Every check.
   *
   * @param harm whether harm is shown that has not rolled back yet
   */
  static List<Reason> fired(GateState state, StageProcess process, boolean harm, long boundaryMs) {
    List<Reason> reasons = new ArrayList<>();
    refused(process.attempt(), boundaryMs, reasons);
    if (!process.strata().isEmpty()) {
      SplitCheck.fired(state, process, reasons);
      triggered(state, process, reasons);
      joined(state, process, reasons);
      late(state, process, reasons);
      mixed(process, reasons);
      delay(state, process, harm, reasons);
      new Volume(state, process, boundaryMs).missing(reasons);
      new Instrumentation(state, process, boundaryMs).gaps(reasons);
    }
    return reasons;
  }

  private static void refused(Attempt attempt, long boundaryMs, List<Reason> reasons) {
    for (Attempt.Remark remark : attempt.remarksBefore(boundaryMs)) {
      if (!remark.refused().isEmpty()) {
        reasons.add(
            new Reason(
                "EVENT_REFUSED",
                remark.control().event().kind() + " was not followed: " + remark.refused(),
                remark.control().event().eventId(),
                ""));
      }
    }
  }

  static String counts(List<RatioStratum> ratios) {
    long[] totals = new long[ratios.get(0).counts().size()];
    for (RatioStratum ratio : ratios) {
      for (int i = 0; i < totals.length; i++) {
        totals[i] += ratio.counts().get(i);
      }
    }
    StringBuilder text = new StringBuilder();
    for (long total : totals) {
      text.append(text.isEmpty() ? "" : " : ").append(total);
    }
    return text.toString();
  }

  private static void mixed(StageProcess process, List<Reason> reasons) {
    int variants = process.strata().get(0).shares().size();
    long allMixed = 0;
    long all = 0;
    boolean one = false;
    for (int v = 0; v < variants; v++) {
      long units = process.units(v, -1, 0);
      long mixed = process.mixed(v);
      allMixed += mixed;
      all += units;
      one |= units > 0 && mixed > MIXED_OF_VARIANT * units;
    }
    if (all >= 100 && (allMixed > MIXED_OF_ALL * all || one)) {
      reasons.add(
          new Reason(
              "MIXED_UNITS",
              allMixed + " of " + all + " units were seen in a second variant",
              percent((double) allMixed / all),
              percent(MIXED_OF_ALL)));
    }
  }

  /** Outcomes that a change cannot move: does either variant have them less often? */
  private static void joined(GateState state, StageProcess process, List<Reason> reasons) {
    RolloutSpec spec = process.attempt().definition().spec();
    List<String> invariants = spec.quality().invariants();
    List<String> treatments = spec.flag().treatments();
    for (int i = 0; i < invariants.size(); i++) {
      int channel = process.plan().invariantChannel(i);
      for (int t = 1; t <= treatments.size(); t++) {
        double logE = LabelTest.logE(process.labels(channel, t, -1, 0), 0, Side.TWO);
        double most = state.running("join/" + process.number() + "/" + i + "/" + t, logE);
        double needed = StrictMath.log((double) treatments.size() * invariants.size() / JOIN_ALPHA);
        if (most >= needed) {
          reasons.add(
              new Reason(
                  "JOIN_RATE_DIFFERS",
                  invariants.get(i)
                      + " is declared invariant but "
                      + joinRate(process, channel, t)
                      + " of the units of "
                      + treatments.get(t - 1)
                      + " have it and "
                      + joinRate(process, channel, 0)
                      + " of control",
                  "log e " + number(most),
                  "log e " + number(needed)));
        }
      }
    }
  }

  /**
   * Does the trigger come alike in every variant? Where the exposed units are split as declared, so
   * are those of them that a trigger finds which the change does not move.
   */
  private static void triggered(GateState state, StageProcess process, List<Reason> reasons) {
    OutcomeFilter trigger = process.attempt().definition().spec().trigger();
    List<RatioStratum> entered = process.entered();
    if (trigger == null || entered.isEmpty()) {
      return;
    }
    double most =
        state.running("trigger/" + process.epoch().index(), SampleRatio.of(entered).logE());
    double needed = StrictMath.log(1 / TRIGGER_ALPHA);
    if (most >= needed) {
      List<String> variants = process.attempt().definition().spec().flag().variants();
      List<String> rates = new ArrayList<>();
      for (int v = 0; v < variants.size(); v++) {
        rates.add(triggerRate(process, v) + " of the exposed units of " + variants.get(v));
      }
      reasons.add(
          new Reason(
              TRIGGER_RATE,
              trigger.outcome() + " lets in " + String.join(" and ", rates),
              "log e " + number(most),
              "log e " + number(needed)));
    }
  }

  private static String triggerRate(StageProcess process, int variant) {
    long exposed = process.exposed(variant);
    return exposed == 0 ? "none" : percent((double) process.units(variant, -1, 0) / exposed);
  }

  private static String joinRate(StageProcess process, int channel, int variant) {
    UnitSums sums = process.pooled(variant, -1, 0, channel);
    return sums.units() == 0 ? "none" : percent((double) sums.unitsNonZero() / sums.units());
  }

  private static void late(GateState state, StageProcess process, List<Reason> reasons) {
    int attempt = process.attempt().number();
    long beyond = state.sums.counted(attempt, CellKey.BEYOND);
    long late = state.sums.counted(attempt, CellKey.LATE) + beyond;
    long all = state.sums.counted(attempt, CellKey.USED) + late;
    if (all < LATE_FROM) {
      return;
    }
    if (late > LATE_SHARE * all || beyond > BEYOND_SHARE * all) {
      boolean lost = beyond > BEYOND_SHARE * all;
      reasons.add(
          new Reason(
              "LATE_SHARE",
              late + " of " + all + " events came late, " + beyond + " of them too late to count",
              percent((double) (lost ? beyond : late) / all),
              percent(lost ? BEYOND_SHARE : LATE_SHARE)));
    }
  }

  private static void delay(
      GateState state, StageProcess process, boolean harm, List<Reason> reasons) {
    List<String> treatments = process.attempt().definition().spec().flag().treatments();
    double level = DOUBT_ALPHA / treatments.size();
    double needed = StrictMath.log(treatments.size() / DELAY_ALPHA);
    for (int t = 1; t <= treatments.size(); t++) {
      LabelRange late = process.lateness(t);
      double most = state.running("delay/" + process.number() + "/" + t, late.logE());
      String treatment = treatments.get(t - 1);
      if (most >= needed) {
        reasons.add(delayed(late, treatment, "log e " + number(most), "log e " + number(needed)));
      } else if (harm) {
        double p = late.midP();
        if (p <= level) {
          reasons.add(delayed(late, treatment, "p " + number(p), "p " + number(level)));
        }
      }
    }
  }

  private static Reason delayed(
      LabelRange late, String treatment, String observed, String threshold) {
    return new Reason(
        DELAY_DIFFERS,
        "events come late for "
            + late.eventsTreatment()
            + " units of "
            + treatment
            + " and "
            + late.eventsControl()
            + " of control, in proportion neither to the units nor to what they do",
        observed,
        threshold);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.3g %%", 100 * share);
  }
}
