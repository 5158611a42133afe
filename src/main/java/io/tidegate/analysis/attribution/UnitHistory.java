package io.tidegate.analysis.attribution;

import io.tidegate.analysis.timeline.Attempt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every event of one unit, once each and in event-time order: what attribution comes to when all is
 * known, for batch jobs over history. The same fold as the gate's.
 */
public final class UnitHistory {

  private final List<Point> points;

  private UnitHistory(List<Point> points) {
    this.points = points;
  }

  /**
   * Orders a unit's events and keeps one of the copies of each: the smallest (event time, content),
   * for as long as the horizon lasts from it.
   *
   * @param horizonSlices slices of {@link Ledger#SLICE_MS} within which copies are known
   */
  public static UnitHistory of(List<Point> events, int horizonSlices) {
    List<Point> ordered = new ArrayList<>(events);
    ordered.sort(Point.ORDER);
    Map<Long, Long> keptSlices = new HashMap<>();
    List<Point> kept = new ArrayList<>(ordered.size());
    for (Point point : ordered) {
      long slice = Math.floorDiv(point.timeMs, Ledger.SLICE_MS);
      Long before = keptSlices.get(point.idHash);
      if (before == null || slice - before > horizonSlices) {
        keptSlices.put(point.idHash, slice);
        kept.add(point);
      }
    }
    return new UnitHistory(kept);
  }

  /** The unit's events. */
  public List<Point> points() {
    return points;
  }

  /**
   * A unit enters a process.
   *
   * @param process as in {@link CellKey}
   * @param stratum as in {@link CellKey}
   * @param segments index of the segment, one a dimension of the plan
   */
  public record Entry(
      int attempt, int process, int stratum, int variant, long entryMs, List<Integer> segments) {

    public Entry {
      segments = List.copyOf(segments);
    }

    /** Index of the stage in which it entered. */
    public int stage() {
      return process == CellKey.MATCHED ? stratum : process;
    }
  }

  /** The processes of a rollout with a control that the unit enters, in time order. */
  public List<Entry> entries(RolloutContext context) {
    List<Entry> entries = new ArrayList<>(1);
    RolloutUnit unit = new RolloutUnit(context.ordinal());
    Poster silent = new Poster(delta -> {}).on(context, null).signed(0);
    for (Point point : points) {
      if ((point.exposure || context.triggered()) && context.concerns(point)) {
        RolloutFold.step(context, unit, point, silent);
        if (unit.entered && compared(context, unit) && isNew(entries, unit)) {
          entries.add(
              new Entry(
                  unit.attempt,
                  unit.process,
                  unit.stratum,
                  unit.variant,
                  unit.entryMs,
                  Arrays.stream(unit.segments).boxed().toList()));
        }
      }
    }
    return entries;
  }

  private static boolean compared(RolloutContext context, RolloutUnit unit) {
    Attempt attempt = context.timeline().attempt(unit.attempt);
    return attempt == null || RolloutFold.isCompared(attempt, unit);
  }

  private static boolean isNew(List<Entry> entries, RolloutUnit unit) {
    if (entries.isEmpty()) {
      return true;
    }
    Entry last = entries.get(entries.size() - 1);
    return last.attempt() != unit.attempt || last.process() != unit.process;
  }
}
