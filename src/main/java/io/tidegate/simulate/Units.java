package io.tidegate.simulate;

import static io.tidegate.simulate.SimulationConfig.DAY_MS;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * All units ever seen, numbered by the day they were first seen, and who comes on which day. Before
 * the start there are {@link #PAST_DAYS} days of newcomers, so that the first day is like any
 * other.
 */
final class Units {

  private static final int PAST_DAYS = 180;
  private static final double NEW_SHARE = 0.25;
  private static final double MOST_ACTIVE = 3;
  private static final double MORE_VISITS = 0.2;
  private static final int MOST_VISITS = 4;
  private static final int BORN = 2;
  private static final int COMES = 3;
  private static final Comparator<Visit> BY_TIME =
      Comparator.comparingLong(Visit::timeMs).thenComparingLong(Visit::unit);

  private final SimulationConfig config;
  private final Season season;
  private final Levers levers;
  private final Population population;
  private final double returnScale;
  private final List<Long> firstUnitOfDay = new ArrayList<>();
  private byte[] variants = new byte[1024];
  private long units;

  /**
   * A unit comes.
   *
   * @param bornDay day the unit was first seen, counted from the start; may be negative
   * @param ordinal how many visits of the unit that day came before
   */
  record Visit(long timeMs, long unit, int day, int bornDay, int ordinal) {}

  Units(SimulationConfig config, Season season, Levers levers) {
    this.config = config;
    this.season = season;
    this.levers = levers;
    this.population = new Population(config.seed());
    double sum = 0;
    for (int age = 1; age <= PAST_DAYS; age++) {
      sum += shape(age) / season.growth(age);
    }
    this.returnScale = (1 - NEW_SHARE) / NEW_SHARE / sum;
    for (int day = -PAST_DAYS; day < 0; day++) {
      bear(day);
    }
  }

  Population.Traits traits(Visit visit) {
    return population.traits(visit.unit(), visit.bornDay());
  }

  /** Notes the variant a unit was first given; −1 is no variant. */
  void enter(long unit, int variant) {
    int slot = Math.toIntExact(unit);
    if (variant >= 0 && variants[slot] == 0) {
      variants[slot] = (byte) (variant + 1);
    }
  }

  /** The visits of a day in the order of time; days are planned one after the other. */
  List<Visit> plan(int day) {
    List<Visit> visits = new ArrayList<>();
    double today = season.ofDay(day);
    for (int born = -PAST_DAYS; born < day; born++) {
      double base = returnScale * shape(day - born) * today;
      long end = firstUnit(born + 1);
      for (long unit = firstUnit(born); unit < end; unit++) {
        returns(unit, born, day, base, visits);
      }
    }
    long first = units;
    bear(day);
    for (long unit = first; unit < units; unit++) {
      comes(unit, day, day, population.traits(unit, day), visits);
    }
    visits.sort(BY_TIME);
    return visits;
  }

  private void returns(long unit, int born, int day, double base, List<Visit> visits) {
    double chance = Draws.of(config.seed(), COMES, unit, day).uniform();
    if (chance >= 2 * MOST_ACTIVE * base) {
      return;
    }
    Population.Traits traits = population.traits(unit, born);
    int variant = variants[Math.toIntExact(unit)] - 1;
    double effect =
        levers.factor(
            Lever.RETURN,
            variant,
            config.startMs() + day * DAY_MS,
            Population.attributes(traits, day - born));
    double probability = base * Math.min(MOST_ACTIVE, traits.activity()) * Math.min(2, effect);
    if (chance < Math.min(0.95, probability)) {
      comes(unit, born, day, traits, visits);
    }
  }

  private void comes(long unit, int born, int day, Population.Traits traits, List<Visit> visits) {
    Draws draws = Draws.of(config.seed(), COMES, unit, ~(long) day);
    int n = 1 + draws.geometric(MORE_VISITS, MOST_VISITS - 1);
    long[] times = new long[n];
    for (int i = 0; i < n; i++) {
      times[i] = season.visitMs(draws, day, traits.shiftHours());
    }
    Arrays.sort(times);
    for (int i = 0; i < n; i++) {
      visits.add(new Visit(times[i], unit, day, born, i));
    }
  }

  private void bear(int day) {
    firstUnitOfDay.add(units);
    double expected =
        config.unitsPerDay() * NEW_SHARE * season.growth(day) * (day < 0 ? 1 : season.ofDay(day));
    units += Draws.of(config.seed(), BORN, day, 0).poisson(expected);
    if (units > variants.length) {
      variants = Arrays.copyOf(variants, Math.toIntExact(Math.max(units, variants.length * 2L)));
    }
  }

  private long firstUnit(int day) {
    int slot = day + PAST_DAYS;
    return slot < firstUnitOfDay.size() ? firstUnitOfDay.get(slot) : units;
  }

  /** How the probability to come back falls with age. */
  private static double shape(int age) {
    return 0.75 * StrictMath.exp(-age / 8.0) + 0.25 * StrictMath.exp(-age / 60.0);
  }
}
