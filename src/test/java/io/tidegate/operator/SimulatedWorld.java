package io.tidegate.operator;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.Ledger;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.model.Assignment;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.model.RolloutEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * A seeded world: rollouts, the events of some units, and the partitions in which their copies
 * arrive. Within a partition no event comes after one that is later by more than the bound, but for
 * the outcomes that a late world holds back.
 */
final class SimulatedWorld {

  static final int HORIZON_SLICES = 6;

  private static final long MINUTE_MS = 60_000L;
  private static final long[] BOUNDS_MS = {10_000, 10 * MINUTE_MS, 2 * Rollouts.HOUR_MS};

  final long seed;
  final boolean late;
  final long boundMs;
  final long endMs;
  final DefinitionReader reader;
  final List<RolloutEvent> rollouts;

  /** What arrives in each partition, in order. */
  final List<List<Point>> partitions = new ArrayList<>();

  /** What became of each rollout in the end. */
  final List<Timeline> timelines;

  private final Random random;
  private final List<Long> instants;
  private final List<Point> events = new ArrayList<>();
  private int ids;
  private int copies;
  private int conflicts;
  private int heldBack;

  SimulatedWorld(long seed, boolean late) {
    this.seed = seed;
    this.late = late;
    this.random = new Random(seed);
    this.boundMs = BOUNDS_MS[random.nextInt(BOUNDS_MS.length)];
    this.endMs = SimulatedRollouts.START_MS + (20 + random.nextInt(30)) * Rollouts.HOUR_MS;
    SimulatedRollouts made = new SimulatedRollouts(random, endMs);
    this.reader = made.reader();
    this.rollouts = made.partition();
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = rollouts.stream().map(sequencer::next).toList();
    this.timelines = List.copyOf(Timeline.all(controls, reader).values());
    this.instants = instants();
    List<String> flags =
        made.definitions().stream().map(d -> d.spec().flag().key()).distinct().toList();
    int units = !late && random.nextInt(30) == 0 ? 300 : 6 + random.nextInt(20);
    for (int u = 0; u < units; u++) {
      unit("u" + u, flags, units > 100);
    }
    if (late) {
      oneEpochEach();
    }
    deliver();
  }

  /** Every point that arrives, copies included. */
  List<Point> arriving() {
    return partitions.stream().flatMap(List::stream).toList();
  }

  /** One line for a failing seed. */
  String describe() {
    StringBuilder text = new StringBuilder();
    for (Timeline timeline : timelines) {
      Definition definition = timeline.definition();
      if (definition != null) {
        text.append(
            "%s %s of %d stages, %d attempts, metrics %s; "
                .formatted(
                    timeline.rolloutId(),
                    definition.spec().assignment(),
                    definition.spec().stages().size(),
                    timeline.attempts().size(),
                    definition.spec().metrics().stream().map(m -> m.kind().kindName()).toList()));
      }
    }
    return "seed %d%s: %s%d events, %d copies of which %d differ, %d late, bound %d ms, %d partitions"
        .formatted(
            seed,
            late ? " (late)" : "",
            text,
            events.size(),
            copies,
            conflicts,
            heldBack,
            boundMs,
            partitions.size());
  }

  /** Boundaries, stage entries and ends of settling: where intervals touch. */
  private List<Long> instants() {
    TreeSet<Long> found = new TreeSet<>();
    for (Timeline timeline : timelines) {
      for (Attempt attempt : timeline.attempts()) {
        for (Epoch epoch : attempt.epochs()) {
          found.add(epoch.enteredMs());
          found.add(epoch.enteredMs() + epoch.stage().settle().toMillis());
        }
        long last = Math.min(endMs, attempt.endMs());
        for (long b = attempt.startMs(); b < last; b = timeline.nextBoundary(b)) {
          found.add(b);
        }
      }
    }
    found.add(SimulatedRollouts.START_MS);
    return List.copyOf(found);
  }

  private long instant() {
    if (random.nextInt(4) == 0) {
      return Math.max(
          SimulatedRollouts.START_MS - 1,
          instants.get(random.nextInt(instants.size())) + random.nextInt(3) - 1);
    }
    double share = random.nextDouble();
    return SimulatedRollouts.START_MS
        + (long) (share * (endMs + Rollouts.HOUR_MS - SimulatedRollouts.START_MS));
  }

  private void unit(String unit, List<String> flags, boolean many) {
    double hash = random.nextDouble();
    boolean fickle = random.nextInt(6) == 0;
    Map<String, String> attributes = new HashMap<>();
    if (random.nextInt(4) > 0) {
      attributes.put("country", List.of("DE", "FR", "US").get(random.nextInt(3)));
    }
    attributes.put("device", random.nextBoolean() ? "mobile" : "desktop");
    attributes.put("unread", "x" + random.nextInt(3));
    int visits = 1 + random.nextInt(many ? 2 : 4);
    for (int v = 0; v < visits; v++) {
      long at = instant();
      for (String flag : flags) {
        if (random.nextInt(3) > 0) {
          exposures(unit, flag, at, fickle ? random.nextDouble() : hash, attributes);
        }
      }
      int outcomes = random.nextInt(many ? 3 : 6);
      for (int o = 0; o < outcomes; o++) {
        long when = random.nextInt(3) == 0 ? instant() : at - 5_000 + random.nextInt(4 * 3_600_000);
        outcome(unit, Math.max(when, SimulatedRollouts.START_MS - 1));
      }
    }
  }

  /** The variant by the newest share served, as a flag would assign it. */
  private void exposures(
      String unit, String flag, long at, double hash, Map<String, String> attributes) {
    String variant = "default";
    String version = "";
    for (Timeline timeline : timelines) {
      Attempt attempt = timeline.attemptAt(at);
      Epoch epoch = attempt == null ? null : attempt.epochAt(at);
      if (attempt != null
          && epoch != null
          && attempt.definition().spec().flag().key().equals(flag)) {
        boolean matched = attempt.definition().spec().assignment() == Assignment.MATCHED;
        double share = epoch.stage().percent() / 100;
        if (matched) {
          variant = hash < 0.45 ? "on" : "off";
        } else {
          variant = hash < share ? "on" : "off";
        }
        List<String> treatments = attempt.definition().spec().flag().treatments();
        if (variant.equals("on") && treatments.size() > 1 && hash > 0.2) {
          variant = "on2";
        }
        version = random.nextInt(3) > 0 ? epoch.stage().flagVersion() : "";
      }
    }
    if (random.nextInt(12) == 0) {
      variant = List.of("on", "off", "default").get(random.nextInt(3));
    }
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      events.add(
          Points.of(
              new Exposure(
                  "e" + ids++,
                  at + (i == 0 ? 0 : random.nextInt(600_000)),
                  unit,
                  flag,
                  variant,
                  version,
                  "split",
                  attributes)));
    }
  }

  private void outcome(String unit, long at) {
    int kind = random.nextInt(SimulatedRollouts.OUTCOMES.size());
    events.add(outcome("o" + ids++, unit, at, SimulatedRollouts.OUTCOMES.get(kind)));
  }

  /** Seldom one that no metric has a rate for: the sum is then not known. */
  private static String currency(String id) {
    int drawn = Math.floorMod(id.hashCode() * 0x9e3779b9, 4_000);
    return drawn == 0 ? "GBP" : drawn < 800 ? "USD" : drawn < 1_600 ? "EUR" : "";
  }

  private Point outcome(String id, String unit, long at, String name) {
    boolean has = random.nextInt(5) > 0;
    // Refunds are negative.
    long micros = has ? (random.nextInt(60) - 12) * 1_000_000L + random.nextInt(1_000_000) : 0;
    Map<String, String> attributes = new HashMap<>();
    if (random.nextInt(3) > 0) {
      attributes.put("channel", random.nextBoolean() ? "web" : "app");
    }
    if (random.nextInt(5) > 0) {
      attributes.put("lat", random.nextInt(9) == 0 ? "slow" : "" + random.nextInt(40));
    }
    String currency = currency(id);
    if (!currency.isEmpty()) {
      attributes.put("currency", currency);
    }
    return Points.of(new Outcome(id, at, unit, name, micros, has, attributes));
  }

  /**
   * Leaves a unit the exposures of one attempt, and of a {@code ramped} rollout those of one epoch:
   * once it is in another process, what comes late for the one before counts no more.
   */
  private void oneEpochEach() {
    for (Timeline timeline : timelines) {
      Map<Long, Integer> kept = new HashMap<>();
      events.removeIf(
          point -> {
            Attempt attempt = timeline.attemptAt(point.timeMs);
            if (!point.exposure
                || attempt == null
                || !attempt.definition().spec().flag().key().equals(point.name)) {
              return false;
            }
            Epoch epoch = attempt.epochOf(point.timeMs, point.flagVersion);
            boolean ramped = attempt.definition().spec().assignment() == Assignment.RAMPED;
            int ordinal = attempt.number() * 1_000 + (epoch != null && ramped ? epoch.index() : 0);
            return kept.computeIfAbsent(point.unitKey, u -> ordinal) != ordinal;
          });
    }
  }

  private void deliver() {
    IdentityHashMap<Point, Long> arrivals = new IdentityHashMap<>();
    List<Point> all = new ArrayList<>();
    for (Point event : events) {
      arrive(event, arrivals, all);
      int further = random.nextInt(6) == 0 ? 1 + random.nextInt(3) : 0;
      for (int c = 0; c < further; c++) {
        Point copy = event.copy();
        if (!late && random.nextBoolean()) {
          conflict(copy);
        }
        copies++;
        arrive(copy, arrivals, all);
      }
    }
    int size = 1 + random.nextInt(4);
    for (int p = 0; p < size; p++) {
      partitions.add(new ArrayList<>());
    }
    for (Point point : all) {
      partitions.get(random.nextInt(size)).add(point);
    }
    partitions.forEach(p -> p.sort(Comparator.comparingLong(arrivals::get)));
  }

  /** The same id with another time, another content, or both; all within a horizon. */
  private void conflict(Point copy) {
    conflicts++;
    int what = random.nextInt(3);
    if (what > 0) {
      copy.timeMs += random.nextInt(3_000_000) - 1_500_000;
    }
    if (what < 2) {
      copy.contentHash = (int) random.nextLong();
      if (!copy.exposure) {
        copy.valueMicros += 1_000_000L;
      } else if (random.nextBoolean()) {
        copy.variant = "on";
      }
    }
  }

  private void arrive(Point point, IdentityHashMap<Point, Long> arrivals, List<Point> all) {
    long at = point.timeMs + (long) (random.nextDouble() * boundMs);
    if (late && !point.exposure && random.nextInt(3) == 0) {
      heldBack++;
      at += boundMs + (long) (random.nextDouble() * 1.3 * HORIZON_SLICES * Ledger.SLICE_MS);
    }
    arrivals.put(point, at);
    all.add(point);
  }
}
