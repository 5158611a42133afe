package io.tidegate.analysis.impact;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.UnitHistory.Entry;
import io.tidegate.analysis.impact.ImpactPlan.Activity;
import io.tidegate.analysis.impact.ImpactPlan.Durable;
import io.tidegate.analysis.impact.ImpactPlan.Series;
import io.tidegate.analysis.impact.ImpactPlan.Use;
import io.tidegate.analysis.metric.UnitFolds;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Follows units through the cohorts of an attempt and adds them to a book. Reusable, mutable. */
public final class UnitFollower {

  private final ImpactPlan plan;
  private final SliceBook book;
  private final long[] slots;
  private final AgePath[] paths;
  private final long[] followedY;
  private final long[] followedD;
  private final boolean[] followedToEnd;
  private final int[][] activeDays;
  private final int[] activeCount;
  private final int[][] days;
  private final int[][] weeks;
  private final int[] lastActiveDay;
  private final long[][] weekly;
  private final long[] after;
  private final List<Followed> followed = new ArrayList<>();
  private final boolean[] hasCovariate;
  private final long[] covariates;
  private long unitKey;

  /** What of an entry the cross sums need: numbers to date, one a series. */
  private static final class Followed {
    final Entry entry;
    final int cohort;
    final long[] y;
    final long[] d;
    final boolean[] counted;

    Followed(Entry entry, int cohort, int series) {
      this.entry = entry;
      this.cohort = cohort;
      this.y = new long[series];
      this.d = new long[series];
      this.counted = new boolean[series];
    }
  }

  public UnitFollower(ImpactPlan plan, SliceBook book) {
    this.plan = plan;
    this.book = book;
    this.slots = new long[plan.slots()];
    this.paths = new AgePath[plan.series().size()];
    Arrays.setAll(paths, i -> new AgePath());
    this.followedY = new long[paths.length];
    this.followedD = new long[paths.length];
    this.followedToEnd = new boolean[paths.length];
    this.activeDays = new int[plan.activities().size()][16];
    this.activeCount = new int[plan.activities().size()];
    this.days = new int[activeCount.length][];
    this.weeks = new int[activeCount.length][];
    this.lastActiveDay = new int[plan.activities().size()];
    this.weekly = new long[plan.durables().size()][plan.weeks().count()];
    this.after = new long[plan.durables().size()];
    this.hasCovariate = new boolean[paths.length];
    this.covariates = new long[paths.length];
  }

  /**
   * Adds one unit.
   *
   * @param entries the processes it entered; those of other attempts are passed over
   * @param points its events in event-time order, once each
   */
  public void follow(List<Entry> entries, List<Point> points) {
    follow(entries, points, List.of());
  }

  /**
   * As {@link #follow(List, List)}.
   *
   * @param before its covariates, of whatever rollout
   */
  void follow(List<Entry> entries, List<Point> points, List<Point> before) {
    followed.clear();
    readCovariates(before);
    unitKey = points.isEmpty() ? 0 : points.get(0).unitKey;
    for (Entry entry : entries) {
      int index = plan.cohortOf(entry);
      Cohort cohort = index < 0 ? null : plan.cohorts().get(index);
      if (cohort != null && entry.entryMs() < cohort.censoredAtMs()) {
        walk(entry, cohort, points);
        Aftermath aftermath = plan.aftermath();
        if (aftermath != null && aftermath.compares(cohort)) {
          walkAfter(entry, aftermath, points);
        }
        post(entry, index, cohort);
      }
    }
    if (plan.ramped()) {
      postPairs();
    }
  }

  private void readCovariates(List<Point> before) {
    Arrays.fill(hasCovariate, false);
    for (Point point : before) {
      int i = plan.covariateSeries(point.name);
      if (i >= 0) {
        hasCovariate[i] = true;
        covariates[i] = point.valueMicros;
      }
    }
  }

  private void walk(Entry entry, Cohort cohort, List<Point> points) {
    Arrays.fill(slots, 0);
    Arrays.fill(activeCount, 0);
    Arrays.fill(lastActiveDay, -1);
    for (long[] each : weekly) {
      Arrays.fill(each, 0);
    }
    Arrays.fill(followedToEnd, false);
    for (int i = 0; i < paths.length; i++) {
      Series series = plan.series().get(i);
      paths[i].begin(series.fold().y(slots, series.slot()), series.fold().d(slots, series.slot()));
    }
    for (Point outcome : points) {
      if (outcome.exposure
          || outcome.timeMs < entry.entryMs()
          || outcome.timeMs >= cohort.censoredAtMs()) {
        continue;
      }
      long ageMs = outcome.timeMs - entry.entryMs();
      int day = (int) (ageMs / Cohort.DAY_MS);
      int localDay = plan.weeks().dayOf(outcome.timeMs);
      for (int i : plan.readers(outcome.name())) {
        Series series = plan.series().get(i);
        if (ageMs >= series.followMs()) {
          keepFollowed(i);
        }
        long before = paths[i].endY();
        series.fold().outcome(slots, series.slot(), outcome, ageMs);
        paths[i].reach(
            day + 1, series.fold().y(slots, series.slot()), series.fold().d(slots, series.slot()));
        int durable = plan.durableOfPath(i);
        if (durable >= 0) {
          weekly[durable][LocalWeeks.weekOfDay(localDay)] += paths[i].endY() - before;
        }
      }
      noteActivity(outcome, day, localDay);
    }
    for (int i = 0; i < paths.length; i++) {
      keepFollowed(i);
    }
  }

  /** Goes on where {@link #walk} stopped, with the numbers a day only. */
  private void walkAfter(Entry entry, Aftermath aftermath, List<Point> points) {
    Arrays.fill(after, 0);
    Arrays.fill(lastActiveDay, -1);
    for (Point outcome : points) {
      if (outcome.exposure || !aftermath.contains(outcome.timeMs)) {
        continue;
      }
      for (int i : plan.readers(outcome.name())) {
        int durable = plan.durableOfPath(i);
        if (durable >= 0) {
          Series series = plan.series().get(i);
          long before = series.fold().y(slots, series.slot());
          series.fold().outcome(slots, series.slot(), outcome, outcome.timeMs - entry.entryMs());
          after[durable] += series.fold().y(slots, series.slot()) - before;
        }
      }
      for (int i = 0; i < lastActiveDay.length; i++) {
        int durable = plan.durableOfActivity(i);
        int day = aftermath.dayOf(outcome.timeMs);
        if (durable >= 0
            && lastActiveDay[i] != day
            && UnitFolds.matches(plan.activities().get(i).filter(), outcome)) {
          lastActiveDay[i] = day;
          after[durable] += UnitSums.SCALE;
        }
      }
    }
  }

  /** Notes the number at the age to which the baseline follows; the first call holds. */
  private void keepFollowed(int i) {
    if (!followedToEnd[i]) {
      Series series = plan.series().get(i);
      followedToEnd[i] = true;
      followedY[i] = series.fold().y(slots, series.slot());
      followedD[i] = series.fold().d(slots, series.slot());
    }
  }

  private void noteActivity(Point outcome, int day, int localDay) {
    for (int i = 0; i < activeCount.length; i++) {
      Activity activity = plan.activities().get(i);
      if (!UnitFolds.matches(activity.filter(), outcome)) {
        continue;
      }
      int durable = plan.durableOfActivity(i);
      if (durable >= 0 && lastActiveDay[i] != localDay) {
        lastActiveDay[i] = localDay;
        weekly[durable][LocalWeeks.weekOfDay(localDay)] += UnitSums.SCALE;
      }
      int count = activeCount[i];
      if (count == 0 || activeDays[i][count - 1] != day) {
        if (count == activeDays[i].length) {
          activeDays[i] = Arrays.copyOf(activeDays[i], 2 * count);
        }
        activeDays[i][count] = day;
        activeCount[i]++;
      }
    }
  }

  private void post(Entry entry, int index, Cohort cohort) {
    for (int i = 0; i < activeCount.length; i++) {
      days[i] = Arrays.copyOf(activeDays[i], activeCount[i]);
      weeks[i] = ReturnCounts.weeks(days[i]);
    }
    for (int dimension = Slice.ALL; dimension < entry.segments().size(); dimension++) {
      postTo(slice(entry, index, dimension), entry, cohort);
    }
    if (plan.ramped()) {
      followed.add(remember(entry, index, cohort));
    }
  }

  private static Slice slice(Entry entry, int cohort, int dimension) {
    int segment = dimension == Slice.ALL ? 0 : entry.segments().get(dimension);
    return new Slice(cohort, entry.stratum(), entry.variant(), dimension, segment);
  }

  private void postTo(Slice slice, Entry entry, Cohort cohort) {
    SliceSums sums = book.slice(slice);
    sums.countUnit();
    int mature = cohort.daysPassed(entry.entryMs());
    for (int i = 0; i < paths.length; i++) {
      Series series = plan.series().get(i);
      if (counts(series, entry, cohort)) {
        sums.series(i).add(paths[i], series.firstAge(), Math.min(mature, series.lastAge()));
      }
      if (series.use() == Use.METRIC
          && cohort.censoredAtMs() - entry.entryMs() >= series.followMs()) {
        sums.hours(i).add(entry.entryMs(), followedY[i], followedD[i]);
      }
    }
    for (int i = 0; i < activeCount.length; i++) {
      sums.days(i).add(mature, days[i]);
      sums.weeks(i).add(mature / 7, weeks[i]);
    }
    postTrails(sums, entry, cohort, mature);
    if (slice.dimension() == Slice.ALL) {
      postWhole(sums, mature);
      postWeeks(sums, entry, cohort);
      postAfter(sums, cohort);
      postCovariates(sums, entry, cohort);
    }
  }

  /** What is kept of all units together only. */
  private void postWhole(SliceSums sums, int mature) {
    for (int i = 0; i < plan.durables().size(); i++) {
      Durable durable = plan.durables().get(i);
      sums.thirds(i).add((from, to) -> over(durable, from, to), mature);
    }
    for (int i = 0; i < paths.length; i++) {
      if (plan.series().get(i).use() == Use.UNCAPPED && paths[i].yAt(mature) > 0) {
        sums.buyers(i).add(unitKey, paths[i], mature);
      }
    }
  }

  /** Every week in which the unit was followed, those in which it did nothing too. */
  private void postWeeks(SliceSums sums, Entry entry, Cohort cohort) {
    LocalWeeks weeks = plan.weeks();
    int last = weeks.weekOf(cohort.censoredAtMs() - 1);
    for (int week = weeks.weekOf(entry.entryMs()); week <= last; week++) {
      long from = Math.max(entry.entryMs(), weeks.startMs(week));
      long to = Math.min(cohort.censoredAtMs(), weeks.endMs(week));
      for (int i = 0; i < weekly.length; i++) {
        long most = plan.durables().get(i).most();
        sums.weekly(i).add(week, within(most, weekly[i][week]), days(to - from));
      }
    }
  }

  private void postAfter(SliceSums sums, Cohort cohort) {
    Aftermath aftermath = plan.aftermath();
    if (aftermath != null && aftermath.compares(cohort)) {
      long span = aftermath.toMs() - aftermath.fromMs();
      for (int i = 0; i < after.length; i++) {
        sums.after(i).enter(within(plan.durables().get(i).most(), after[i]), days(span));
      }
    }
  }

  /** What tells how the ages of a curve go together. */
  private void postTrails(SliceSums sums, Entry entry, Cohort cohort, int mature) {
    for (int i = 0; i < paths.length; i++) {
      Series series = plan.series().get(i);
      if ((series.use() == Use.METRIC || series.use() == Use.CAPPED)
          && counts(series, entry, cohort)
          && paths[i].steps() > 0
          && paths[i].age(0) <= mature) {
        sums.trails(i).add(unitKey, paths[i], mature);
      }
    }
    for (int i = 0; i < activeCount.length; i++) {
      if (activeCount[i] > 0) {
        sums.visits(i).addDays(unitKey, activeDays[i], activeCount[i], mature);
      }
    }
  }

  /** Millionths over some days; each third has its own cap, a running one would run out. */
  private long over(Durable durable, int from, int to) {
    if (durable.activity() >= 0) {
      return daysActive(durable.activity(), from, to) * UnitSums.SCALE;
    }
    long total = paths[durable.path()].yAt(to) - paths[durable.path()].yAt(from);
    return within(durable.mostOfThird(), total);
  }

  private static long within(long most, long micros) {
    return Math.max(-most, Math.min(most, micros));
  }

  /** Millionths of a day. */
  private static long days(long spanMs) {
    return spanMs * UnitSums.SCALE / Cohort.DAY_MS;
  }

  private void postCovariates(SliceSums sums, Entry entry, Cohort cohort) {
    for (int i = 0; i < paths.length; i++) {
      if (plan.series().get(i).use() != Use.METRIC
          || !counts(plan.series().get(i), entry, cohort)) {
        continue;
      }
      if (hasCovariate[i]) {
        sums.before(i).enter(paths[i].endY(), covariates[i]);
      } else {
        sums.before(i).enter(paths[i].endY());
      }
    }
  }

  private int daysActive(int activity, int from, int to) {
    int days = 0;
    for (int k = 0; k < activeCount[activity]; k++) {
      days += activeDays[activity][k] >= from && activeDays[activity][k] < to ? 1 : 0;
    }
    return days;
  }

  private static boolean counts(Series series, Entry entry, Cohort cohort) {
    return cohort.censoredAtMs() - entry.entryMs() >= series.fold().maturesAtMs();
  }

  private Followed remember(Entry entry, int index, Cohort cohort) {
    Followed kept = new Followed(entry, index, paths.length);
    for (int i = 0; i < paths.length; i++) {
      kept.y[i] = paths[i].endY();
      kept.d[i] = paths[i].endD();
      kept.counted[i] = counts(plan.series().get(i), entry, cohort);
    }
    return kept;
  }

  private void postPairs() {
    for (int a = 0; a < followed.size(); a++) {
      for (int b = a + 1; b < followed.size(); b++) {
        Followed one = followed.get(a);
        Followed other = followed.get(b);
        for (int dim = Slice.ALL; dim < one.entry.segments().size(); dim++) {
          Slice first = slice(one.entry, one.cohort, dim);
          Slice second = slice(other.entry, other.cohort, dim);
          if (first.segment() == second.segment()) {
            postPair(new SlicePair(first, second), one, other);
          }
        }
      }
    }
  }

  private void postPair(SlicePair key, Followed one, Followed other) {
    PairSums sums = book.pair(key);
    boolean whole = key.first().dimension() == Slice.ALL;
    for (int i = 0; i < paths.length; i++) {
      if (one.counted[i] && other.counted[i]) {
        sums.numbers(i).add(one.y[i], one.d[i], other.y[i], other.d[i]);
        if (whole && hasCovariate[i]) {
          sums.before(i).add(one.y[i], covariates[i], other.y[i], covariates[i]);
        }
      }
    }
  }
}
