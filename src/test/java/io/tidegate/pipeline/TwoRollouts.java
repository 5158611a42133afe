package io.tidegate.pipeline;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.model.Assignment;
import io.tidegate.model.Evaluation;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;

/** A matched and a ramped rollout over four days, and what a gate says of them. */
final class TwoRollouts {

  /** By how much events come out of order. */
  static final Duration BOUND = Duration.ofMinutes(20);

  private TwoRollouts() {}

  static DefinitionReader reader() {
    return defined ->
        new Definition(
            Rollouts.spec(
                defined.rolloutId(),
                defined.rolloutId().equals("r") ? Assignment.RAMPED : Assignment.MATCHED),
            Resolved.NONE,
            "hash-" + defined.rolloutId());
  }

  /** Units of two rollouts over four days, in order of arrival. */
  static List<Point> points(long seed, int units) {
    Random random = new Random(seed);
    List<Point> points = new ArrayList<>();
    long id = 0;
    for (int unit = 0; unit < units; unit++) {
      String flag = unit % 2 == 0 ? "m" : "r";
      double hash = random.nextDouble();
      int visits = 1 + random.nextInt(4);
      for (int v = 0; v < visits; v++) {
        long at = Rollouts.START_MS + (long) (random.nextDouble() * 4 * Rollouts.DAY_MS);
        points.add(exposure(unit, flag, variant(flag, hash, at, unit), at, id++));
        for (String name : new String[] {"request", "error", "purchase"}) {
          if (random.nextInt(3) > 0) {
            points.add(
                outcome(unit, name, at + random.nextInt(3_600_000), random.nextInt(90), id++));
          }
        }
      }
    }
    List<Point> arriving = new ArrayList<>(points);
    IdentityHashMap<Point, Long> delay = new IdentityHashMap<>();
    arriving.forEach(p -> delay.put(p, p.timeMs + (long) (random.nextDouble() * BOUND.toMillis())));
    arriving.sort(Comparator.comparingLong(delay::get));
    return arriving;
  }

  private static String variant(String flag, double hash, long at, int unit) {
    if (flag.equals("m")) {
      return unit % 4 == 0 ? "off" : "on";
    }
    double[] shares = {0.10, 0.25, 0.50, 1.0};
    int stage = (int) ((at - Rollouts.START_MS - 17 * 60_000L) / Rollouts.DAY_MS);
    return hash < shares[Math.max(0, Math.min(3, stage))] ? "on" : "off";
  }

  private static Point exposure(int unit, String flag, String variant, long at, long id) {
    Point point = new Point();
    point.exposure = true;
    point.unitKey = unit;
    point.name = flag;
    point.variant = variant;
    point.timeMs = at;
    point.idHash = id;
    point.attributes =
        new String[] {
          "country", unit % 3 == 0 ? "DE" : "FR", "device", unit % 5 == 0 ? "mobile" : "desktop"
        };
    return point;
  }

  private static Point outcome(int unit, String name, long at, int value, long id) {
    Point point = new Point();
    point.unitKey = unit;
    point.name = name;
    point.valueMicros = value * 1_000_000L;
    point.timeMs = at;
    point.idHash = id;
    return point;
  }

  static List<RolloutEvent> rollouts() {
    List<RolloutEvent> events = new ArrayList<>(Rollouts.events("m"));
    events.addAll(Rollouts.events("r"));
    for (long t = Rollouts.START_MS - Rollouts.HOUR_MS;
        t <= Rollouts.START_MS + 4 * Rollouts.DAY_MS;
        t += 1_800_000L) {
      events.add(RolloutEvent.tick("t" + t, t));
    }
    events.sort(Comparator.comparingLong(RolloutEvent::eventTimeMs));
    events.add(RolloutEvent.tick("last", Rollouts.START_MS + 4 * Rollouts.DAY_MS + 1));
    return events;
  }

  /** A boundary: the signal, and its estimates to the last bit. */
  static String line(Evaluation e) {
    return e.signal().rolloutId()
        + "@"
        + e.signal().boundaryMs()
        + " "
        + e.signal().dataHash()
        + " "
        + e.signal().verdict()
        + " "
        + e.signal().reasons()
        + " "
        + e.estimates();
  }
}
