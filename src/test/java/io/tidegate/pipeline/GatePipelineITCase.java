package io.tidegate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.model.Assignment;
import io.tidegate.model.Evaluation;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Verdict;
import io.tidegate.operator.DataTypeInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatePipelineITCase {

  private static final Duration BOUND = Duration.ofMinutes(20);
  private static List<String> batch = List.of();

  private static DefinitionReader reader() {
    return defined ->
        new Definition(
            Rollouts.spec(
                defined.rolloutId(),
                defined.rolloutId().equals("r") ? Assignment.RAMPED : Assignment.MATCHED),
            Resolved.NONE,
            "hash-" + defined.rolloutId());
  }

  /** Units of two rollouts over four days, 2 000 each, in order of arrival. */
  private static List<Point> points(long seed) {
    Random random = new Random(seed);
    List<Point> points = new ArrayList<>();
    long id = 0;
    for (int unit = 0; unit < 2_000; unit++) {
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

  private static List<RolloutEvent> rollouts() {
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

  /** One line a boundary: the signal, and its estimates to the last bit. */
  private static List<String> run(boolean batchMode, int parallelism, List<Point> points)
      throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(
        ExecutionOptions.RUNTIME_MODE,
        batchMode ? RuntimeExecutionMode.BATCH : RuntimeExecutionMode.STREAMING);
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(parallelism);
    DataStream<Point> events =
        env.fromData(points, DataTypeInfo.POINT)
            .uid("points")
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Point>forBoundedOutOfOrderness(BOUND)
                    .withTimestampAssigner((p, t) -> p.timeMs))
            .uid("times");
    DataStream<RolloutEvent> rollouts =
        env.fromData(rollouts(), TypeInformation.of(RolloutEvent.class)).uid("rollouts");
    DataStream<Evaluation> evaluations =
        GatePipeline.build(
                events, rollouts, reader(), GatePipeline.DEFAULT_HORIZON_SLICES, batchMode)
            .evaluations();
    DataStream<String> lines =
        evaluations
            .map(
                e ->
                    e.signal().rolloutId()
                        + "@"
                        + e.signal().boundaryMs()
                        + " "
                        + e.signal().dataHash()
                        + " "
                        + e.signal().verdict()
                        + " "
                        + e.signal().reasons()
                        + " "
                        + e.estimates())
            .uid("lines");
    List<String> found = new ArrayList<>();
    try (CloseableIterator<String> results = lines.executeAndCollect("gate test")) {
      results.forEachRemaining(found::add);
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }

  @BeforeAll
  static void replay() throws Exception {
    batch = run(true, 1, points(1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void streaming_gives_what_batch_gives_to_the_last_bit(int parallelism) throws Exception {
    List<String> streamed = run(false, parallelism, points(1));
    List<String> differing = new ArrayList<>(streamed);
    differing.removeAll(batch);
    assertThat(differing).isEmpty();
    assertThat(streamed).hasSameSizeAs(batch);
  }

  @Test
  void every_boundary_from_the_first_stage_to_the_last_tick_is_evaluated() {
    long hours = 4 * 24;
    assertThat(batch.stream().filter(line -> line.startsWith("m@")).count())
        .isBetween(hours, hours + 5);
    assertThat(batch)
        .anyMatch(line -> line.contains("conversion") && line.contains("mean_sequence"));
    assertThat(batch).anyMatch(line -> line.contains("dimension=device, segment=mobile"));
  }

  @Test
  void an_even_split_raises_no_alarm() {
    assertThat(batch)
        .noneMatch(line -> line.startsWith("r@") && line.contains(" " + Verdict.ROLLBACK + " "));
    assertThat(batch)
        .noneMatch(line -> line.startsWith("r@") && line.contains("SAMPLE_RATIO_MISMATCH"));
    assertThat(batch)
        .noneMatch(line -> line.startsWith("m@") && line.contains("SAMPLE_RATIO_MISMATCH"));
  }
}
