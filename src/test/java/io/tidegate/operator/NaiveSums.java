package io.tidegate.operator;

import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.attribution.Plan;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.stats.sums.UnitSums;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sums that a world must come to, read off the whole list of its events as design.md defines
 * them (§4 kinds, §5 copies and intervals, §6 who enters where): plain lists and loops, once over
 * each unit. It shares specs and timelines with the job, and the plan where it names a sum, but no
 * step of the counting.
 */
final class NaiveSums {

  private static final long SLICE_MS = 600_000;
  private static final long DAY_MS = 86_400_000;
  private static final BigInteger ONE = BigInteger.valueOf(1_000_000);

  private static final Comparator<Point> IN_TIME =
      Comparator.comparingLong((Point p) -> p.timeMs)
          .thenComparing(p -> !p.exposure)
          .thenComparingLong(p -> p.idHash)
          .thenComparingInt(p -> p.contentHash);

  /** n, units other than zero, Σy, Σd, Σy², Σd², Σyd. */
  private final Map<SimulatedResult.Total, BigInteger[]> sums = new HashMap<>();

  private Timeline timeline;

  private NaiveSums(Timeline first) {
    timeline = first;
  }

  /**
   * An exposure of a rollout's flag to a variant that it knows, while an attempt runs.
   *
   * @param settling whether its stage was still reaching the servers
   */
  private record Served(Point point, Attempt attempt, Epoch epoch, int variant, boolean settling) {

    static Served of(Point point, Attempt attempt, Epoch epoch, int variant) {
      long settledMs = epoch.enteredMs() + epoch.stage().settle().toMillis();
      boolean settling = point.timeMs >= epoch.enteredMs() && point.timeMs < settledMs;
      return new Served(point, attempt, epoch, variant, settling);
    }

    /** What was served by a version older than the unit has seen is of the stage it is in. */
    Served notBefore(Served newest) {
      return attempt.number() == newest.attempt.number() && epoch.index() < newest.epoch.index()
          ? new Served(point, attempt, newest.epoch, variant, settling)
          : this;
    }
  }

  /** A unit where its outcomes count, from what it enters at to an instant. */
  private record Member(
      Attempt attempt, int process, int stratum, Served first, Point entry, long toMs) {

    long fromMs() {
      return entry.timeMs;
    }
  }

  /**
   * The sums of every rollout that are not zero.
   *
   * @param known events that count at all
   */
  static Map<SimulatedResult.Total, List<BigInteger>> of(
      SimulatedWorld world, Predicate<Point> known) {
    NaiveSums naive = new NaiveSums(world.timelines.get(0));
    Map<Long, List<Point>> units = new TreeMap<>();
    for (Point point : world.arriving()) {
      if (known.test(point) && world.timelines.stream().anyMatch(t -> reads(t, point))) {
        units.computeIfAbsent(point.unitKey, u -> new ArrayList<>()).add(point);
      }
    }
    for (List<Point> all : units.values()) {
      List<Point> events = onceEach(all);
      for (Timeline rollout : world.timelines) {
        naive.timeline = rollout;
        naive.unit(events);
      }
    }
    Map<SimulatedResult.Total, List<BigInteger>> found = new HashMap<>();
    naive.sums.forEach((total, numbers) -> found.put(total, List.of(numbers)));
    found.values().removeIf(numbers -> numbers.stream().allMatch(n -> n.signum() == 0));
    return found;
  }

  /** Where a job's sums differ from the definition's, in a few words; empty where they do not. */
  static String differs(Map<SimulatedResult.Total, List<BigInteger>> naive, SimulatedResult job) {
    Map<SimulatedResult.Total, List<BigInteger>> other = of(job);
    Set<SimulatedResult.Total> all = new HashSet<>(naive.keySet());
    all.addAll(other.keySet());
    return all.stream()
        .filter(total -> !Objects.equals(naive.get(total), other.get(total)))
        .min(Comparator.comparing(SimulatedResult.Total::toString))
        .map(t -> "%s: %s where the definitions say %s".formatted(t, other.get(t), naive.get(t)))
        .orElse("");
  }

  /** The sums that a job has come to, of the same things. */
  static Map<SimulatedResult.Total, List<BigInteger>> of(SimulatedResult result) {
    Map<SimulatedResult.Total, List<BigInteger>> found = new HashMap<>();
    result.totals.forEach(
        (total, sums) -> {
          int channel = total.cell().channel();
          if (!sums.isZero()
              && (channel >= 0
                  || channel == CellKey.UNITS
                  || channel == CellKey.MIXED
                  || channel == CellKey.EXPOSED
                  || channel == CellKey.VERSION
                  || channel == CellKey.CONTAMINATED)) {
            found.put(total, numbers(sums));
          }
        });
    return found;
  }

  private static List<BigInteger> numbers(UnitSums sums) {
    return List.of(
        BigInteger.valueOf(sums.units()),
        BigInteger.valueOf(sums.unitsNonZero()),
        sums.sumY(),
        sums.sumD(),
        sums.sumSquaresY(),
        sums.sumSquaresD(),
        sums.sumProducts());
  }

  /** What no attempt reads when it happens is not looked at, not even as a copy. */
  private static boolean reads(Timeline timeline, Point point) {
    Attempt attempt = attemptAt(timeline, point.timeMs);
    if (attempt == null) {
      return false;
    }
    RolloutSpec spec = attempt.definition().spec();
    return point.exposure
        ? spec.flag().key().equals(point.name)
        : spec.outcomeNames().contains(point.name);
  }

  /** Of the copies of an event within the horizon the first by time, then content. */
  private static List<Point> onceEach(List<Point> all) {
    List<Point> sorted = new ArrayList<>(all);
    sorted.sort(
        Comparator.comparingLong((Point p) -> p.timeMs).thenComparingInt(p -> p.contentHash));
    List<Point> kept = new ArrayList<>();
    for (Point point : sorted) {
      boolean copy = false;
      for (Point other : kept) {
        long apart = Math.floorDiv(point.timeMs, SLICE_MS) - Math.floorDiv(other.timeMs, SLICE_MS);
        copy |=
            other.exposure == point.exposure
                && other.idHash == point.idHash
                && apart <= SimulatedWorld.HORIZON_SLICES;
      }
      if (!copy) {
        kept.add(point);
      }
    }
    kept.sort(IN_TIME);
    return kept;
  }

  private static @Nullable Attempt attemptAt(Timeline timeline, long timeMs) {
    for (Attempt attempt : timeline.attempts()) {
      if (attempt.epochs().get(0).enteredMs() <= timeMs && timeMs < attempt.endMs()) {
        return attempt;
      }
    }
    return null;
  }

  private static @Nullable Epoch epochAt(Attempt attempt, long timeMs) {
    for (Epoch epoch : attempt.epochs()) {
      if (epoch.enteredMs() <= timeMs && timeMs < epoch.leftMs()) {
        return epoch;
      }
    }
    return null;
  }

  private @Nullable Served served(Point point) {
    Attempt attempt = point.exposure ? attemptAt(timeline, point.timeMs) : null;
    if (attempt == null) {
      return null;
    }
    RolloutSpec.Flag flag = attempt.definition().spec().flag();
    int variant = flag.control().equals(point.variant) ? 0 : -1;
    for (int t = 0; t < flag.treatments().size(); t++) {
      if (flag.treatments().get(t).equals(point.variant)) {
        variant = t + 1;
      }
    }
    Epoch epoch = epochAt(attempt, point.timeMs);
    if (!point.flagVersion.isEmpty()) {
      for (Epoch declared : attempt.epochs()) {
        if (declared.stage().flagVersion().equals(point.flagVersion)
            && point.timeMs >= declared.enteredMs()) {
          epoch = declared;
        }
      }
    }
    return epoch == null || variant < 0 || !flag.key().equals(point.name)
        ? null
        : Served.of(point, attempt, epoch, variant);
  }

  private void unit(List<Point> events) {
    List<Served> exposures = new ArrayList<>();
    for (Point point : events) {
      Served served = served(point);
      if (served != null) {
        exposures.add(served);
      }
    }
    if (exposures.isEmpty()) {
      return;
    }
    boolean isMatched =
        exposures.get(0).attempt().definition().spec().assignment() == Assignment.MATCHED;
    withoutControl(exposures, !isMatched, events);
    if (isMatched) {
      matched(exposures, events);
    } else {
      ramped(exposures, events);
    }
  }

  /**
   * A stage without control is of every unit, in each week of entry from its first treated exposure
   * in it; in a ramped one the first week begins after the settle.
   */
  private void withoutControl(List<Served> exposures, boolean settles, List<Point> events) {
    Set<String> weeks = new HashSet<>();
    List<Member> members = new ArrayList<>();
    for (Served served : exposures) {
      Epoch epoch = served.epoch();
      long day = entryDay(served.attempt(), epoch, served.point().timeMs);
      String week = day / cycle(served.attempt()) + " of " + epoch.enteredMs();
      if (!epoch.control()
          && served.variant() > 0
          && day >= 0
          && !(settles && served.settling())
          && weeks.add(week)) {
        members.add(
            new Member(
                served.attempt(),
                epoch.index(),
                (int) day,
                served,
                served.point(),
                epoch.leftMs()));
      }
    }
    for (int i = 0; i < members.size(); i++) {
      Member m = members.get(i);
      boolean again = i + 1 < members.size();
      long toMs = again ? Math.min(m.toMs(), members.get(i + 1).fromMs()) : m.toMs();
      String version = m.first().point().flagVersion;
      if (!version.isEmpty()) {
        int number = Math.floorMod(version.hashCode(), 251);
        int variant = m.first().variant();
        add(
            cell(m.attempt(), m.process(), m.stratum(), variant, -1, number, CellKey.VERSION),
            true,
            BigInteger.ZERO,
            BigInteger.ZERO);
      }
      join(
          new Member(m.attempt(), m.process(), m.stratum(), m.first(), m.entry(), toMs),
          false,
          events);
    }
  }

  /** Days from one week of entry to the next: nobody enters while the last is followed. */
  private static long cycle(Attempt attempt) {
    long days = 0;
    for (Metric metric : attempt.definition().spec().metrics()) {
      MetricKind kind = metric.kind();
      Duration window = kind.window();
      double follows = window == null ? 3.5 : window.toMillis() / (double) DAY_MS;
      if (kind instanceof MetricKind.Retention k) {
        follows = k.toDay();
      } else if (kind instanceof MetricKind.Depth k) {
        follows = k.days();
      }
      days = Math.max(days, (long) Math.ceil(follows));
    }
    return 7 + days;
  }

  /** Day of a stage without control, from 0, on which a unit enters; −1 where none does. */
  private static long entryDay(Attempt attempt, Epoch epoch, long timeMs) {
    boolean settles = attempt.definition().spec().assignment() == Assignment.RAMPED;
    long fromMs = epoch.enteredMs() + (settles ? epoch.stage().settle().toMillis() : 0);
    long day = Math.floorDiv(timeMs - fromMs, DAY_MS);
    boolean enters = day >= 0 && day / cycle(attempt) < 4 && day % cycle(attempt) < 7;
    return enters ? day : -1;
  }

  /** Whether the unit is of a stage without control from here on. */
  private static boolean leaves(Served served) {
    return !served.epoch().control() && served.variant() > 0;
  }

  /** A unit of the first attempt that it is seen in, and of no other. */
  private void matched(List<Served> exposures, List<Point> events) {
    Served first = exposures.get(0);
    if (!first.epoch().control()) {
      return;
    }
    Attempt attempt = first.attempt();
    boolean last = first.epoch().stage().percent() >= 100;
    long toMs = attempt.endMs();
    for (Epoch epoch : attempt.epochs()) {
      if (!last && epoch.stage().percent() >= 100) {
        toMs = Math.min(toMs, epoch.enteredMs());
      }
    }
    int process = last ? first.epoch().index() : CellKey.MATCHED;
    boolean mixed = false;
    for (Served other : exposures) {
      if (leaves(other)) {
        break;
      }
      boolean moved = !last && other.epoch().stage().percent() >= 100;
      mixed |=
          other.attempt().number() == attempt.number()
              && other.variant() != first.variant()
              && !moved;
    }
    Member member = new Member(attempt, process, first.epoch().index(), first, first.point(), toMs);
    join(member, mixed, events);
  }

  /** A unit may be of every stage. */
  private void ramped(List<Served> served, List<Point> events) {
    List<Served> exposures = new ArrayList<>();
    for (Served each : served) {
      exposures.add(
          exposures.isEmpty() ? each : each.notBefore(exposures.get(exposures.size() - 1)));
    }
    int at = 0;
    while (at < exposures.size()) {
      int next = at + 1;
      while (next < exposures.size() && sameEpoch(exposures.get(at), exposures.get(next))) {
        next++;
      }
      stage(exposures.subList(0, at), exposures.subList(at, next), events);
      at = next;
    }
  }

  private static boolean sameEpoch(Served one, Served other) {
    return one.attempt().number() == other.attempt().number()
        && one.epoch().index() == other.epoch().index();
  }

  private void stage(List<Served> before, List<Served> here, List<Point> events) {
    Served first = here.get(0);
    Epoch epoch = first.epoch();
    if (!epoch.control() || first.settling() || satOut(before)) {
      return;
    }
    boolean treated = false;
    for (Served earlier : before) {
      treated |= earlier.variant() > 0;
    }
    double c = controlShare(before, first);
    if (treated || share(first) <= c) {
      for (Served seen : here) {
        if (seen.variant() > 0) {
          CellKey cell =
              cell(first.attempt(), epoch.index(), 0, seen.variant(), -1, 0, CellKey.CONTAMINATED);
          add(cell, true, BigInteger.ZERO, BigInteger.ZERO);
          break;
        }
      }
      return;
    }
    boolean mixed = false;
    for (Served other : here) {
      mixed |= other.variant() != first.variant() && !other.settling();
    }
    int stratum = (int) Math.round(c * 1e6);
    join(
        new Member(first.attempt(), epoch.index(), stratum, first, first.point(), epoch.leftMs()),
        mixed,
        events);
  }

  /** Since it was last seen inside a settle, no earlier stage has served it control outside one. */
  private static boolean satOut(List<Served> before) {
    boolean out = false;
    for (Served earlier : before) {
      if (earlier.settling()) {
        out = true;
      } else if (earlier.variant() == 0) {
        out = false;
      }
    }
    return out;
  }

  /** The largest share at which it was served control since the salt changed. */
  private static double controlShare(List<Served> before, Served now) {
    double c = 0;
    String salt = now.attempt().definition().spec().flag().salt();
    for (int i = before.size() - 1; i >= 0; i--) {
      Served earlier = before.get(i);
      if (!earlier.attempt().definition().spec().flag().salt().equals(salt)) {
        break;
      }
      if (earlier.variant() == 0 && !earlier.settling()) {
        c = Math.max(c, share(earlier));
      }
    }
    return c;
  }

  /** Of all units, those that the stage treats: 100 % means all that are not held out. */
  private static double share(Served served) {
    RolloutSpec.Holdout held = served.attempt().definition().spec().holdout();
    double percent = served.epoch().stage().percent();
    return (held == null ? percent : Math.min(percent, 100 - held.percent())) / 100;
  }

  /** The unit enters, at its exposure or at the first trigger from then on. */
  private void join(Member exposed, boolean mixed, List<Point> events) {
    OutcomeFilter trigger = exposed.attempt().definition().spec().trigger();
    Member member = exposed;
    if (trigger != null) {
      count(exposed, CellKey.EXPOSED);
      member = triggered(exposed, trigger, events);
      if (member == null) {
        return;
      }
    }
    count(member, CellKey.UNITS);
    if (mixed) {
      count(member, CellKey.MIXED);
    }
    List<Point> outcomes = new ArrayList<>();
    for (Point point : events) {
      // Of one instant, what sorts before the trigger does not count.
      if (!point.exposure
          && IN_TIME.compare(point, member.entry()) >= 0
          && point.timeMs < member.toMs()) {
        outcomes.add(point);
      }
    }
    List<Plan.Channel> channels = Plan.of(member.attempt().definition()).channels();
    for (int c = 0; c < channels.size(); c++) {
      MetricKind kind = kind(member.attempt(), channels.get(c).metric());
      double threshold = channels.get(c).factor() * threshold(member.attempt(), channels.get(c));
      BigInteger[] pair = value(kind, threshold, outcomes, member.fromMs());
      boolean entersWithValue = kind instanceof MetricKind.Retention;
      for (CellKey cell : cells(member, c)) {
        add(cell, entersWithValue, pair[0], pair[1]);
      }
    }
  }

  private static @Nullable Member triggered(
      Member exposed, OutcomeFilter trigger, List<Point> events) {
    for (Point point : events) {
      if (!point.exposure
          && point.timeMs >= exposed.fromMs()
          && point.timeMs < exposed.toMs()
          && passes(trigger, point)) {
        Epoch epoch = epochAt(exposed.attempt(), point.timeMs);
        if (epoch == null) {
          continue;
        }
        long day = entryDay(exposed.attempt(), epoch, point.timeMs);
        long cycle = cycle(exposed.attempt());
        boolean own =
            exposed.process() == epoch.index()
                && day >= 0
                && day / cycle == exposed.stratum() / cycle;
        if (epoch.control() || own) {
          boolean matched = exposed.process() == CellKey.MATCHED;
          int stratum = matched ? epoch.index() : exposed.stratum();
          return new Member(
              exposed.attempt(),
              exposed.process(),
              epoch.control() ? stratum : (int) day,
              exposed.first(),
              point,
              exposed.toMs());
        }
      }
    }
    return null;
  }

  private static MetricKind kind(Attempt attempt, int metric) {
    RolloutSpec spec = attempt.definition().spec();
    int own = spec.metrics().size();
    return metric < own
        ? spec.metrics().get(metric).kind()
        : new MetricKind.Proportion(
            OutcomeFilter.of(spec.quality().invariants().get(metric - own)), null);
  }

  private static double threshold(Attempt attempt, Plan.Channel channel) {
    List<Metric> metrics = attempt.definition().spec().metrics();
    Resolved.MetricBase base =
        channel.metric() < metrics.size()
            ? attempt.definition().resolved().base(metrics.get(channel.metric()).name())
            : null;
    return base == null
        ? Double.POSITIVE_INFINITY
        : base.thresholds().getOrDefault("all=*", Double.POSITIVE_INFINITY);
  }

  /** A unit's number y and its denominator d, in millionths. */
  private static BigInteger[] value(
      MetricKind kind, double threshold, List<Point> all, long fromMs) {
    if (kind instanceof MetricKind.Proportion k) {
      return pair(sum(within(all, k.window(), fromMs), k.outcome(), false).min(ONE));
    } else if (kind instanceof MetricKind.Count k) {
      BigInteger n = sum(within(all, k.window(), fromMs), k.outcome(), false);
      Long cap = k.cap();
      return pair(cap == null ? n : n.min(ONE.multiply(BigInteger.valueOf(cap))));
    } else if (kind instanceof MetricKind.Sum k) {
      return money(within(all, k.window(), fromMs), k);
    } else if (kind instanceof MetricKind.Mean k) {
      List<Point> seen = within(all, k.window(), fromMs);
      return pair(sum(seen, k.outcome(), true), sum(seen, k.outcome(), false));
    } else if (kind instanceof MetricKind.Ratio k) {
      List<Point> seen = within(all, k.window(), fromMs);
      return pair(
          sum(seen, k.numerator().outcome(), k.numerator().sumOfValues()),
          sum(seen, k.denominator().outcome(), k.denominator().sumOfValues()));
    } else if (kind instanceof MetricKind.Quantile k) {
      return above(within(all, k.window(), fromMs), k, threshold);
    } else if (kind instanceof MetricKind.Funnel k) {
      return funnel(all, k);
    } else if (kind instanceof MetricKind.Elapsed k) {
      return elapsed(all, k);
    } else if (kind instanceof MetricKind.Retention k) {
      boolean back = false;
      for (Point point : all) {
        long age = point.timeMs - fromMs;
        back |=
            age >= k.fromDay() * DAY_MS && age < k.toDay() * DAY_MS && passes(k.outcome(), point);
      }
      return pair(back ? ONE : BigInteger.ZERO);
    }
    MetricKind.Depth depth = (MetricKind.Depth) kind;
    Set<Long> days = new HashSet<>();
    for (Point point : all) {
      long day = (point.timeMs - fromMs) / DAY_MS;
      if (day < depth.days() && passes(depth.outcome(), point)) {
        days.add(day);
      }
    }
    return pair(ONE.multiply(BigInteger.valueOf(days.size())));
  }

  /** Values in the metric's currency; of a unit with one that has no rate 0, and 1 as d. */
  private static BigInteger[] money(List<Point> seen, MetricKind.Sum kind) {
    BigInteger total = BigInteger.ZERO;
    for (Point point : seen) {
      if (passes(kind.outcome(), point)) {
        String currency = point.attribute("currency");
        boolean own = currency.isEmpty() || currency.equals(kind.currency());
        Long rate = own ? Long.valueOf(1_000_000_000L) : kind.rateNanos().get(currency);
        if (rate == null) {
          return pair(BigInteger.ZERO, ONE);
        }
        total =
            total.add(
                BigDecimal.valueOf(point.valueMicros)
                    .multiply(BigDecimal.valueOf(rate, 9))
                    .setScale(0, RoundingMode.HALF_UP)
                    .toBigIntegerExact());
      }
    }
    Long cap = kind.capMicros();
    return pair(
        cap == null ? total : total.min(BigInteger.valueOf(cap)).max(BigInteger.valueOf(-cap)));
  }

  private static BigInteger[] above(List<Point> seen, MetricKind.Quantile kind, double threshold) {
    long over = 0;
    long measured = 0;
    for (Point point : seen) {
      if (passes(kind.outcome(), point)) {
        double found;
        try {
          found =
              kind.measure() == null
                  ? point.valueMicros / 1e6
                  : Double.parseDouble(point.attribute(kind.measure()));
        } catch (NumberFormatException e) {
          continue;
        }
        measured++;
        over += found > threshold ? 1 : 0;
      }
    }
    return pair(ONE.multiply(BigInteger.valueOf(over)), ONE.multiply(BigInteger.valueOf(measured)));
  }

  /** From some first step on, every further one in order and in time. */
  private static BigInteger[] funnel(List<Point> all, MetricKind.Funnel kind) {
    for (int start = 0; start < all.size(); start++) {
      int step = 0;
      for (int i = start; i < all.size() && step < kind.steps().size(); i++) {
        boolean inTime = all.get(i).timeMs - all.get(start).timeMs < kind.within().toMillis();
        if (inTime && passes(kind.steps().get(step), all.get(i))) {
          step++;
        } else if (i == start) {
          break;
        }
      }
      if (step == kind.steps().size()) {
        return pair(ONE);
      }
    }
    return pair(BigInteger.ZERO);
  }

  /** Seconds from the first start to the first end after it, or the whole time; 1 if started. */
  private static BigInteger[] elapsed(List<Point> all, MetricKind.Elapsed kind) {
    for (int start = 0; start < all.size(); start++) {
      if (passes(kind.from(), all.get(start))) {
        long took = kind.within().toMillis();
        for (int end = all.size() - 1; end > start; end--) {
          long ms = all.get(end).timeMs - all.get(start).timeMs;
          if (ms < kind.within().toMillis() && passes(kind.to(), all.get(end))) {
            took = ms;
          }
        }
        return pair(BigInteger.valueOf(took * 1_000), ONE);
      }
    }
    return pair(BigInteger.ZERO);
  }

  private static BigInteger[] pair(BigInteger y, BigInteger d) {
    return new BigInteger[] {y, d};
  }

  private static BigInteger[] pair(BigInteger y) {
    return pair(y, BigInteger.ZERO);
  }

  private static List<Point> within(List<Point> all, @Nullable Duration window, long fromMs) {
    List<Point> seen = new ArrayList<>();
    for (Point point : all) {
      if (window == null || point.timeMs - fromMs < window.toMillis()) {
        seen.add(point);
      }
    }
    return seen;
  }

  private static BigInteger sum(List<Point> seen, OutcomeFilter filter, boolean values) {
    BigInteger total = BigInteger.ZERO;
    for (Point point : seen) {
      if (passes(filter, point)) {
        total = total.add(values ? BigInteger.valueOf(point.valueMicros) : ONE);
      }
    }
    return total;
  }

  private static boolean passes(OutcomeFilter filter, Point point) {
    boolean passes = filter.outcome().equals(point.name);
    for (Map.Entry<String, Set<String>> where : filter.where().entrySet()) {
      String found = point.attribute(where.getKey());
      passes &= where.getValue().contains(found.isEmpty() ? "(unknown)" : found);
    }
    return passes;
  }

  private void count(Member member, int channel) {
    for (CellKey cell : cells(member, channel)) {
      add(cell, true, BigInteger.ZERO, BigInteger.ZERO);
    }
  }

  /** The overall cell and that of the unit's segment in each dimension. */
  private static List<CellKey> cells(Member m, int channel) {
    List<CellKey> cells = new ArrayList<>();
    cells.add(cell(m.attempt(), m.process(), m.stratum(), m.first().variant(), -1, 0, channel));
    List<SegmentDimension> dimensions = m.attempt().definition().spec().segments();
    for (int d = 0; d < dimensions.size(); d++) {
      String value = m.first().point().attribute(dimensions.get(d).name());
      int listed = dimensions.get(d).values().indexOf(value);
      int others = dimensions.get(d).values().size();
      int segment = listed >= 0 ? listed : value.isEmpty() ? others + 1 : others;
      cells.add(
          cell(m.attempt(), m.process(), m.stratum(), m.first().variant(), d, segment, channel));
    }
    return cells;
  }

  private static CellKey cell(
      Attempt attempt,
      int process,
      int stratum,
      int variant,
      int dimension,
      int segment,
      int channel) {
    return new CellKey(attempt.number(), process, stratum, variant, dimension, segment, channel);
  }

  private void add(CellKey cell, boolean enters, BigInteger y, BigInteger d) {
    BigInteger[] more = {
      enters ? BigInteger.ONE : BigInteger.ZERO,
      y.signum() == 0 ? BigInteger.ZERO : BigInteger.ONE,
      y,
      d,
      y.multiply(y),
      d.multiply(d),
      y.multiply(d)
    };
    BigInteger[] all =
        sums.computeIfAbsent(
            new SimulatedResult.Total(timeline.rolloutId(), cell),
            t -> new BigInteger[] {null, null, null, null, null, null, null});
    for (int i = 0; i < more.length; i++) {
      all[i] = all[i] == null ? more[i] : all[i].add(more[i]);
    }
  }
}
