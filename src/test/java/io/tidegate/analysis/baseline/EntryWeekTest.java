package io.tidegate.analysis.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.attribution.Ledger;
import io.tidegate.analysis.attribution.NoControl;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.attribution.PostedCells;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.RolloutIndex;
import io.tidegate.analysis.attribution.UnitState;
import io.tidegate.analysis.baseline.HistoryRequest.Series;
import io.tidegate.analysis.baseline.HistoryRequest.Wanted;
import io.tidegate.model.Assignment;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutSpec;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A world that nothing changes, of busy and idle units: a week of entry into a stage without
 * control has the level of history's weeks, a day of it has not.
 */
class EntryWeekTest {

  private static final RolloutSpec SPEC = Rollouts.spec("m", Assignment.MATCHED);
  private static final long HISTORY_MS = Rollouts.START_MS - 28 * Rollouts.DAY_MS;
  private static final long FULL_MS = Rollouts.START_MS + 3 * Rollouts.HOUR_MS;
  private static final int UNITS = 20_000;

  private final Random random = new Random(20_260_105);
  private final UnitCohorts history =
      new UnitCohorts(
          HistoryPlan.of(
              new HistoryRequest(
                  HISTORY_MS,
                  Rollouts.START_MS,
                  List.of(
                      new Wanted(
                          "m", List.of(new Series(0, "conversion")), true, List.of(), HISTORY_MS)),
                  List.of()),
              json -> SPEC,
              Map.of()));
  private final RolloutContext context =
      new RolloutContext(
          0,
          Rollouts.timeline(
              SPEC,
              Resolved.NONE,
              List.of(
                  Rollouts.START_MS,
                  Rollouts.START_MS + Rollouts.HOUR_MS,
                  Rollouts.START_MS + 2 * Rollouts.HOUR_MS,
                  FULL_MS)));
  private final PostedCells batch = new PostedCells();
  private final Ledger ledger = new Ledger(6, batch::add);

  /** Visits at a unit's own rate, log-normal among units; three of ten end in a purchase. */
  private void live(int number) {
    double perDay = 0.2 * Math.exp(1.5 * random.nextGaussian());
    List<Point> before = new ArrayList<>();
    UnitState state = new UnitState();
    RolloutIndex index = RolloutIndex.of(List.of(context));
    long endMs = FULL_MS + 19 * Rollouts.DAY_MS;
    String unit = "u" + number;
    double timeMs = HISTORY_MS;
    for (int visit = 0; ; visit++) {
      timeMs += -Math.log(1 - random.nextDouble()) / perDay * Rollouts.DAY_MS;
      if (timeMs >= endMs) {
        break;
      }
      long atMs = (long) timeMs;
      List<Point> points = new ArrayList<>();
      String variant = atMs < FULL_MS ? "off" : "on";
      String id = number + "/" + visit;
      points.add(Points.of(new Exposure("e" + id, atMs, unit, "m", variant, "", "", Map.of())));
      if (random.nextDouble() < 0.3) {
        points.add(Points.of(new Outcome("o" + id, atMs + 1, unit, "purchase", 1, true, Map.of())));
      }
      if (atMs < Rollouts.START_MS) {
        before.addAll(points);
      } else if (atMs >= FULL_MS) {
        points.forEach(p -> ledger.take(state, p, index, Long.MIN_VALUE, Long.MIN_VALUE));
      }
    }
    history.add(before);
  }

  @Test
  void a_week_of_entry_has_the_level_of_history_and_a_day_has_not() {
    for (int unit = 0; unit < UNITS; unit++) {
      live(unit);
    }
    UnitSums usual = new UnitSums();
    history
        .books()
        .get("conversion")
        .cells()
        .get(HourBook.WHOLE)
        .values()
        .forEach(cell -> usual.add(cell.followed()));
    Map<Integer, UnitSums> days = new TreeMap<>();
    CellBatch.read(
        batch.write("m"),
        (bucket, key, sums) -> {
          boolean unit = key.channel() == CellKey.UNITS || key.channel() == 0;
          if (key.process() == 3 && key.dimension() == -1 && unit) {
            days.computeIfAbsent(key.stratum(), d -> new UnitSums()).add(sums);
          }
        });
    assertThat(off(days.get(0), usual)).isGreaterThan(4);
    assertThat(off(days.get(6), usual)).isLessThan(-4);
    int cycle = NoControl.cycleDays(SPEC);
    for (int week = 0; week < 2; week++) {
      UnitSums pooled = new UnitSums();
      for (int day = week * cycle; day < week * cycle + NoControl.WEEK_DAYS; day++) {
        pooled.add(days.get(day));
      }
      assertThat(pooled.units()).isGreaterThan(10_000);
      assertThat(Math.abs(off(pooled, usual))).as("week %d", week).isLessThan(2);
    }
  }

  /** Standard errors by which a level is above the usual one, that of the usual left out. */
  private static double off(UnitSums sums, UnitSums usual) {
    Moments seen = sums.moments();
    return (seen.mean() - usual.moments().mean()) / Math.sqrt(seen.meanVariance().orThrow());
  }
}
