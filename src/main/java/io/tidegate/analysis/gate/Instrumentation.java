package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.Plan;
import io.tidegate.model.Reason;
import io.tidegate.model.Seasonal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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

  /** The same while a gap stands: it goes on until the outcome comes again. */
  private static final double STANDING_FROM = 10;

  /** Complete hours in which an outcome is looked for; the longest is a whole day. */
  private static final List<Integer> LATEST_HOURS = List.of(3, 6, 12, HourlyFlow.HOURS);

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
  private final Activity ever;
  private final boolean standing;

  Instrumentation(GateState state, StageProcess process, long boundaryMs) {
    this.state = state;
    this.process = process;
    this.boundaryMs = boundaryMs;
    this.plan = process.plan();
    this.attempt = process.attempt().number();
    this.variants = process.strata().get(0).shares().size();
    this.ever = state.sums.activity(attempt, variants);
    this.standing = state.lastCodes.contains(GAP);
  }

  void gaps(List<Reason> reasons) {
    Set<Integer> gone = vanished(reasons);
    for (int outcome = 1; outcome <= plan.outcomes().size(); outcome++) {
      if (!gone.contains(outcome)) {
        never(outcome, reasons);
      }
    }
    for (int d = 0; d < plan.dimensions().size(); d++) {
      Entries entries = Entries.of(state, process, boundaryMs, d);
      int listed = plan.dimensions().get(d).values().size();
      rise(entries, d, listed + 1, GAP, "is no longer filled in", reasons);
      rise(entries, d, listed, NOVELTY, "has values that it did not have", reasons);
    }
  }

  /**
   * Complete hours, and all that the attempt has brought before them.
   *
   * @param keptMs first complete hour of the attempt that the flow keeps
   */
  private record Latest(
      long keptMs, long sinceMs, long endMs, int hours, Activity before, Activity lately) {}

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
    long keptMs = Math.max(firstMs, endMs - HourlyFlow.HOURS * HourlyFlow.HOUR_MS);
    for (int hours : LATEST_HOURS) {
      long sinceMs = endMs - hours * HourlyFlow.HOUR_MS;
      if (sinceMs - firstMs >= LEARNT_FROM * HourlyFlow.HOUR_MS) {
        Activity since = state.flow.activity(sinceMs, Long.MAX_VALUE, attempt, variants);
        Activity lately = state.flow.activity(sinceMs, endMs, attempt, variants);
        Latest latest = new Latest(keptMs, sinceMs, endMs, hours, ever.minus(since), lately);
        for (int outcome = 1; outcome <= plan.outcomes().size(); outcome++) {
          if (!gone.contains(outcome) && vanished(latest, outcome, reasons)) {
            gone.add(outcome);
          }
        }
      }
    }
    return gone;
  }

  /** From everybody, else from a variant. */
  private boolean vanished(Latest latest, int outcome, List<Reason> reasons) {
    boolean day = latest.hours() == HourlyFlow.HOURS;
    double from = standing && day ? STANDING_FROM : EXPECTED_FROM;
    for (int v = Activity.ALL; v < variants; v++) {
      double expected = expected(latest, v, outcome);
      long seen = latest.lately().events(v, outcome);
      if (expected >= from && seen < GONE_BELOW * expected) {
        reasons.add(
            reason(
                "came "
                    + seen
                    + " times since "
                    + Instant.ofEpochMilli(latest.sinceMs())
                    + (v == Activity.ALL ? "" : " in variant " + variant(v))
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

  private double expected(Latest latest, int variant, int outcome) {
    Activity before = latest.before();
    Activity lately = latest.lately();
    double came = before.events(variant, outcome);
    double others = before.events(variant) - came;
    double entered = before.entered(variant);
    if (others <= 0 || entered <= 0) {
      return 0;
    }
    double othersLately = lately.events(variant) - lately.events(variant, outcome);
    return came
        * StrictMath.min(
            inItsHours(othersLately / others, latest, outcome),
            StrictMath.max(0, lately.entered(variant)) / entered);
  }

  /**
   * How many times of what came before an outcome should come lately, where the others do so many
   * times: by the hours in which history has it; else, by whether it comes in most hours, or, over
   * a day, by the time.
   */
  private double inItsHours(double others, Latest latest, int outcome) {
    WeeklyHours own = history(outcome);
    if (own != null) {
      double usual = growth(List.of(own), latest);
      double usualOthers = growth(historyOfOthers(outcome), latest);
      return usualOthers > 0 ? others * usual / usualOthers : StrictMath.min(others, usual);
    }
    if (latest.hours() == HourlyFlow.HOURS) {
      double time = latest.endMs() - latest.sinceMs();
      return StrictMath.min(others, time / (latest.sinceMs() - startMs()));
    }
    long kept = (latest.sinceMs() - latest.keptMs()) / HourlyFlow.HOUR_MS;
    int with = state.flow.hoursWith(outcome, latest.keptMs(), latest.sinceMs(), attempt);
    return standing || 2L * with >= kept ? others : 0;
  }

  private double growth(List<WeeklyHours> outcomes, Latest latest) {
    double before = 0;
    double lately = 0;
    for (WeeklyHours hours : outcomes) {
      before += hours.sum(startMs(), latest.sinceMs());
      lately += hours.sum(latest.sinceMs(), latest.endMs());
    }
    return before > 0 ? lately / before : 0;
  }

  private List<WeeklyHours> historyOfOthers(int outcome) {
    List<WeeklyHours> others = new ArrayList<>();
    for (int other = 1; other <= plan.outcomes().size(); other++) {
      WeeklyHours hours = history(other);
      if (hours != null && other != outcome) {
        others.add(hours);
      }
    }
    return others;
  }

  private long startMs() {
    return process.attempt().startMs();
  }

  /** The hours in which history has an outcome; null where it does not know it. */
  private @Nullable WeeklyHours history(int outcome) {
    Seasonal seasonal = process.attempt().definition().resolved().seasonal();
    Seasonal.Volume volume = seasonal.volumes().get(plan.outcomes().get(outcome - 1));
    return volume == null ? null : new WeeklyHours(volume.perHour(), ZoneId.of(seasonal.zone()));
  }

  private String variant(int index) {
    return process.attempt().definition().spec().flag().variants().get(index);
  }

  /** An outcome that history knows of and the rollout has never seen. */
  private void never(int outcome, List<Reason> reasons) {
    WeeklyHours own = history(outcome);
    if (own == null || ever.events(Activity.ALL, outcome) > 0) {
      return;
    }
    double seen = 0;
    double usual = 0;
    for (int other = 1; other <= plan.outcomes().size(); other++) {
      WeeklyHours hours = history(other);
      if (hours != null && other != outcome) {
        seen += ever.events(Activity.ALL, other);
        usual += hours.sum(startMs(), boundaryMs);
      }
    }
    double expected = usual > 0 ? seen * own.sum(startMs(), boundaryMs) / usual : 0;
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

  /**
   * A segment that stands for no value, or for an unlisted one, and takes more of the units that
   * entered in the last day than it did before; without a day before, than history says.
   */
  private void rise(
      Entries entries, int dimension, int segment, String code, String what, List<Reason> reasons) {
    long lately = entries.lately(segment);
    long allLately = entries.allLately();
    double usual = usual(dimension, segment, entries.before(segment), entries.allBefore());
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
