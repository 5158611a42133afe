package io.tidegate.operator;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.model.Assignment;
import io.tidegate.model.Better;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.MetricKind;
import io.tidegate.model.OutcomeFilter;
import io.tidegate.model.Resolved;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import io.tidegate.model.Stage;
import io.tidegate.model.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Seeded rollouts with all that may happen to one: both kinds of ramp, every metric kind, stages
 * that end at any instant, rollbacks and new attempts, pauses, overrides, refused and late events.
 */
final class SimulatedRollouts {

  static final long START_MS = Rollouts.START_MS;
  static final List<String> OUTCOMES = List.of("a", "b", "c", "d");

  private static final List<Role> ROLES = List.of(Role.values());
  private static final long MINUTE_MS = 60_000L;
  private static final double[] PERCENTS = {1, 5, 10, 25, 50, 100};

  private final Random random;
  private final long endMs;
  private final Map<String, Definition> definitions = new HashMap<>();

  /** Rollout events but ticks, each with the instant at which it is written. */
  private final Map<RolloutEvent, Long> written = new HashMap<>();

  private final List<RolloutEvent> events = new ArrayList<>();

  SimulatedRollouts(Random random, long endMs) {
    this.random = random;
    this.endMs = endMs;
    int rollouts = 1 + random.nextInt(3);
    for (int r = 0; r < rollouts; r++) {
      rollout("r" + r, "f" + (random.nextInt(8) == 0 ? 0 : r));
    }
  }

  /** Reads DEFINED events of this world. */
  DefinitionReader reader() {
    Map<String, Definition> known = Map.copyOf(definitions);
    return defined -> {
      Definition found = known.get(defined.spec());
      if (found == null) {
        throw new UserError("", "spec", defined.spec(), "a spec");
      }
      return found;
    };
  }

  List<Definition> definitions() {
    return definitions.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .toList();
  }

  /** The partition of rollout events: ticks at irregular intervals, the last one at the end. */
  List<RolloutEvent> partition() {
    List<RolloutEvent> all = new ArrayList<>(events);
    long stepMs = (5 + random.nextInt(120)) * MINUTE_MS;
    for (long t = START_MS - 2 * Rollouts.HOUR_MS;
        t < endMs;
        t += 1 + random.nextInt((int) stepMs)) {
      RolloutEvent tick = RolloutEvent.tick("t" + t, t);
      written.put(tick, t);
      all.add(tick);
    }
    all.sort(Comparator.comparingLong(written::get));
    all.add(RolloutEvent.tick("last", endMs));
    return all;
  }

  private void rollout(String id, String flag) {
    int number = 1;
    Assignment assignment = random.nextBoolean() ? Assignment.MATCHED : Assignment.RAMPED;
    RolloutSpec spec = spec(id, flag, assignment, "s1");
    define(id, number, spec, START_MS - Rollouts.HOUR_MS);
    long t = START_MS + random.nextInt(4 * 60) * MINUTE_MS;
    while (t < endMs && number < 4) {
      int stages = 1 + random.nextInt(spec.stages().size());
      for (int k = 0; k < stages && t < endMs; k++) {
        add(id, t, RolloutEvent.Kind.STAGE_ENTERED, spec.stages().get(k).name());
        remarks(id, t, spec);
        t += length(spec);
      }
      if (t >= endMs || random.nextInt(3) == 0) {
        return;
      }
      boolean back = random.nextInt(4) > 0;
      add(id, t, back ? RolloutEvent.Kind.ROLLED_BACK : RolloutEvent.Kind.COMPLETED, "");
      number++;
      if (random.nextBoolean()) {
        spec = spec(id, flag, assignment, random.nextBoolean() ? "s1" : "s" + number);
        define(id, number, spec, t + 1);
      }
      t += 2 + random.nextInt(180) * MINUTE_MS;
    }
  }

  /** Some stages end on the grid of boundaries, some are over at once. */
  private long length(RolloutSpec spec) {
    if (random.nextInt(10) == 0) {
      return 1L + random.nextInt(2 * 60_000);
    }
    long ms = (60 + random.nextInt(9 * 60)) * MINUTE_MS + random.nextInt(60_000);
    long look = spec.lookEvery().toMillis();
    return random.nextInt(3) == 0 ? (1 + ms / look) * look : ms;
  }

  private void remarks(String id, long t, RolloutSpec spec) {
    if (random.nextInt(4) == 0) {
      long at = t + random.nextInt(180) * MINUTE_MS;
      add(id, at, RolloutEvent.Kind.PAUSED, "");
      add(id, at + random.nextInt(120) * MINUTE_MS, RolloutEvent.Kind.RESUMED, "");
    }
    if (random.nextInt(6) == 0) {
      add(id, t + MINUTE_MS, RolloutEvent.Kind.STAGE_ENTERED, spec.stages().get(0).name());
    }
    if (random.nextInt(6) == 0) {
      add(id, t + MINUTE_MS, RolloutEvent.Kind.NOTE, "");
    }
    if (random.nextInt(4) == 0) {
      boolean override = random.nextBoolean();
      String verdict = List.of("HOLD", "ADVANCE", "ROLLBACK").get(random.nextInt(3));
      decide(
          id,
          t + random.nextInt(300) * MINUTE_MS,
          new RolloutEvent.Decided(
              override ? "override" : "approve",
              override ? List.of() : List.of("MIXED_UNITS", "SAMPLE_RATIO_MISMATCH"),
              override ? verdict : "",
              ""));
    }
  }

  private void define(String id, int number, RolloutSpec spec, long t) {
    String text = id + "/" + number;
    definitions.put(text, new Definition(spec, resolved(spec), "hash-" + text));
    put(RolloutEvent.defined(id + "-d" + number, t, id, "test", text, ""));
    if (random.nextInt(8) == 0) {
      put(RolloutEvent.defined(id + "-x" + number, t + 1, id, "test", "nonsense", ""));
    }
  }

  private void decide(String id, long t, RolloutEvent.Decided decided) {
    RolloutEvent.Kind kind = RolloutEvent.Kind.DECISION;
    String eventId = id + "-" + events.size();
    put(
        new RolloutEvent(
            eventId, t, id, kind, "", "ann", 0, "", List.of(), List.of(), "", "", decided, null));
  }

  private void add(String id, long t, RolloutEvent.Kind kind, String stage) {
    put(RolloutEvent.bare(id + "-" + events.size(), t, id, kind, stage));
  }

  /** Some events are written after later ones, and after ticks that have passed them. */
  private void put(RolloutEvent event) {
    if (event.eventTimeMs() >= endMs) {
      return;
    }
    boolean late = random.nextInt(20) == 0;
    written.put(
        event, event.eventTimeMs() + (late ? random.nextInt(150) * MINUTE_MS : random.nextInt(3)));
    events.add(event);
  }

  private RolloutSpec spec(String id, String flag, Assignment assignment, String salt) {
    List<Stage> stages = stages();
    boolean two = random.nextInt(4) == 0;
    List<String> treatments = two ? List.of("on", "on2") : List.of("on");
    Map<String, Double> split = new HashMap<>(Map.of("off", 1.0, "on", 1.0));
    if (two) {
      split.put("on2", 2.0);
    }
    List<SegmentDimension> dimensions =
        List.of(
            new SegmentDimension("country", List.of("DE", "FR"), 0),
            new SegmentDimension("device", List.of("mobile"), 0));
    return new RolloutSpec(
        id,
        "team",
        "#oncall",
        Duration.ofMinutes(30),
        new RolloutSpec.Hypothesis("Nothing gets worse", "", "", null, null),
        new RolloutSpec.Flag(flag, "off", treatments, split, salt, "default"),
        assignment,
        Duration.ofMinutes(List.of(30, 60, 180, 420).get(random.nextInt(4))),
        Duration.ofHours(1),
        stages,
        random.nextInt(3) == 0 ? new RolloutSpec.Holdout(5, null) : null,
        dimensions.subList(0, random.nextInt(3)),
        metrics(),
        new RolloutSpec.Decision(0.01, 0.05, 0.8, Duration.ofHours(6)),
        new RolloutSpec.Quality(random.nextBoolean() ? List.of("d") : List.of()),
        List.of(),
        null,
        50,
        Math.floorMod((id + salt + stages.size()).hashCode(), 4) == 0
            ? OutcomeFilter.of(OUTCOMES.get(0))
            : null);
  }

  private List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    boolean versions = random.nextInt(5) == 0;
    Duration settle = Duration.ofMinutes(List.of(0, 2, 15, 90).get(random.nextInt(4)));
    for (double percent : PERCENTS) {
      if (random.nextInt(3) > 0 || (stages.isEmpty() && percent == 100)) {
        stages.add(
            new Stage(
                "s" + percent,
                percent,
                Duration.ofHours(1),
                random.nextInt(4) == 0 ? Duration.ofHours(4) : null,
                2,
                null,
                random.nextInt(4) == 0,
                random.nextInt(4) == 0,
                versions ? "v" + stages.size() : "",
                settle,
                null));
      }
    }
    return stages;
  }

  private List<Metric> metrics() {
    List<MetricKind> kinds = new ArrayList<>(kinds());
    Collections.shuffle(kinds, random);
    List<Metric> metrics = new ArrayList<>();
    int size = 2 + random.nextInt(3);
    for (int m = 0; m < size; m++) {
      Role role = ROLES.get(random.nextInt(ROLES.size()));
      Margin margin = role == Role.GUARDRAIL ? Margin.relative(0.1) : null;
      Better better = random.nextBoolean() ? Better.UP : Better.DOWN;
      Margin rollback = role == Role.SUCCESS && random.nextBoolean() ? Margin.ZERO : null;
      metrics.add(
          new Metric(
              "m" + m, role, kinds.get(m), better, margin, rollback, null, Map.of(), "", ""));
    }
    return metrics;
  }

  private List<MetricKind> kinds() {
    Duration window = window();
    return List.of(
        new MetricKind.Proportion(filter(), window),
        new MetricKind.Count(filter(), window, random.nextBoolean() ? 3L : null),
        new MetricKind.Sum(
            filter(),
            window,
            random.nextBoolean() ? 40_000_000L : null,
            "EUR",
            Map.of("USD", 920_000_000L)),
        new MetricKind.Mean(filter(), window),
        new MetricKind.Ratio(
            new MetricKind.Term(filter(), random.nextBoolean()),
            new MetricKind.Term(filter(), random.nextBoolean()),
            window),
        new MetricKind.Quantile(filter(), random.nextBoolean() ? "lat" : null, 0.9, window),
        new MetricKind.Funnel(List.of(filter(), filter(), filter()), Duration.ofHours(8)),
        new MetricKind.Elapsed(filter(), filter(), Duration.ofHours(5)),
        new MetricKind.Retention(filter(), random.nextInt(2), 1 + random.nextInt(2) + 1),
        new MetricKind.Retention(filter(), 0, 1),
        new MetricKind.Depth(filter(), 1 + random.nextInt(3)));
  }

  private @Nullable Duration window() {
    int hours = List.of(0, 1, 6, 24).get(random.nextInt(4));
    return hours == 0 ? null : Duration.ofHours(hours);
  }

  private OutcomeFilter filter() {
    String name = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
    return random.nextInt(4) == 0
        ? new OutcomeFilter(name, Map.of("channel", Set.of("web", "(unknown)")))
        : OutcomeFilter.of(name);
  }

  private Resolved resolved(RolloutSpec spec) {
    if (random.nextInt(3) == 0) {
      return Resolved.NONE;
    }
    Map<String, Resolved.MetricBase> bases = new HashMap<>();
    // A rare 0/1 metric is tested from its first unit on.
    double rate = random.nextInt(3) == 0 ? 0.3 : 0.01;
    for (Metric metric : spec.metrics()) {
      bases.put(metric.name(), new Resolved.MetricBase(0.4, 0.6, rate, Map.of("all=*", 20.0)));
    }
    List<Resolved.StagePlan> plans = new ArrayList<>();
    for (Stage stage : spec.stages()) {
      Map<String, Margin> margins = new HashMap<>();
      spec.metrics().stream()
          .filter(m -> m.margin() != null)
          .forEach(m -> margins.put(m.name(), Margin.relative(0.25)));
      plans.add(new Resolved.StagePlan(stage.name(), 40, margins));
    }
    return new Resolved(0, Map.of(), bases, plans);
  }
}
