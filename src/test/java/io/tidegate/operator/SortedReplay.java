package io.tidegate.operator;

import io.tidegate.analysis.attribution.Ledger;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.PostedCells;
import io.tidegate.analysis.attribution.UnitState;
import io.tidegate.analysis.gate.Gate;
import io.tidegate.analysis.gate.GateState;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Evaluation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A simulated world as batch mode runs it: every rollout event known, each unit's events by time,
 * every boundary judged at the end.
 */
final class SortedReplay {

  private SortedReplay() {}

  private static RolloutDirectory directory(SimulatedWorld world) {
    RolloutDirectory directory = new RolloutDirectory(world.reader);
    Sequencer sequencer = new Sequencer();
    for (ControlEvent control : world.rollouts.stream().map(sequencer::next).toList()) {
      directory.take(control);
    }
    return directory;
  }

  /**
   * Runs a world.
   *
   * @param known the events of which history knows
   */
  static SimulatedResult run(SimulatedWorld world, Predicate<Point> known) {
    SimulatedResult result = new SimulatedResult();
    RolloutDirectory directory = directory(world);
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(SimulatedWorld.HORIZON_SLICES, batch::add);
    Map<Long, UnitState> units = new HashMap<>();
    List<Point> sorted =
        world.arriving().stream()
            .filter(known)
            .map(Point::copy)
            .sorted(Comparator.comparingLong(p -> p.timeMs))
            .toList();
    for (Point point : sorted) {
      if (directory.index().keep(point)) {
        UnitState unit = units.computeIfAbsent(point.unitKey, k -> new UnitState());
        result.fate(
            point.idHash,
            ledger.take(unit, point, directory.index(), Long.MIN_VALUE, point.timeMs));
      }
    }
    for (Timeline timeline : world.timelines) {
      byte[] cells = batch.write(timeline.rolloutId());
      result.sums(timeline.rolloutId(), cells);
      GateState state = new GateState();
      state.add(cells);
      for (long b = timeline.nextBoundary(Long.MIN_VALUE);
          b < world.endMs;
          b = timeline.nextBoundary(b)) {
        Evaluation evaluation = Gate.evaluate(state, timeline, b);
        if (evaluation != null) {
          result.evaluated(evaluation);
        }
      }
    }
    return result;
  }
}
