package io.tidegate.simulate;

import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A world made for a spec: units of every declared segment come at an even rate, some again on
 * later days, and do at each visit what the spec's metrics read. What goes wrong is told from
 * outside. A function of its arguments and of the stages alone. Not thread-safe.
 */
public final class SpecWorld {

  private static final long HOUR_MS = 3_600_000L;
  private static final int HOUR = 201;
  private static final int UNIT = 202;
  private static final int VISIT = 203;
  private static final long MICROS = 1_000_000L;
  private static final double RETURN_MS = 20 * HOUR_MS;

  private record Visit(long timeMs, long unit, int number) {}

  private final RolloutSpec spec;
  private final long seed;
  private final long startMs;
  private final double unitsPerDay;
  private final List<Trouble> troubles;
  private final Map<String, List<String>> segments;
  private final Habits habits;
  private final Timeline timeline = new Timeline();
  private final Assigner assigner;
  private final PriorityQueue<Visit> visits =
      new PriorityQueue<>(Comparator.comparingLong(Visit::timeMs).thenComparingLong(Visit::unit));
  private final PriorityQueue<Arrival> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Arrival::arrivalMs));
  private long units;
  private long plannedMs;

  /**
   * @param segments dimension → values that units have, each as often as another
   */
  public SpecWorld(
      RolloutSpec spec,
      Map<String, List<String>> segments,
      long seed,
      long startMs,
      double unitsPerDay,
      List<Trouble> troubles) {
    this.spec = spec;
    this.segments = new TreeMap<>(segments);
    this.seed = seed;
    this.startMs = startMs;
    this.plannedMs = startMs;
    this.unitsPerDay = unitsPerDay;
    this.troubles = List.copyOf(troubles);
    this.habits = new Habits(spec);
    this.assigner = new Assigner(spec, timeline, 0);
  }

  /** Outcomes a day in all traffic, in the long run. */
  public double perDay(String outcome) {
    return unitsPerDay * Habits.visits() * habits.perVisit(outcome);
  }

  /** Outcomes of a visit in the mean. */
  public double perVisit(String outcome) {
    return habits.perVisit(outcome);
  }

  /** The quantile of what is measured, without effects. */
  public static double quantile(double standardNormal, boolean measured) {
    double median = measured ? Habits.MEASURE : Habits.VALUE;
    return median * StrictMath.exp(Habits.SPREAD * standardNormal);
  }

  /** Puts a stage in force. */
  public void enterStage(String name, long timeMs) {
    timeline.add(spec.stageIndex(name), name, timeMs);
  }

  /** Hands over what arrives before an instant, in the order of arrival. */
  public void advanceTo(long timeMs, Consumer<Arrival> sink) {
    while (plannedMs < timeMs) {
      Draws draws = Draws.of(seed, HOUR, (plannedMs - startMs) / HOUR_MS, 0);
      int entering = draws.poisson(unitsPerDay / 24);
      for (int u = 0; u < entering; u++) {
        plan(units++, plannedMs + draws.between(0, HOUR_MS));
      }
      plannedMs += HOUR_MS;
    }
    for (Visit visit = visits.peek(); visit != null && visit.timeMs() < timeMs; ) {
      visits.remove();
      play(visit);
      visit = visits.peek();
    }
    for (Arrival first = waiting.peek(); first != null && first.arrivalMs() < timeMs; ) {
      waiting.remove();
      sink.accept(first);
      first = waiting.peek();
    }
  }

  private void plan(long unit, long firstMs) {
    Draws draws = Draws.of(seed, UNIT, unit, 0);
    visits.add(new Visit(firstMs, unit, 0));
    int returns = draws.geometric(Habits.RETURNS, Habits.MOST_RETURNS);
    long atMs = firstMs;
    for (int n = 1; n <= returns; n++) {
      atMs += HOUR_MS + (long) draws.exponential(RETURN_MS);
      visits.add(new Visit(atMs, unit, n));
    }
  }

  private void play(Visit visit) {
    Assigner.Served served = assigner.served(visit.unit(), visit.timeMs(), visit.number());
    if (served.index() < 0) {
      return;
    }
    Map<String, String> unit = attributes(visit.unit());
    List<Trouble> felt = new ArrayList<>();
    for (Trouble trouble : troubles) {
      if (trouble.begun(visit.timeMs())
          && (served.index() > 0 || trouble.kind().everybodys())
          && unit.entrySet().containsAll(trouble.where().entrySet())) {
        felt.add(trouble);
      }
    }
    if (felt.stream()
        .anyMatch(t -> t.kind() == Trouble.Kind.STOPPED || t.kind() == Trouble.Kind.SILENT)) {
      return;
    }
    Draws draws = Draws.of(seed, VISIT, visit.unit(), visit.number());
    if (felt.stream().noneMatch(t -> unlogged(t, visit.unit()))) {
      expose(visit, served, unit, felt, draws);
    }
    long atMs = visit.timeMs();
    int events = 0;
    for (Habits.Habit habit : habits.all()) {
      int number = number(habit, felt, draws);
      for (int i = 0; i < number; i++) {
        atMs += draws.between(1_000, 10_000);
        outcome(visit, habit, events++, atMs, felt, draws);
      }
    }
  }

  private static String first(Set<String> values) {
    return values.stream().min(Comparator.naturalOrder()).orElse("");
  }

  private boolean unlogged(Trouble trouble, long unit) {
    return trouble.kind() == Trouble.Kind.UNLOGGED
        && Draws.uniform(seed, "unlogged", unit) < trouble.factor();
  }

  private Map<String, String> attributes(long unit) {
    Map<String, String> attributes = new TreeMap<>();
    for (SegmentDimension dimension : spec.segments()) {
      List<String> values = segments.getOrDefault(dimension.name(), List.of());
      if (!values.isEmpty()) {
        double place = Draws.uniform(seed, dimension.name(), unit) * values.size();
        attributes.put(dimension.name(), values.get((int) place));
      }
    }
    return attributes;
  }

  private void expose(
      Visit visit,
      Assigner.Served served,
      Map<String, String> unit,
      List<Trouble> felt,
      Draws draws) {
    int stage = timeline.stageAt(visit.timeMs());
    waiting.add(
        new Arrival.Exposed(
            arrives(visit.timeMs(), felt, draws),
            new Exposure(
                "x" + visit.unit() + "-" + visit.number(),
                visit.timeMs(),
                "u" + visit.unit(),
                spec.flag().key(),
                served.variant(),
                stage < 0 ? "" : spec.stages().get(stage).flagVersion(),
                "split",
                unit)));
  }

  private static int number(Habits.Habit habit, List<Trouble> felt, Draws draws) {
    double mean = habit.perVisit();
    for (Trouble trouble : felt) {
      boolean numbers =
          trouble.kind() == Trouble.Kind.NUMBER || trouble.kind() == Trouble.Kind.EVERYBODY;
      if (numbers && trouble.concerns(habit.outcome())) {
        mean *= trouble.factor();
      }
    }
    return mean <= 1 ? (draws.chance(mean) ? 1 : 0) : draws.poisson(mean);
  }

  private void outcome(
      Visit visit, Habits.Habit habit, int number, long atMs, List<Trouble> felt, Draws draws) {
    double factor = 1;
    long fastMs = 0;
    for (Trouble trouble : felt) {
      if (trouble.kind() == Trouble.Kind.BROKEN && draws.chance(trouble.factor())) {
        waiting.add(broken(visit, atMs));
        return;
      }
      if (trouble.kind() == Trouble.Kind.FAST_CLOCK && trouble.concerns(habit.outcome())) {
        fastMs += (long) (trouble.factor() * 1_000);
      }
      if (trouble.kind() == Trouble.Kind.VALUE && trouble.concerns(habit.outcome())) {
        factor *= trouble.factor();
      }
    }
    String name = habit.outcome().outcome();
    Map<String, String> attributes = new HashMap<>();
    habit.outcome().where().forEach((key, values) -> attributes.put(key, first(values)));
    for (String measure : habits.measures(name)) {
      attributes.put(
          measure,
          String.format(
              java.util.Locale.ROOT,
              "%.3f",
              factor * draws.logNormal(Habits.MEASURE, Habits.SPREAD)));
    }
    waiting.add(
        new Arrival.Happened(
            arrives(atMs, felt, draws),
            new Outcome(
                "o" + visit.unit() + "-" + visit.number() + "-" + number,
                atMs + fastMs,
                "u" + visit.unit(),
                name,
                (long) (factor * draws.logNormal(Habits.VALUE, Habits.SPREAD) * MICROS),
                true,
                attributes)));
  }

  private static Arrival broken(Visit visit, long atMs) {
    return new Arrival.Broken(
        atMs, "u" + visit.unit(), false, "{", DeadLetterReason.MALFORMED_JSON);
  }

  private static long arrives(long timeMs, List<Trouble> felt, Draws draws) {
    for (Trouble trouble : felt) {
      if (trouble.kind() == Trouble.Kind.LATE && draws.chance(trouble.factor())) {
        return timeMs + draws.between(Faults.LATE_FROM_MS, Faults.LATE_TO_MS);
      }
    }
    return timeMs;
  }
}
