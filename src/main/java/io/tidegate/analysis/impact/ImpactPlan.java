package io.tidegate.analysis.impact;

import io.tidegate.analysis.attribution.Plan;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.attribution.UnitHistory.Entry;
import io.tidegate.analysis.metric.Money;
import io.tidegate.analysis.metric.UnitFold;
import io.tidegate.analysis.metric.UnitFolds;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Resolved;
import io.tidegate.model.SegmentDimension;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a rollout laid out for counting: its cohorts, the series that are followed by age,
 * and the outcomes that count as coming back.
 */
public final class ImpactPlan {

  /** What a series is for. */
  enum Use {
    /** The metric as defined: a row of {@code impact_reports}. */
    METRIC,
    /** Capped value without a window: {@code revenue_curves}. */
    CAPPED,
    /** Value without cap or window, with the refunds as denominator: {@code revenue_curves}. */
    UNCAPPED,
    /** A count without its cap, for the days of a unit's life only. */
    DAILY
  }

  /**
   * A number followed by age.
   *
   * @param slot first long of its state
   * @param firstAge first age in days with a number
   * @param lastAge last age at which the number can change
   * @param followMs age at which a number is held against the baseline
   */
  record Series(
      Use use, Metric metric, UnitFold fold, int slot, int firstAge, int lastAge, long followMs) {}

  /** An outcome that counts as coming back, and the metric it is named after. */
  record Activity(String metric, OutcomeFilter filter) {}

  /**
   * A number a day whose effect is followed as units get older.
   *
   * @param series the metric's own series
   * @param path series without a cap that grows by the day's number; −1 where {@code activity} is
   *     counted
   * @param activity index of the activity whose days are counted; −1 for none
   * @param most millionths that a week of the calendar, or the time after the rollout, may come to:
   *     the metric's cap
   */
  record Durable(int series, int path, int activity, long most) {

    /** Millionths that a third of a life may come to. */
    long mostOfThird() {
      return most == Long.MAX_VALUE ? most : most / 3;
    }
  }

  private final Attempt attempt;
  private final String rolloutId;
  private final Plan plan;
  private final List<Cohort> cohorts;
  private final List<Series> series = new ArrayList<>();
  private final List<Activity> activities;
  private final List<Durable> durables = new ArrayList<>();
  private final Map<String, int[]> readers = new HashMap<>();
  private final Map<String, Integer> covariates = new HashMap<>();
  private final LocalWeeks weeks;
  private final @Nullable Aftermath aftermath;
  private final int[] durableOfPath;
  private final int[] durableOfActivity;
  private int slots;

  private ImpactPlan(
      String rolloutId, Attempt attempt, Plan plan, long nextStartMs, long dataEndMs) {
    this.rolloutId = rolloutId;
    this.attempt = attempt;
    this.plan = plan;
    this.cohorts = Cohorts.of(attempt, dataEndMs);
    this.weeks = weeks(attempt, cohorts);
    this.aftermath = Aftermath.of(attempt, nextStartMs, dataEndMs);
    for (Metric metric : attempt.definition().spec().metrics()) {
      addSeries(metric);
    }
    this.activities = activities(attempt.definition());
    addDurables();
    this.durableOfPath = indexDurables(series.size(), Durable::path);
    this.durableOfActivity = indexDurables(activities.size(), Durable::activity);
    indexReaders();
    indexCovariates();
  }

  /**
   * The plan of an attempt.
   *
   * @param dataEndMs instant before which everything is known: the last TICK
   */
  public static ImpactPlan of(Timeline timeline, Attempt attempt, long dataEndMs) {
    Attempt next = timeline.attempt(attempt.number() + 1);
    return new ImpactPlan(
        timeline.rolloutId(),
        attempt,
        Plan.of(attempt.definition()),
        next == null ? Long.MAX_VALUE : next.startMs(),
        dataEndMs);
  }

  private static LocalWeeks weeks(Attempt attempt, List<Cohort> cohorts) {
    long from = attempt.startMs();
    long to = cohorts.stream().mapToLong(Cohort::censoredAtMs).max().orElse(from);
    return new LocalWeeks(from, to, ZoneId.of(attempt.definition().resolved().seasonal().zone()));
  }

  private void addSeries(Metric metric) {
    MetricKind kind = metric.kind();
    UnitFold fold = plan.channels().get(plan.channel(indexOf(metric), 1.0)).fold();
    int first = Math.max(1, days(fold.maturesAtMs()));
    add(Use.METRIC, metric, fold, first, Math.max(first, lastAge(kind)));
    if (kind instanceof MetricKind.Sum sum) {
      add(Use.CAPPED, metric, UnitFolds.of(sum.open(), 0), 1, Integer.MAX_VALUE);
      ValueAndRefunds uncapped = new ValueAndRefunds(sum.outcome(), new Money(sum));
      add(Use.UNCAPPED, metric, uncapped, 1, Integer.MAX_VALUE);
    } else if (kind instanceof MetricKind.Count count && isOpenAndCapped(count)) {
      MetricKind uncapped = new MetricKind.Count(count.outcome(), null, null);
      add(Use.DAILY, metric, UnitFolds.of(uncapped, 0), 1, Integer.MAX_VALUE);
    }
  }

  private static boolean isOpenAndCapped(MetricKind.Count count) {
    return count.window() == null && count.cap() != null;
  }

  private int indexOf(Metric metric) {
    return attempt.definition().spec().metrics().indexOf(metric);
  }

  private void add(Use use, Metric metric, UnitFold fold, int first, int last) {
    long followMs = UnitFolds.followMs(metric.kind());
    series.add(new Series(use, metric, fold, slots, first, last, followMs));
    slots += fold.slots();
  }

  private static int lastAge(MetricKind kind) {
    if (kind instanceof MetricKind.Retention k) {
      return k.toDay();
    } else if (kind instanceof MetricKind.Depth k) {
      return k.days();
    }
    Duration window = kind.window();
    return window == null ? Integer.MAX_VALUE : days(window.toMillis());
  }

  /** Whole days that hold a time span. */
  private static int days(long ms) {
    return (int) Math.min(Integer.MAX_VALUE, (ms + Cohort.DAY_MS - 1) / Cohort.DAY_MS);
  }

  /**
   * What counts as coming back: the outcomes of retention and depth metrics, else the invariants.
   */
  private static List<Activity> activities(Definition definition) {
    Map<OutcomeFilter, Activity> found = new LinkedHashMap<>();
    for (Metric metric : definition.spec().metrics()) {
      if (metric.kind() instanceof MetricKind.Retention k) {
        found.putIfAbsent(k.outcome(), new Activity(metric.name(), k.outcome()));
      } else if (metric.kind() instanceof MetricKind.Depth k) {
        found.putIfAbsent(k.outcome(), new Activity(metric.name(), k.outcome()));
      }
    }
    if (found.isEmpty()) {
      for (String name : new TreeSet<>(definition.spec().quality().invariants())) {
        found.put(OutcomeFilter.of(name), new Activity(name, OutcomeFilter.of(name)));
      }
    }
    return List.copyOf(found.values());
  }

  /** Values and counts without a window, and coming back where a metric is about it. */
  private void addDurables() {
    for (int i = 0; i < series.size(); i++) {
      Series each = series.get(i);
      if (each.use() == Use.METRIC) {
        MetricKind kind = each.metric().kind();
        if (kind instanceof MetricKind.Sum sum) {
          durables.add(new Durable(i, i + 2, -1, orEndless(sum.capMicros())));
        } else if (kind instanceof MetricKind.Count count && count.window() == null) {
          Long cap = count.cap();
          durables.add(
              cap == null
                  ? new Durable(i, i, -1, Long.MAX_VALUE)
                  : new Durable(i, i + 1, -1, cap * UnitFold.ONE));
        } else {
          addReturning(each.metric().name(), i);
        }
      }
    }
  }

  private static long orEndless(@Nullable Long capMicros) {
    return capMicros == null ? Long.MAX_VALUE : capMicros;
  }

  private int[] indexDurables(int size, ToIntFunction<Durable> of) {
    int[] index = new int[size];
    Arrays.fill(index, -1);
    for (int i = 0; i < durables.size(); i++) {
      int at = of.applyAsInt(durables.get(i));
      if (at >= 0) {
        index[at] = i;
      }
    }
    return index;
  }

  private void addReturning(String metric, int at) {
    for (int i = 0; i < activities.size(); i++) {
      if (activities.get(i).metric().equals(metric)) {
        durables.add(new Durable(at, -1, i, Long.MAX_VALUE));
      }
    }
  }

  private void indexReaders() {
    Map<String, List<Integer>> lists = new HashMap<>();
    for (int i = 0; i < series.size(); i++) {
      for (String name : series.get(i).metric().kind().outcomeNames()) {
        lists.computeIfAbsent(name, n -> new ArrayList<>()).add(i);
      }
    }
    lists.forEach(
        (name, list) -> readers.put(name, list.stream().mapToInt(Integer::intValue).toArray()));
  }

  /** A ratio's covariate would be a ratio too; it is not adjusted. */
  private void indexCovariates() {
    for (int i = 0; i < series.size(); i++) {
      Metric metric = series.get(i).metric();
      if (series.get(i).use() == Use.METRIC && !metric.kind().isRatio()) {
        covariates.put(Points.covariateName(rolloutId, metric.name()), i);
      }
    }
  }

  public String rolloutId() {
    return rolloutId;
  }

  public Attempt attempt() {
    return attempt;
  }

  /** Cohorts in the order of the attempt's epochs. */
  public List<Cohort> cohorts() {
    return cohorts;
  }

  /** Index of the cohort that an entry belongs to, −1 where it is none of this attempt's. */
  int cohortOf(Entry entry) {
    if (entry.attempt() != attempt.number()) {
      return -1;
    }
    for (int i = 0; i < cohorts.size(); i++) {
      if (cohorts.get(i).epoch() == entry.stage()) {
        return i;
      }
    }
    return -1;
  }

  /** Whether a cohort's control is what the rollout keeps from the change for good. */
  boolean isHeldOut(int cohort) {
    int epoch = cohorts.get(cohort).epoch();
    return attempt.epochs().stream()
        .anyMatch(e -> e.index() == epoch && Cohorts.isHeldOut(attempt.definition().spec(), e));
  }

  /** Dimensions and numbered segments. */
  public Plan plan() {
    return plan;
  }

  List<Series> series() {
    return series;
  }

  List<Activity> activities() {
    return activities;
  }

  List<Durable> durables() {
    return durables;
  }

  /** What followed the attempt's end, or null. */
  @Nullable Aftermath aftermath() {
    return aftermath;
  }

  /** The number a day that grows with a series, −1 for none. */
  int durableOfPath(int series) {
    return durableOfPath[series];
  }

  /** The number a day that counts an activity's days, −1 for none. */
  int durableOfActivity(int activity) {
    return durableOfActivity[activity];
  }

  /** Weeks in which units of any cohort are followed, in the time zone of the baseline. */
  LocalWeeks weeks() {
    return weeks;
  }

  int slots() {
    return slots;
  }

  /** Series that read an outcome of this name. */
  int[] readers(String outcome) {
    return readers.getOrDefault(outcome, new int[0]);
  }

  /** The series that a covariate point of this name is for; −1 for none. */
  int covariateSeries(String name) {
    return covariates.getOrDefault(name, -1);
  }

  /** Empty sums of a slice of a dimension. */
  SliceSums newSums(int dimension) {
    return new SliceSums(dimension, series.size(), activities.size(), durables.size());
  }

  boolean ramped() {
    return attempt.definition().spec().assignment() == Assignment.RAMPED;
  }

  /** Whether a quantile metric has a frozen threshold; without one it cannot say. */
  boolean hasThreshold(Metric metric) {
    Resolved.MetricBase base = attempt.definition().resolved().base(metric.name());
    return base != null
        && base.thresholds().containsKey(SegmentDimension.ALL + "=" + SegmentDimension.EVERY_UNIT);
  }

  int variantCount() {
    return attempt.definition().spec().flag().variants().size();
  }

  String variantName(int variant) {
    return attempt.definition().spec().flag().variants().get(variant);
  }

  String dimensionName(int dimension) {
    return dimension == Slice.ALL ? SegmentDimension.ALL : plan.dimensions().get(dimension).name();
  }

  String segmentName(int dimension, int segment) {
    return dimension == Slice.ALL
        ? SegmentDimension.EVERY_UNIT
        : plan.segmentName(dimension, segment);
  }

  /** Largest age in days that a unit of any cohort can reach. */
  int maxDays() {
    return Cohort.oldest(cohorts);
  }
}
