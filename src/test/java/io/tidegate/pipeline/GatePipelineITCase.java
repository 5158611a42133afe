package io.tidegate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.model.Evaluation;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Verdict;
import io.tidegate.operator.DataTypeInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

  private static final int UNITS = 2_000;
  private static List<String> batch = List.of();

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
                WatermarkStrategy.<Point>forBoundedOutOfOrderness(TwoRollouts.BOUND)
                    .withTimestampAssigner((p, t) -> p.timeMs))
            .uid("times");
    DataStream<RolloutEvent> rollouts =
        env.fromData(TwoRollouts.rollouts(), TypeInformation.of(RolloutEvent.class))
            .uid("rollouts");
    DataStream<Evaluation> evaluations =
        GatePipeline.build(
                events,
                rollouts,
                TwoRollouts.reader(),
                GatePipeline.DEFAULT_HORIZON_SLICES,
                batchMode)
            .evaluations();
    DataStream<String> lines = evaluations.map(TwoRollouts::line).uid("lines");
    List<String> found = new ArrayList<>();
    try (CloseableIterator<String> results = lines.executeAndCollect("gate test")) {
      results.forEachRemaining(found::add);
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }

  @BeforeAll
  static void replay() throws Exception {
    batch = run(true, 1, TwoRollouts.points(1, UNITS));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void streaming_gives_what_batch_gives_to_the_last_bit(int parallelism) throws Exception {
    List<String> streamed = run(false, parallelism, TwoRollouts.points(1, UNITS));
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
