package io.tidegate.analysis.impact;

import static io.tidegate.analysis.impact.Rollouts.DAY;
import static io.tidegate.analysis.impact.Rollouts.at;
import static io.tidegate.analysis.impact.Rollouts.outcome;
import static io.tidegate.analysis.impact.Rollouts.stage;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.UnitHistory;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Units that live 25 days and buy on some of them, with an effect planted by day of life. */
final class LifeWorld {

  static final int DAYS = 25;
  static final double BUYS = 0.2;

  /** Value a day that control is expected to bring. */
  static final double PER_DAY = BUYS * 20;

  /** Factor of the treatment on the chance to buy on a day of life. */
  interface Plant {
    double factor(int day);
  }

  private LifeWorld() {}

  /**
   * Followed units.
   *
   * @param units of each variant
   */
  static SliceBook book(int units, long seed, Plant plant) {
    RolloutSpec spec =
        Rollouts.spec(
            Assignment.MATCHED,
            List.of(stage("half", 50), stage("full", 100)),
            null,
            List.of(),
            List.of(Rollouts.revenue(null), Rollouts.retention(7)),
            0);
    Timeline timeline = Rollouts.timeline(spec, at(0, Kind.STAGE_ENTERED, "half"));
    RolloutContext context = new RolloutContext(0, timeline);
    ImpactPlan plan = ImpactPlan.of(Rollouts.ID, timeline.attempts().get(0), DAYS * DAY);
    SliceBook book = new SliceBook(plan);
    UnitFollower follower = new UnitFollower(plan, book);
    SplittableRandom random = new SplittableRandom(seed);
    for (int unit = 0; unit < 2 * units; unit++) {
      UnitHistory history = UnitHistory.of(life(unit, plant, random), 6);
      follower.follow(history.entries(context), history.points());
    }
    return book;
  }

  private static List<Point> life(int unit, Plant plant, SplittableRandom random) {
    boolean treated = unit % 2 == 1;
    List<Point> points = new ArrayList<>();
    points.add(Rollouts.exposure(1, treated ? "on" : "off"));
    double keen = random.nextBoolean() ? 0.5 : 1.5;
    for (int day = 0; day < DAYS; day++) {
      if (random.nextDouble() < BUYS * keen * (treated ? plant.factor(day) : 1)) {
        long micros = (10 + random.nextInt(21)) * 1_000_000L;
        points.add(outcome(unit * 1_000L + day, 2 + day * DAY, "purchase", micros));
      }
    }
    points.forEach(point -> point.unitKey = unit * 0x9e3779b97f4a7c15L);
    return points;
  }
}
