package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.NoControl;
import io.tidegate.analysis.baseline.ExpectedLevel;
import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.metric.Money;
import io.tidegate.model.Estimate;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Seasonal;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.StageComparison;
import io.tidegate.stats.Stated;
import io.tidegate.stats.estimate.MixShift;
import io.tidegate.stats.season.HourOfWeek;
import io.tidegate.stats.season.SeasonIndex;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.UnitSums;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A stage without control, held against what history expects of its hours (statistics.md §4 "Use in
 * a rollout"; design.md §6). Units are put together by the day of the stage on which they entered;
 * a day counts once its units were followed as long as the baseline follows units. Whatever else
 * moves the world moves these figures too: they are no experiment and lead to REVIEW at most, with
 * no guarantee of an error rate.
 */
final class AgainstBaseline {

  /** Code of a metric that history does not explain. */
  static final String CODE = "WORSE_THAN_BASELINE";

  /** Settled days in a row that must lie outside. */
  static final int DAYS = 2;

  /** Two-sided level of a day's interval. */
  static final double ALPHA = 0.05;

  private static final long DAY_MS = HistoryPlan.DAY_MS;
  private static final long HOUR_MS = HistoryPlan.HOUR_MS;
  private static final long FEWEST = 100;

  private final StageProcess process;
  private final Seasonal seasonal;
  private final RolloutSpec spec;
  private final long boundaryMs;
  private final Findings findings;

  private AgainstBaseline(StageProcess process, Findings findings, long boundaryMs) {
    this.process = process;
    this.seasonal = process.attempt().definition().resolved().seasonal();
    this.spec = process.attempt().definition().spec();
    this.boundaryMs = boundaryMs;
    this.findings = findings;
  }

  /** A day's level beside what is expected of it. */
  private record Day(double expected, double seen, long units, MixShift.Change change) {
    boolean worse(int harmSign) {
      return harmSign > 0 ? change.interval().lower() > 0 : change.interval().upper() < 0;
    }
  }

  /** Adds a row per treatment and metric, and reasons. */
  static void judge(StageProcess process, Findings findings, long boundaryMs) {
    AgainstBaseline against = new AgainstBaseline(process, findings, boundaryMs);
    for (int t = 1; t <= against.spec.flag().treatments().size(); t++) {
      for (int m = 0; m < against.spec.metrics().size(); m++) {
        against.judge(Subject.overall(t, m, against.spec.metrics().get(m)));
      }
    }
  }

  private void judge(Subject subject) {
    Metric metric = subject.metric();
    String why = unknown(subject);
    List<Day> days = new ArrayList<>();
    if (why.isEmpty()) {
      ExpectedLevel expected =
          ExpectedLevel.of(process.attempt().definition().resolved(), metric.name());
      for (int day = 0; day < NoControl.DAYS && settledMs(day, metric) <= boundaryMs; day++) {
        Day found = day(subject, day, expected);
        if (found != null) {
          days.add(found);
        }
      }
      if (days.isEmpty()) {
        why = "TOO_FEW_UNITS: no day with " + FEWEST + " units is settled yet";
      }
    }
    Day last = days.isEmpty() ? null : days.get(days.size() - 1);
    findings.againstBaseline.add(row(subject, last, why));
    boolean judged = metric.role() == Role.GUARDRAIL || metric.role() == Role.SUCCESS;
    if (judged && last != null && days.size() >= DAYS) {
      List<Day> newest = days.subList(days.size() - DAYS, days.size());
      if (newest.stream().allMatch(d -> d.worse(subject.harmSign()))) {
        findings.worseThanBaseline.add(reason(subject, last));
      }
    }
  }

  /** Why a metric cannot be held against history; empty where it can. */
  private String unknown(Subject subject) {
    Metric metric = subject.metric();
    if (seasonal.profile(metric.name()) == null) {
      return "NO_DATA: the rollout was defined without a baseline of the metric";
    }
    if (seasonal.weeks() < ExpectedLevel.FIRM_WEEKS) {
      return "START_UP: the baseline is of less than two weeks";
    }
    MetricKind kind = metric.kind();
    boolean grows =
        kind.window() == null
            && !kind.isRatio()
            && !(kind instanceof MetricKind.Retention)
            && !(kind instanceof MetricKind.Depth);
    return grows
        ? "OUT_OF_RANGE: without a window it grows with a unit's age"
        : Examiner.noRate(kind, refused(subject));
  }

  /** Units of the stage whose total is not known. */
  private long refused(Subject subject) {
    MetricKind kind = subject.metric().kind();
    long refused = 0;
    for (int day = 0; Money.converts(kind) && day < NoControl.DAYS; day++) {
      UnitSums sums = process.entered(day, subject.treatment(), subject.metricIndex());
      refused += Money.refused(kind, sums);
    }
    return refused;
  }

  /** When the units of a day were followed to the end. */
  private long settledMs(int day, Metric metric) {
    return startMs(day) + DAY_MS + HistoryPlan.followMs(metric.kind());
  }

  private long startMs(int day) {
    return process.epoch().enteredMs() + day * DAY_MS;
  }

  /** Null where the day has too few units, was a holiday, or nothing can be said of it. */
  private @Nullable Day day(Subject subject, int day, ExpectedLevel expected) {
    UnitSums sums = process.entered(day, subject.treatment(), subject.metricIndex());
    boolean ratio = subject.metric().kind().isRatio();
    Stated<Moments> found = ratio ? sums.ratio().score() : Stated.of(sums.moments());
    if (sums.units() < FEWEST || !found.said()) {
      return null;
    }
    Stated<SeasonIndex> season = expected.over(weights(day));
    Seasonal.Profile profile = expected.profile();
    Moments seen = found.orThrow();
    Stated<Double> variance = seen.meanVariance();
    if (!season.said() || profile == null || !variance.said() || !(seen.mean() > 0)) {
      return null;
    }
    double level = season.orThrow().expected() * profile.level();
    double sampling = variance.orThrow() / (seen.mean() * seen.mean());
    return new Day(
        level,
        seen.mean(),
        sums.units(),
        MixShift.change(seen.mean() / level, sampling + season.orThrow().logVariance(), ALPHA));
  }

  /** The traffic that history knows of the hours of a day; none of a holiday. */
  private Map<Long, Double> weights(int day) {
    Map<Long, Double> weights = new TreeMap<>();
    ZoneId zone = ZoneId.of(seasonal.zone());
    long fromMs = startMs(day);
    long firstMs = Math.floorDiv(fromMs, HOUR_MS) * HOUR_MS;
    for (long hourMs = firstMs; hourMs < fromMs + DAY_MS; hourMs += HOUR_MS) {
      if (seasonal.isHoliday(HourOfWeek.day(hourMs, zone))) {
        return Map.of();
      }
      double units =
          seasonal.unitsPerHour().isEmpty()
              ? 1
              : seasonal.unitsPerHour().get(HourOfWeek.of(hourMs, zone));
      double part = Math.min(hourMs + HOUR_MS, fromMs + DAY_MS) - Math.max(hourMs, fromMs);
      weights.put(hourMs, units * part / HOUR_MS);
    }
    return weights;
  }

  private Estimate row(Subject subject, @Nullable Day day, String why) {
    EstimateRow row = new EstimateRow();
    row.rolloutId = spec.id();
    row.attempt = process.attempt().number();
    row.epoch = process.epoch().index();
    row.stage = process.epoch().stage().name();
    row.boundaryMs = boundaryMs;
    row.treatmentVariant = spec.flag().treatments().get(subject.treatment() - 1);
    row.metric = subject.metric().name();
    row.dimension = SegmentDimension.ALL;
    row.segment = SegmentDimension.EVERY_UNIT;
    row.purpose = Purpose.DETERIORATION;
    row.basis = Estimate.BASELINE;
    row.normalisation = StageComparison.SEASON;
    row.alpha = ALPHA;
    row.reason = why;
    if (day != null) {
      row.method = "season_index";
      row.control = day.expected();
      row.treatment = day.seen();
      row.effect = day.seen() - day.expected();
      row.relativeEffect = day.change().estimate();
      row.relativeInterval = day.change().interval();
      row.unitsTreatment = day.units();
    }
    return row.build();
  }

  private static Reason reason(Subject subject, Day day) {
    return new Reason(
        CODE,
        subject.label()
            + " was worse than history expects on the last "
            + DAYS
            + " days that are settled (now "
            + Quality.number(day.seen())
            + " where "
            + Quality.number(day.expected())
            + " is expected); against the baseline, there is no control: other causes are not"
            + " ruled out",
        Quality.number(day.seen()),
        Quality.number(day.expected()));
  }
}
