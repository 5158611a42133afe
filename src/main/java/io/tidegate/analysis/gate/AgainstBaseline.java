package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.NoControl;
import io.tidegate.analysis.baseline.ExpectedLevel;
import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.metric.Money;
import io.tidegate.analysis.metric.UnitFolds;
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
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.UnitSums;
import io.tidegate.stats.tail.Tails;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A stage without control, held against what history expects of its hours (statistics.md §4 "Use in
 * a rollout"; design.md §6). Units are put together by the week of entry ({@link NoControl}), as
 * history's are: those of a day are not alike, the busy ones being seen first. The newest week
 * counts whose units were followed as long as the baseline follows units. Whatever else moves the
 * world moves these figures too: they are no experiment and lead to REVIEW at most.
 */
final class AgainstBaseline {

  /** Code of a metric that history does not explain. */
  static final String CODE = "WORSE_THAN_BASELINE";

  /** Two-sided level, shared by the metrics that are judged and the weeks of entry. */
  static final double ALPHA = 0.05;

  /**
   * By how much every interval is wider, relatively. The weeks of history's units begin at all
   * hours, a stage at one; where hours and units differ much, that alone moves a week's level, by
   * up to 4.6 % in the worlds computed (design-decisions.md).
   */
  static final double COMMON_START = 0.05;

  /** Said of units of which some were given another version of the flag than others. */
  static final String UPGRADED =
      "; the flag's version changed while the stage ran: its units were not all given the same";

  private static final long DAY_MS = HistoryPlan.DAY_MS;
  private static final long HOUR_MS = HistoryPlan.HOUR_MS;
  private static final long FEWEST = 100;

  private final StageProcess process;
  private final Seasonal seasonal;
  private final RolloutSpec spec;
  private final long boundaryMs;
  private final Findings findings;
  private final int cycleDays;
  private final double alpha;
  private final NavigableMap<Integer, Set<Integer>> versions;

  private AgainstBaseline(StageProcess process, Findings findings, long boundaryMs) {
    this.process = process;
    this.seasonal = process.attempt().definition().resolved().seasonal();
    this.spec = process.attempt().definition().spec();
    this.boundaryMs = boundaryMs;
    this.findings = findings;
    this.cycleDays = NoControl.cycleDays(spec);
    long judged =
        spec.flag().treatments().size()
            * spec.metrics().stream().filter(AgainstBaseline::isJudged).count();
    this.alpha = ALPHA / (NoControl.WEEKS * Math.max(1, judged));
    this.versions = process.sums().versions(process.attempt().number(), process.epoch().index());
  }

  /** A week's level beside what is expected of it. */
  private record Week(
      double expected, double seen, long units, String method, MixShift.Change change) {
    boolean worse(int harmSign) {
      return harmSign > 0 ? change.interval().lower() > 0 : change.interval().upper() < 0;
    }
  }

  /** Adds a row per treatment and metric, and reasons. */
  static void judge(StageProcess process, Findings findings, long boundaryMs) {
    AgainstBaseline against = new AgainstBaseline(process, findings, boundaryMs);
    for (int m = 0; m < against.spec.metrics().size(); m++) {
      Metric metric = against.spec.metrics().get(m);
      boolean asExpected = isJudged(metric);
      for (int t = 1; t <= against.spec.flag().treatments().size(); t++) {
        asExpected &= against.judge(Subject.overall(t, m, metric));
      }
      if (asExpected) {
        findings.asBaseline.add(metric.name());
      }
      String unlike = against.seasonal.unlike(against.spec, metric.name());
      if (isJudged(metric) && !unlike.isEmpty()) {
        findings.unlikeBaseline.computeIfAbsent(unlike, u -> new ArrayList<>()).add(metric.name());
      }
    }
  }

  /** Whether a metric was held against history and is not worse. */
  private boolean judge(Subject subject) {
    Metric metric = subject.metric();
    String why = unknown(subject);
    int newest = NoControl.WEEKS - 1;
    while (newest >= 0 && settledMs(newest, metric) > boundaryMs) {
      newest--;
    }
    if (why.isEmpty() && newest < 0) {
      why = "TOO_FEW_UNITS: the units of no week of entry were followed to the end yet";
    }
    Stated<Week> found = Stated.cannotSay(Stated.Reason.NO_DATA, "");
    if (why.isEmpty()) {
      found = week(subject, newest);
      why = found instanceof Stated.CannotSay<Week> no ? no.reason() + ": " + no.detail() : "";
    }
    Week week = found.said() ? found.orThrow() : null;
    findings.againstBaseline.add(row(subject, week, why));
    if (week == null) {
      return false;
    }
    boolean upgraded = upgradedBy(newest * cycleDays + NoControl.WEEK_DAYS);
    findings.upgraded |= upgraded;
    boolean worse = week.worse(subject.harmSign());
    if (worse && isJudged(metric)) {
      findings.worseThanBaseline.add(reason(subject, week, upgraded));
    }
    return !worse;
  }

  /** Whether the stage's units joined it at more than one version of the flag before a day. */
  private boolean upgradedBy(int day) {
    return versions.headMap(day, false).values().stream()
            .flatMap(Set::stream)
            .distinct()
            .limit(2)
            .count()
        > 1;
  }

  private static boolean isJudged(Metric metric) {
    return metric.role() == Role.GUARDRAIL || metric.role() == Role.SUCCESS;
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
    String unlike = seasonal.unlike(spec, metric.name());
    if (!unlike.isEmpty()) {
      return "UNLIKE_UNITS: " + unlike;
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
    for (int day = 0; Money.converts(kind) && day < NoControl.WEEKS * cycleDays; day++) {
      UnitSums sums = process.entered(day, subject.treatment(), subject.metricIndex());
      refused += Money.refused(kind, sums);
    }
    return refused;
  }

  /** When the units of a week of entry were followed to the end. */
  private long settledMs(int week, Metric metric) {
    int days = week * cycleDays + NoControl.WEEK_DAYS;
    return startMs(days) + UnitFolds.followMs(metric.kind());
  }

  private long startMs(int day) {
    return NoControl.startMs(spec, process.epoch()) + day * DAY_MS;
  }

  private Stated<Week> week(Subject subject, int week) {
    boolean ratio = subject.metric().kind().isRatio();
    UnitSums sums = new UnitSums();
    Map<Long, Double> weights = new TreeMap<>();
    for (int day = week * cycleDays; day < week * cycleDays + NoControl.WEEK_DAYS; day++) {
      UnitSums entered = process.entered(day, subject.treatment(), subject.metricIndex());
      sums.add(entered);
      double weight = ratio ? entered.sumD().doubleValue() / UnitSums.SCALE : entered.units();
      if (!weigh(weights, day, weight)) {
        return Stated.cannotSay(
            Stated.Reason.OUT_OF_RANGE, "the newest settled week of entry has a holiday in it");
      }
    }
    if (sums.units() < FEWEST) {
      return Stated.cannotSay(
          Stated.Reason.TOO_FEW_UNITS,
          sums.units() + " units in the newest settled week of entry, of at least " + FEWEST);
    }
    ExpectedLevel expected =
        ExpectedLevel.of(process.attempt().definition().resolved(), subject.metric().name());
    Stated<Moments> found = ratio ? sums.ratio().score() : Stated.of(sums.moments());
    return found.flatMap(
        seen -> expected.over(weights).flatMap(season -> week(expected, seen, season)));
  }

  /**
   * On the log scale; where the level is not above 0 as a difference, its variance at least that of
   * as many of history's units, so that a week without a single event says what it shows.
   */
  private Stated<Week> week(ExpectedLevel expected, Moments seen, SeasonIndex season) {
    Seasonal.Profile profile = expected.profile();
    double level = season.expected() * (profile == null ? 0 : profile.level());
    double sampling = seen.meanVariance().orThrow() / (level * level);
    double ratio = seen.mean() / level;
    if (ratio > 0) {
      double variance = sampling / (ratio * ratio) + season.logVariance();
      MixShift.Change change = MixShift.change(ratio, variance, alpha);
      Interval wider =
          new Interval(
              (1 + change.interval().lower()) / (1 + COMMON_START) - 1,
              (1 + change.interval().upper()) * (1 + COMMON_START) - 1);
      return Stated.of(
          new Week(
              level,
              seen.mean(),
              seen.n(),
              "season_index",
              new MixShift.Change(change.estimate(), wider)));
    }
    double usual = expected.relativeVariance() / seen.n();
    if (!(usual > 0)) {
      return Stated.cannotSay(
          Stated.Reason.ZERO_VARIANCE, "the level is not above 0 and history knows no variance");
    }
    double reach =
        COMMON_START
            + Tails.normalUpperQuantile(alpha / 2)
                * StrictMath.sqrt(StrictMath.max(sampling, usual) + season.logVariance());
    return Stated.of(
        new Week(
            level,
            seen.mean(),
            seen.n(),
            "season_difference",
            new MixShift.Change(ratio - 1, new Interval(ratio - 1 - reach, ratio - 1 + reach))));
  }

  /**
   * Spreads a day's weight over its hours as history's traffic is.
   *
   * @return whether the day is a usual one
   */
  private boolean weigh(Map<Long, Double> weights, int day, double weight) {
    ZoneId zone = ZoneId.of(seasonal.zone());
    long fromMs = startMs(day);
    Map<Long, Double> hours = new TreeMap<>();
    double all = 0;
    for (long hourMs = Math.floorDiv(fromMs, HOUR_MS) * HOUR_MS;
        hourMs < fromMs + DAY_MS;
        hourMs += HOUR_MS) {
      if (seasonal.isHoliday(HourOfWeek.day(hourMs, zone))) {
        return false;
      }
      double units =
          seasonal.unitsPerHour().isEmpty()
              ? 1
              : seasonal.unitsPerHour().get(HourOfWeek.of(hourMs, zone));
      double part = Math.min(hourMs + HOUR_MS, fromMs + DAY_MS) - Math.max(hourMs, fromMs);
      hours.put(hourMs, units * part / HOUR_MS);
      all += units * part / HOUR_MS;
    }
    for (Map.Entry<Long, Double> hour : hours.entrySet()) {
      double share = all > 0 ? hour.getValue() / all : 1.0 / hours.size();
      weights.merge(hour.getKey(), weight * share, Double::sum);
    }
    return true;
  }

  private Estimate row(Subject subject, @Nullable Week week, String why) {
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
    row.alpha = alpha;
    row.reason = why;
    if (week != null) {
      row.method = week.method();
      row.control = week.expected();
      row.treatment = week.seen();
      row.effect = week.seen() - week.expected();
      row.relativeEffect = week.change().estimate();
      row.relativeInterval = week.change().interval();
      row.unitsTreatment = week.units();
    }
    return row.build();
  }

  private Reason reason(Subject subject, Week week, boolean upgraded) {
    return new Reason(
        CODE,
        subject.label()
            + " was worse"
            + Sentences.with(subject, spec)
            + " than history expects among the units of the newest settled week of entry"
            + " ("
            + Quality.number(week.seen())
            + " where "
            + Quality.number(week.expected())
            + " is expected); against the baseline, there is no control: other causes are not"
            + " ruled out"
            + (upgraded ? UPGRADED : ""),
        Quality.number(week.seen()),
        Quality.number(week.expected()));
  }
}
