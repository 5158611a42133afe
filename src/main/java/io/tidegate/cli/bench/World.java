package io.tidegate.cli.bench;

import io.tidegate.analysis.attribution.Ledger;
import io.tidegate.codec.EventEncoder;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.Topics;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.pipeline.GatePipeline;
import io.tidegate.spec.ResolvedJson;
import io.tidegate.spec.RolloutSpecs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The records of one scenario in topics of their own, with what is true of them. Sessions follow
 * each other: an exposure, then four outcomes at lags; of one session in twenty the first outcome
 * comes before the exposure. Seeded: equal scenarios give equal bytes.
 */
final class World implements AutoCloseable {

  /** A Monday. */
  static final long START_MS = 1_767_571_200_000L;

  static final String[] VARIANTS = {"off", "on"};

  private static final long SETTLED_MS = 1_000;
  private static final long LOOK_MS = 60_000;
  private static final long FIRST_EVENT_MS = START_MS + 2_000;
  private static final int LEAST_UNITS = 50;
  private static final Totals NO_UNITS = Totals.of(0);
  private static final int LONGEST_LAG = 2_000;
  private static final String[] COUNTRIES = {"DE", "FR", "US", "BR"};
  private static final String[] DEVICES = {"mobile", "desktop"};
  private static final String[] PLANS = {"free", "plus"};
  private static final String[] PLATFORMS = {"ios", "android", "web"};

  /** What history says of a latency, so that its quantile can be compared. */
  private static final String RESOLVED =
      ResolvedJson.write(
          new Resolved(
              0,
              Map.of(),
              Map.of(
                  "latency",
                  new Resolved.MetricBase(0, 0, 0, Map.of("all=*", UnitNumbers.THRESHOLD_MS))),
              List.of()));

  private final Scenario scenario;
  private final TidegateConfig config;
  private final EventProducer producer;
  private final EventEncoder encoder = new EventEncoder();
  private final BitSet exposed = new BitSet();
  private final BitSet converted = new BitSet();
  private final Map<String, long[]> tally = new HashMap<>();
  private final NavigableMap<Long, Long> idsBySlice = new TreeMap<>();
  private final LongUnaryOperator clock;
  private final int lagsInAll;
  private final @Nullable Journal journal;
  private long records;

  /**
   * @param clock event time of the n-th record
   * @param lagsInAll how often the lag from one outcome to the next fits into all sessions
   */
  private World(
      Scenario scenario,
      TidegateConfig config,
      EventProducer producer,
      LongUnaryOperator clock,
      int lagsInAll) {
    this.scenario = scenario;
    this.config = config;
    this.producer = producer;
    this.clock = clock;
    this.lagsInAll = lagsInAll;
    this.journal = scenario.isWhole() ? new Journal(scenario.units()) : null;
  }

  /**
   * A world that has been written.
   *
   * @param config finds its topics
   * @param records records of exposures and outcomes, the malformed ones among them
   * @param ids event ids within the horizon of the last event
   * @param endMs when its rollouts were completed, after the last event
   * @param expected by {@link Totals#key}; not of rollouts with fewer than 50 units in a variant
   * @param cells by {@link Totals#key} and segment, such as {@code country=DE} or {@code all=*};
   *     empty where the scenario is not a whole one
   */
  record Written(
      Scenario scenario,
      TidegateConfig config,
      long records,
      long ids,
      long endMs,
      Map<String, Totals> expected,
      Map<String, Totals> cells) {

    /** Boundaries of the grid, evenly spaced, and the end: at most that many. */
    List<Long> refreshes(int most) {
      long looks = (endMs - START_MS) / LOOK_MS;
      long n = Math.max(1, Math.min(most, looks));
      List<Long> refreshes = new ArrayList<>();
      for (long i = 1; i < n; i++) {
        refreshes.add(START_MS + looks * i / n * LOOK_MS);
      }
      refreshes.add(endMs);
      return refreshes;
    }

    /** Records before an instant. */
    long recordsBefore(long timeMs) {
      return Math.min(records, (timeMs - FIRST_EVENT_MS) * scenario.eventsASecond() / 1_000);
    }
  }

  static Written write(Scenario scenario, TidegateConfig platform) {
    try (World world =
        open(scenario, platform, n -> FIRST_EVENT_MS + n * 1_000 / scenario.eventsASecond(), 10)) {
      return world.write();
    }
  }

  /** A world whose time is the wall's: each record is written when it is due, with that time. */
  static World live(Scenario scenario, TidegateConfig platform, double recordsASecond) {
    return open(scenario, platform, new Pace(recordsASecond), 100);
  }

  private static World open(
      Scenario scenario, TidegateConfig platform, LongUnaryOperator clock, int lagsInAll) {
    TidegateConfig config = inTopicsOf(scenario, platform);
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      topics.createMissing(1);
    }
    return new World(scenario, config, new EventProducer(config.kafka()), clock, lagsInAll);
  }

  /** Waits until the n-th record is due; begins with the first that is asked for. */
  private static final class Pace implements LongUnaryOperator {
    private final double recordsASecond;
    private long startNs;

    Pace(double recordsASecond) {
      this.recordsASecond = recordsASecond;
    }

    @Override
    public long applyAsLong(long n) {
      if (startNs == 0) {
        startNs = System.nanoTime();
      }
      long dueNs = startNs + (long) (n / recordsASecond * 1e9);
      for (long left = dueNs - System.nanoTime(); left > 0; left = dueNs - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      return System.currentTimeMillis();
    }
  }

  TidegateConfig config() {
    return config;
  }

  long records() {
    return records;
  }

  private static TidegateConfig inTopicsOf(Scenario scenario, TidegateConfig platform) {
    String prefix = scenario.name().replace('_', '-') + "-";
    Topics all = Topics.DEFAULT;
    Topics own =
        new Topics(
            prefix + all.exposures(),
            prefix + all.outcomes(),
            prefix + all.rollouts(),
            prefix + all.gateSignals(),
            prefix + all.gateVerdicts(),
            prefix + all.gateEvidence(),
            prefix + all.incidents(),
            prefix + all.lateEvents(),
            prefix + all.deadLetters());
    return new TidegateConfig(
        new KafkaConfig(platform.kafka().bootstrapServers(), own, Stopwatch.PROPERTIES),
        platform.catalog(),
        platform.privacy(),
        platform.events(),
        platform.gate(),
        platform.baseline(),
        platform.incidents(),
        platform.maintain(),
        platform.runtime(),
        platform.effective());
  }

  /** Writes every exposure and outcome. */
  void events() {
    int sessions = scenario.sessions();
    int lag = Math.max(1, Math.min(LONGEST_LAG, sessions / lagsInAll));
    for (int s = 0; s < sessions + 4 * lag; s++) {
      if (s < sessions) {
        expose(s);
      }
      early(s + lag);
      for (int step = 1; step <= 4; step++) {
        int session = s - step * lag;
        if (session >= 0 && session < sessions && !(step == 1 && isEarly(session))) {
          outcome(session, step);
        }
      }
    }
  }

  private Written write() {
    events();
    long endMs = timeMs() + 1_000;
    define(START_MS, Duration.ofMillis(LOOK_MS));
    for (long t = FIRST_EVENT_MS; t < endMs; t += LOOK_MS) {
      producer.rollout(RolloutEvent.tick("t" + t, t));
    }
    complete(endMs);
    Map<String, Totals> expected = new TreeMap<>();
    tally.forEach((k, n) -> expected.put(k, Totals.of(n)));
    Map<String, Totals> all = Map.copyOf(expected);
    expected.keySet().removeIf(key -> !isJudged(key.substring(0, key.lastIndexOf('/')), all));
    long oldest = slice(endMs) - GatePipeline.DEFAULT_HORIZON_SLICES;
    long ids = idsBySlice.tailMap(oldest).values().stream().mapToLong(Long::longValue).sum();
    Map<String, Totals> cells = journal == null ? Map.of() : journal.cells(this::cells);
    return new Written(scenario, config, records, ids, endMs, expected, cells);
  }

  /** Whether the gate can say something of it. */
  private static boolean isJudged(String rollout, Map<String, Totals> all) {
    return Arrays.stream(VARIANTS)
        .map(variant -> all.getOrDefault(Totals.key(rollout, variant), NO_UNITS))
        .allMatch(totals -> totals.get(0) >= LEAST_UNITS);
  }

  private static boolean isEarly(int session) {
    return session >= LONGEST_LAG && session % 20 == 0;
  }

  private void early(int session) {
    if (session < scenario.sessions() && isEarly(session)) {
      outcome(session, 1);
    }
  }

  /**
   * Declares the rollouts and enters their stage a second later.
   *
   * @param looks from one boundary to the next
   */
  void define(long atMs, Duration looks) {
    String yaml = Resources.text("rollout.yaml").replace("every: PT1M", "every: " + looks);
    for (int r = 0; r < scenario.rollouts(); r++) {
      String id = "bench-" + r;
      byte[] own = yaml.replace("bench-0", id).getBytes(StandardCharsets.UTF_8);
      String spec =
          RolloutSpecs.toJson(
              RolloutSpecs.parse("bench/rollout.yaml", own, RolloutSpecs.OUT_OF_ORDER));
      producer.rollout(RolloutEvent.defined(id + "-d", atMs, id, "bench", spec, RESOLVED));
      producer.rollout(
          RolloutEvent.bare(
              id + "-s", atMs + SETTLED_MS, id, RolloutEvent.Kind.STAGE_ENTERED, "half"));
    }
    producer.flush();
  }

  private void complete(long endMs) {
    for (int r = 0; r < scenario.rollouts(); r++) {
      String id = "bench-" + r;
      producer.rollout(RolloutEvent.bare(id + "-c", endMs, id, RolloutEvent.Kind.COMPLETED, ""));
    }
    producer.rollout(RolloutEvent.tick("last", endMs + LOOK_MS));
  }

  private void expose(int session) {
    int unit = unit(session);
    long[] sums = sums(unit);
    if (!exposed.get(unit)) {
      exposed.set(unit);
      sums[0]++;
    }
    long timeMs = timeMs();
    if (journal != null) {
      journal.exposure(unit, timeMs);
    }
    producer.exposure(
        new Exposure(
            "e" + session,
            timeMs,
            id(unit),
            flag(unit),
            variant(unit),
            "",
            "split",
            attributes(unit)));
    written(timeMs);
  }

  private static Map<String, String> attributes(int unit) {
    long draw = draw(unit, 1);
    return Map.of(
        "country", COUNTRIES[(int) (draw & 3)],
        "device", DEVICES[(int) ((draw >>> 2) & 1)],
        "plan", PLANS[(int) ((draw >>> 3) & 1)],
        "platform", PLATFORMS[(int) ((draw >>> 4) % 3)]);
  }

  /** The segments of {@code rollout.yaml} that a unit with these attributes is in. */
  static List<String> segments(Map<String, String> attributes) {
    String country = attributes.getOrDefault("country", "");
    return List.of(
        "all=*",
        "country=" + (country.equals("BR") ? "(other)" : country),
        "device=" + attributes.get("device"),
        "plan=" + attributes.get("plan"),
        "platform=" + attributes.get("platform"));
  }

  private List<String> cells(int unit) {
    String key = Totals.key(flag(unit), variant(unit));
    return segments(attributes(unit)).stream().map(segment -> key + "/" + segment).toList();
  }

  private void outcome(int session, int step) {
    int unit = unit(session);
    long draw = draw(session, 16L + step);
    int percent = (int) ((draw & 0xFFFF) % 100);
    String name =
        switch (step) {
          case 1 -> "request";
          case 2 -> percent < 10 ? "error" : "request";
          case 3 ->
              percent < 50 && scenario.kind() != Scenario.Kind.FIVE_METRICS
                  ? "view_cart"
                  : "request";
          default -> percent < 60 && buys(unit) ? "purchase" : "request";
        };
    long micros = name.equals("purchase") ? 10_000L * (500 + ((draw >>> 16) & 0xFFF)) : 1_000_000L;
    Map<String, String> attributes =
        name.equals("request")
            ? Map.of("latency_ms", Long.toString(latencyMs(draw)), "page", "/checkout")
            : Map.of("page", "/checkout");
    long timeMs = timeMs();
    count(unit, name, micros);
    if (journal != null) {
      journal.outcome(unit, timeMs, name, micros, latencyMs(draw));
    }
    Outcome outcome =
        new Outcome("o" + session + "-" + step, timeMs, id(unit), name, micros, true, attributes);
    producer.outcome(outcome);
    written(timeMs);
    if (((draw >>> 40) & 0xFFFF) < scenario.malformedShare() * 0x10000) {
      byte[] whole = encoder.outcome(outcome);
      producer.send(
          config.kafka().topics().outcomes(),
          timeMs(),
          id(unit),
          Arrays.copyOf(whole, whole.length / 2));
      records++;
    }
  }

  private static long latencyMs(long draw) {
    return 20 + ((draw >>> 32) & 0xFF);
  }

  private void count(int unit, String name, long micros) {
    if (!exposed.get(unit)) {
      return;
    }
    long[] sums = sums(unit);
    switch (name) {
      case "purchase" -> {
        sums[3] += micros;
        if (!converted.get(unit)) {
          converted.set(unit);
          sums[1]++;
        }
      }
      case "request" -> sums[2]++;
      case "error" -> sums[4]++;
      default -> {}
    }
  }

  private void written(long timeMs) {
    records++;
    idsBySlice.merge(slice(timeMs), 1L, Long::sum);
  }

  private static long slice(long timeMs) {
    return Math.floorDiv(timeMs, Ledger.SLICE_MS);
  }

  private long timeMs() {
    return clock.applyAsLong(records);
  }

  @Override
  public void close() {
    producer.close();
  }

  private long[] sums(int unit) {
    return tally.computeIfAbsent(Totals.key(flag(unit), variant(unit)), key -> new long[5]);
  }

  private int unit(int session) {
    return session % scenario.units();
  }

  private static String id(int unit) {
    return "user-" + unit;
  }

  private static String variant(int unit) {
    return VARIANTS[(int) (draw(unit, 2) & 1)];
  }

  /** Half of the units never do, so that conversion varies however long they are watched. */
  private boolean buys(int unit) {
    int others = scenario.kind() == Scenario.Kind.FIVE_METRICS ? 0xF : 1;
    return (draw(unit, 4) & others) == 0;
  }

  private String flag(int unit) {
    int rollouts = scenario.rollouts();
    if (rollouts == 1) {
      return "bench-0";
    }
    if (scenario.hotShare() == 0) {
      return "bench-" + unit % rollouts;
    }
    long draw = draw(unit, 3);
    boolean hot = ((draw >>> 32) & 0xFFFF) < scenario.hotShare() * 0x10000;
    return "bench-" + (hot ? 0 : 1 + (draw & 0xFFFF) % (rollouts - 1));
  }

  /** Sixty-four bits by SplitMix64's finaliser (Steele, Lea and Flood 2014). */
  private static long draw(long of, long salt) {
    long z = (of + 1) * 0x9e3779b97f4a7c15L + salt * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
