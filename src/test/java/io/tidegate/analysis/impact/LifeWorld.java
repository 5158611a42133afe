package io.tidegate.analysis.impact;

import static io.tidegate.analysis.impact.Rollouts.DAY;
import static io.tidegate.analysis.impact.Rollouts.at;
import static io.tidegate.analysis.impact.Rollouts.outcome;
import static io.tidegate.analysis.impact.Rollouts.stage;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.UnitHistory;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Units that buy on some of their days, with an effect planted by day of life. */
final class LifeWorld {

  static final int DAYS = 25;
  static final double BUYS = 0.2;

  /** Value a day that control is expected to bring. */
  static final double PER_DAY = BUYS * 20;

  /** Segment of those who buy on more days, by {@link #YES}, or on fewer. */
  static final String KEEN = "keen";

  static final double YES = 1.5;
  static final double NO = 0.5;

  /** Days on which units enter in waves, the second half of them in the second stage. */
  static final int WAVES = 10;

  /** Day on which everyone gets the treatment, where that is part of the world. */
  static final int LAUNCH_DAY = 20;

  /** Day on which the rollout ends, where that is part of the world. */
  static final int END_DAY = 13;

  private final RolloutContext context;
  private final SliceBook book;
  private final UnitFollower follower;
  private final SplittableRandom random;
  private int units;

  /** Factor of the treatment on the chance to buy on a day of life. */
  interface Plant {
    double factor(int day);
  }

  private LifeWorld(long seed, int days, @Nullable Long cap, RolloutEvent... events) {
    this(seed, days, cap, List.of(stage("half", 50), stage("full", 100)), events);
  }

  private LifeWorld(
      long seed, int days, @Nullable Long cap, List<Stage> stages, RolloutEvent... events) {
    RolloutSpec spec =
        Rollouts.spec(
            Assignment.MATCHED,
            stages,
            null,
            List.of(new SegmentDimension(KEEN, List.of("yes", "no"), 0)),
            List.of(
                Rollouts.revenue(cap == null ? null : cap * 1_000_000),
                Rollouts.metric(
                    "purchases",
                    new MetricKind.Count(
                        OutcomeFilter.of("purchase"), null, cap == null ? null : cap / 20)),
                Rollouts.retention(7)),
            0);
    Timeline timeline = Rollouts.timeline(spec, events);
    context = new RolloutContext(0, timeline);
    ImpactPlan plan = ImpactPlan.of(timeline, timeline.attempts().get(0), days * DAY);
    book = new SliceBook(plan);
    follower = new UnitFollower(plan, book);
    random = new SplittableRandom(seed);
  }

  /**
   * Units followed for 25 days.
   *
   * @param number units of each variant
   */
  static SliceBook book(int number, long seed, Plant plant) {
    return book(number, seed, null, plant);
  }

  /** The same with a cap on a unit's revenue, and on its purchases at a twentieth of it. */
  static SliceBook book(int number, long seed, @Nullable Long cap, Plant plant) {
    LifeWorld world = new LifeWorld(seed, DAYS, cap, at(0, Kind.STAGE_ENTERED, "half"));
    for (int i = 0; i < number; i++) {
      world.add(false, 0, DAYS, plant);
      world.add(true, 0, DAYS, plant);
    }
    return world.book;
  }

  /**
   * Units that enter over ten days and two stages, so that ever fewer are of an age.
   *
   * @param number units of each variant
   */
  static SliceBook waves(int number, long seed, Plant plant) {
    LifeWorld world = waves(seed, DAYS);
    for (int i = 0; i < number; i++) {
      world.add(false, i % WAVES, DAYS - i % WAVES, plant);
      world.add(true, i % WAVES, DAYS - i % WAVES, plant);
    }
    return world.book;
  }

  /**
   * The units of {@link #waves}, with an effect planted by day of the calendar.
   *
   * @param number units of each variant
   * @param days days of data
   */
  static SliceBook byCalendar(int number, long seed, int days, Plant plant) {
    LifeWorld world = waves(seed, days);
    for (int i = 0; i < number; i++) {
      int entry = i % WAVES;
      world.add(false, entry, days - entry, plant);
      world.add(true, entry, days - entry, age -> plant.factor(entry + age));
    }
    return world.book;
  }

  private static LifeWorld waves(long seed, int days) {
    return new LifeWorld(
        seed,
        days,
        null,
        List.of(stage("quarter", 25), stage("half", 50)),
        at(0, Kind.STAGE_ENTERED, "quarter"),
        at(WAVES / 2, Kind.STAGE_ENTERED, "half"));
  }

  /**
   * Units of one stage that ends on day 13, followed for 25 days.
   *
   * @param number units of each variant
   */
  static SliceBook ended(int number, long seed, Kind end, Plant plant) {
    LifeWorld world =
        new LifeWorld(seed, DAYS, null, at(0, Kind.STAGE_ENTERED, "half"), at(END_DAY, end, ""));
    for (int i = 0; i < number; i++) {
      world.add(false, 0, DAYS, plant);
      world.add(true, 0, DAYS, plant);
    }
    return world.book;
  }

  /**
   * Units of which each did something before, until the launch on day 20; after it three times as
   * many treated ones live 100 days.
   */
  static SliceBook launched(int number, long seed) {
    LifeWorld world =
        new LifeWorld(
            seed,
            LAUNCH_DAY + 101,
            null,
            at(0, Kind.STAGE_ENTERED, "half"),
            at(LAUNCH_DAY, Kind.STAGE_ENTERED, "full"));
    for (int i = 0; i < number; i++) {
      world.add(false, 0, LAUNCH_DAY, day -> 1);
      world.add(true, 0, LAUNCH_DAY, day -> 1);
    }
    for (int i = 0; i < 3 * number; i++) {
      world.add(true, LAUNCH_DAY, 100, day -> 1);
    }
    return world.book;
  }

  private void add(boolean treated, int entryDay, int days, Plant plant) {
    UnitHistory history = UnitHistory.of(life(treated, entryDay, days, plant), 6);
    Point before =
        Points.covariate(
            "u" + units,
            Points.covariateName(Rollouts.ID, "revenue"),
            0,
            random.nextInt(100) * 1_000_000L);
    follower.follow(history.entries(context), history.points(), List.of(before));
    units++;
  }

  private List<Point> life(boolean treated, int entryDay, int days, Plant plant) {
    List<Point> points = new ArrayList<>();
    double keen = random.nextBoolean() ? NO : YES;
    points.add(
        Rollouts.exposure(
            entryDay * DAY + 1, treated ? "on" : "off", KEEN, keen == YES ? "yes" : "no"));
    for (int day = 0; day < days; day++) {
      if (random.nextDouble() < BUYS * keen * (treated ? plant.factor(day) : 1)) {
        long micros = (10 + random.nextInt(21)) * 1_000_000L;
        points.add(outcome(units * 1_000L + day, 2 + (entryDay + day) * DAY, "purchase", micros));
      }
    }
    points.forEach(point -> point.unitKey = units * 0x9e3779b97f4a7c15L);
    return points;
  }
}
