package io.tidegate.analysis.gate;

import io.tidegate.model.Reason;
import io.tidegate.model.Resolved;
import io.tidegate.model.Seasonal;
import io.tidegate.stats.season.HourOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/**
 * Are there as many units and events as there should be? Units against the plan, by the hours of
 * the week; events of the last hour against the rollout's own hours before; units of a segment
 * against its share so far.
 */
final class Volume {

  static final String CODE = "DATA_MISSING";

  /** Share of what is expected below which data are missing. */
  static final double MISSING_BELOW = 0.1;

  /** How long a stage has run before its units are held against the plan. */
  static final long MISSING_AFTER_MS = 6 * HourlyFlow.HOUR_MS;

  /** Units or events that must be expected for their absence to say something. */
  static final double EXPECTED_FROM = 50;

  /** Complete hours that tell how many events an hour brings. */
  private static final int LEARNT_FROM = 6;

  private final GateState state;
  private final StageProcess process;
  private final long boundaryMs;
  private final Seasonal seasonal;
  private final ZoneId zone;

  Volume(GateState state, StageProcess process, long boundaryMs) {
    this.state = state;
    this.process = process;
    this.boundaryMs = boundaryMs;
    this.seasonal = process.attempt().definition().resolved().seasonal();
    this.zone = ZoneId.of(seasonal.zone());
  }

  void missing(List<Reason> reasons) {
    units(reasons);
    events(reasons);
    segments(reasons);
  }

  private void units(List<Reason> reasons) {
    long fromMs = process.epoch().enteredMs();
    for (Resolved.StagePlan plan : process.attempt().definition().resolved().stages()) {
      if (plan.stage().equals(process.epoch().stage().name())
          && plan.controlUnits() > 0
          && boundaryMs - fromMs >= MISSING_AFTER_MS) {
        double whole = traffic(fromMs, fromMs + process.epoch().stage().provingTime().toMillis());
        double due = plan.controlUnits() * StrictMath.min(1, traffic(fromMs, boundaryMs) / whole);
        long seen = process.unitsOfStage(0);
        if (seen < MISSING_BELOW * due) {
          reasons.add(
              reason(
                  "control has " + seen + " units where history expects about " + round(due),
                  seen,
                  due));
        }
      }
    }
  }

  /** Relative traffic that the hours of the week bring in a span of time. */
  double traffic(long fromMs, long toMs) {
    if (seasonal.unitsPerHour().isEmpty()) {
      return toMs - fromMs;
    }
    return weeklyUnits().sum(fromMs, toMs);
  }

  private WeeklyHours weeklyUnits() {
    return new WeeklyHours(seasonal.unitsPerHour(), zone);
  }

  /** A stream that has stopped. Without the hours of the week a quiet night would look like one. */
  private void events(List<Reason> reasons) {
    long last = HourlyFlow.lastComplete(boundaryMs);
    int attempt = process.attempt().number();
    long firstMs =
        Math.floorDiv(process.epoch().enteredMs(), HourlyFlow.HOUR_MS) * HourlyFlow.HOUR_MS
            + HourlyFlow.HOUR_MS;
    long fromMs = Math.max(firstMs, last - (HourlyFlow.HOURS - 1) * HourlyFlow.HOUR_MS);
    if (seasonal.isHoliday(HourOfWeek.day(last, zone))
        || seasonal.unitsPerHour().isEmpty()
        || last - fromMs < LEARNT_FROM * HourlyFlow.HOUR_MS) {
      return;
    }
    double events = 0;
    double weights = 0;
    for (long hourMs = fromMs; hourMs < last; hourMs += HourlyFlow.HOUR_MS) {
      events += state.flow.used(hourMs, attempt);
      weights += weeklyUnits().at(hourMs);
    }
    double expected = weights > 0 ? events / weights * weeklyUnits().at(last) : 0;
    long seen = state.flow.used(last, attempt);
    if (expected >= EXPECTED_FROM && seen < MISSING_BELOW * expected) {
      reasons.add(
          reason(
              "the hour from "
                  + Instant.ofEpochMilli(last)
                  + " brought "
                  + seen
                  + " events where about "
                  + round(expected)
                  + " are usual",
              seen,
              expected));
    }
  }

  /** Segments that have gone dark in the last day, of those large enough to be named. */
  private void segments(List<Reason> reasons) {
    for (int d = 0; d < process.plan().dimensions().size(); d++) {
      Entries entries = Entries.of(state, process, boundaryMs, d);
      double allBefore = entries.allBefore();
      long allLately = entries.allLately();
      for (int s = 0; s < process.plan().segmentCount(d); s++) {
        long before = entries.before(s);
        long lately = entries.lately(s);
        double expected = allBefore > 0 ? allLately * before / allBefore : 0;
        if (before >= EXPECTED_FROM
            && expected >= EXPECTED_FROM
            && lately < MISSING_BELOW * expected
            && process.shown(d, s)) {
          reasons.add(
              reason(
                  lately
                      + " units of "
                      + process.plan().dimensions().get(d).name()
                      + "="
                      + process.plan().segmentName(d, s)
                      + " entered in the last day, where its share until then is about "
                      + round(expected),
                  lately,
                  expected));
        }
      }
    }
  }

  private static Reason reason(String sentence, long seen, double expected) {
    return new Reason(
        CODE, sentence, Long.toString(seen), Long.toString(round(MISSING_BELOW * expected)));
  }

  private static long round(double units) {
    return StrictMath.round(units);
  }
}
