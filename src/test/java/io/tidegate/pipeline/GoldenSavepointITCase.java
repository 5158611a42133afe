package io.tidegate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.connector.FlinkDefaults;
import io.tidegate.model.RolloutEvent;
import io.tidegate.operator.DataTypeInfo;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * State that an earlier build wrote halfway is read by this one, which says of the rest what it
 * says without a stop. {@code -Dtidegate.golden=write} writes the newest anew, see
 * jobs/gate/README.md.
 */
class GoldenSavepointITCase {

  private static final Path GOLDEN = Path.of("src/test/resources/state");

  /** What earlier builds wrote, and this one last. */
  private static final List<String> VERSIONS = List.of("gate", "gate-4", "gate-5", "gate-6");

  private static final List<Point> POINTS = TwoRollouts.points(7, 900);
  private static final List<RolloutEvent> ROLLOUTS = TwoRollouts.rollouts();
  private static final Queue<String> LINES = new ConcurrentLinkedQueue<>();

  @TempDir private Path folder;

  @Test
  void the_golden_states_are_read_and_go_on_to_the_last_bit() throws Exception {
    if ("write".equals(System.getProperty("tidegate.golden"))) {
      write();
    }
    job(new Configuration()).execute("without a stop");
    List<String> whole = taken();
    for (String version : VERSIONS) {
      Configuration restored = new Configuration();
      restored.set(StateRecoveryOptions.SAVEPOINT_PATH, GOLDEN.resolve(version).toUri().toString());
      job(restored).execute("from the golden state " + version);
      List<String> rest = taken();

      assertThat(rest).as(version).hasSizeBetween(whole.size() / 4, whole.size() * 3 / 4);
      assertThat(rest).as(version).isEqualTo(from(rest.get(0), whole));
      assertThat(rest).as(version).anyMatch(line -> line.contains("mean_sequence"));
    }
  }

  /** Lines at or after the boundary of a line. */
  private static List<String> from(String first, List<String> lines) {
    return lines.stream().filter(line -> boundaryMs(line) >= boundaryMs(first)).toList();
  }

  private static long boundaryMs(String line) {
    return Long.parseLong(line.substring(line.indexOf('@') + 1, line.indexOf(' ')));
  }

  private static List<String> taken() {
    List<String> lines = new ArrayList<>(LINES);
    LINES.clear();
    lines.sort(
        Comparator.comparingLong(GoldenSavepointITCase::boundaryMs)
            .thenComparing(Comparator.naturalOrder()));
    return lines;
  }

  /** Stops halfway, events ahead of the clock, and keeps the state, which is one file. */
  private void write() throws Exception {
    JobClient halfway =
        job(
                new Configuration(),
                readers -> new UpTo(POINTS.size() * 9 / 16),
                readers -> new UpTo(ROLLOUTS.size() / 2))
            .executeAsync("halfway");
    await("halfway").atMost(Duration.ofMinutes(1)).until(() -> LINES.size() > 80);
    String savepoint =
        halfway
            .stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
            .get();
    try (Stream<Path> files = Files.list(Path.of(URI.create(savepoint)))) {
      List<Path> all = files.toList();
      assertThat(all).as("state in one file").hasSize(1);
      Path newest = GOLDEN.resolve(VERSIONS.get(VERSIONS.size() - 1));
      Files.createDirectories(newest);
      Files.copy(all.get(0), newest.resolve("_metadata"), StandardCopyOption.REPLACE_EXISTING);
    }
    LINES.clear();
  }

  private static StreamExecutionEnvironment job(Configuration configuration) {
    return job(configuration, RateLimiterStrategy.noOp(), RateLimiterStrategy.noOp());
  }

  private static StreamExecutionEnvironment job(
      Configuration configuration, RateLimiterStrategy points, RateLimiterStrategy rollouts) {
    configuration.set(PipelineOptions.GENERIC_TYPES, false);
    configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    configuration.set(PipelineOptions.OBJECT_REUSE, true);
    configuration.set(PipelineOptions.MAX_PARALLELISM, FlinkDefaults.MAX_PARALLELISM);
    configuration.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ofMebiBytes(1));
    configuration.set(ExecutionOptions.SNAPSHOT_COMPRESSION, true);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    env.setParallelism(1);
    DataStream<Point> events =
        source(env, POINTS.size(), i -> POINTS.get(i).copy(), points, DataTypeInfo.POINT, "points")
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Point>forBoundedOutOfOrderness(TwoRollouts.BOUND)
                    .withTimestampAssigner((point, before) -> point.timeMs))
            .uid("times");
    GatePipeline.build(
            events,
            source(
                env,
                ROLLOUTS.size(),
                i -> ROLLOUTS.get(i),
                rollouts,
                TypeInformation.of(RolloutEvent.class),
                "rollouts"),
            TwoRollouts.reader(),
            GatePipeline.DEFAULT_HORIZON_SLICES,
            false)
        .evaluations()
        .map(evaluation -> LINES.add(TwoRollouts.line(evaluation)))
        .uid("lines")
        .sinkTo(new DiscardingSink<>())
        .uid("nowhere");
    return env;
  }

  /** Something by its place. */
  private interface Nth<T> extends Serializable {
    T get(int place);
  }

  private static <T> DataStream<T> source(
      StreamExecutionEnvironment env,
      int count,
      Nth<T> nth,
      RateLimiterStrategy rate,
      TypeInformation<T> type,
      String uid) {
    GeneratorFunction<Long, T> generator = place -> nth.get(place.intValue());
    return env.fromSource(
            new DataGeneratorSource<>(generator, count, rate, type),
            WatermarkStrategy.noWatermarks(),
            uid)
        .uid(uid);
  }

  /** Lets so many through, then none. */
  private static final class UpTo implements RateLimiter {
    private long left;

    UpTo(long count) {
      left = count;
    }

    @Override
    public CompletionStage<Void> acquire() {
      left--;
      return left >= 0 ? CompletableFuture.completedFuture(null) : new CompletableFuture<>();
    }
  }
}
