package io.tidegate.analysis.impact;

import static io.tidegate.analysis.impact.Rollouts.DAY;
import static io.tidegate.analysis.impact.Rollouts.outcome;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.UnitHistory;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec.Holdout;
import io.tidegate.model.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Units that buy on some days of the calendar, in a rollout of whatever course. Mutable. */
final class EndingWorld {

  static final double BUYS = 0.2;

  /** Euros of every purchase. */
  static final int PRICE = 20;

  static final double PER_DAY = BUYS * PRICE;

  private final Timeline timeline;
  private final RolloutContext context;
  private final List<SliceBook> books = new ArrayList<>();
  private final List<UnitFollower> followers = new ArrayList<>();
  private final SplittableRandom random;
  private final int days;
  private int units;

  /** Serves a variant to a unit on a day. */
  record Served(int day, String variant) {}

  /**
   * @param cap euros of a unit, which also caps its purchases at a twentieth of it; null for none
   * @param days days of data
   */
  EndingWorld(
      long seed,
      Assignment assignment,
      @Nullable Holdout holdout,
      @Nullable Long cap,
      int days,
      List<Stage> stages,
      RolloutEvent... events) {
    this.days = days;
    timeline =
        Rollouts.timeline(
            Rollouts.spec(
                assignment,
                stages,
                holdout,
                List.of(),
                List.of(
                    Rollouts.revenue(cap == null ? null : cap * 1_000_000),
                    Rollouts.metric(
                        "purchases",
                        new MetricKind.Count(
                            OutcomeFilter.of("purchase"), null, cap == null ? null : cap / PRICE)),
                    Rollouts.retention(7)),
                0),
            events);
    context = new RolloutContext(0, timeline);
    for (Attempt attempt : timeline.attempts()) {
      ImpactPlan plan = ImpactPlan.of(timeline, attempt, days * DAY);
      books.add(new SliceBook(plan));
      followers.add(new UnitFollower(plan, books.get(books.size() - 1)));
    }
    random = new SplittableRandom(seed);
  }

  /**
   * Adds units that were served as told.
   *
   * @param factor on the chance to buy, by day of the calendar
   * @return days of each unit on which it bought
   */
  List<List<Integer>> add(int number, IntToDoubleFunction factor, Served... served) {
    List<List<Integer>> bought = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      List<Point> points = new ArrayList<>();
      for (Served each : served) {
        points.add(Rollouts.exposure(each.day() * DAY + 1, each.variant()));
      }
      List<Integer> own = new ArrayList<>();
      for (int day = served[0].day(); day < days; day++) {
        if (random.nextDouble() < BUYS * factor.applyAsDouble(day)) {
          points.add(outcome(units * 1_000L + day, day * DAY + 2, "purchase", PRICE * 1_000_000L));
          own.add(day);
        }
      }
      points.forEach(point -> point.unitKey = units * 0x9e3779b97f4a7c15L);
      UnitHistory history = UnitHistory.of(points, 6);
      List<UnitHistory.Entry> entries = history.entries(context);
      followers.forEach(follower -> follower.follow(entries, history.points()));
      bought.add(own);
      units++;
    }
    return bought;
  }

  /** Rows of an attempt, 1 the first. */
  List<ImpactEstimate> rows(int attempt, Aspect aspect) {
    return ImpactTables.of(books.get(attempt - 1)).effects().stream()
        .filter(row -> row.aspect() == aspect)
        .toList();
  }

  List<ImpactEstimate> rows(int attempt, Aspect aspect, String metric) {
    return rows(attempt, aspect).stream().filter(row -> row.metric().equals(metric)).toList();
  }

  int attempts() {
    return timeline.attempts().size();
  }
}
