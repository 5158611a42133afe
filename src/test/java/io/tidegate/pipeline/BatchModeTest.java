package io.tidegate.pipeline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.baseline.HistoryBatch;
import io.tidegate.analysis.baseline.HistoryEvent;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.model.Assignment;
import io.tidegate.model.HourlyCount;
import io.tidegate.operator.DataTypeInfo;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class BatchModeTest {

  private static final HistoryRequest REQUEST =
      new HistoryRequest(0, Rollouts.HOUR_MS, List.of(), List.of());

  @Test
  void the_baseline_refuses_a_streaming_environment() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setRuntimeMode(RuntimeExecutionMode.STREAMING);
    DataStream<HistoryEvent> events =
        env.fromData(DataTypeInfo.HISTORY_EVENT, new HistoryEvent("u", new Point()));
    DataStream<HourlyCount> hours =
        env.fromData(
            TypeInformation.of(HourlyCount.class),
            new HourlyCount(0, "visit", "all", "*", 1, 0, BigInteger.ZERO));
    assertThatThrownBy(
            () ->
                BaselinePipeline.values(
                    events, REQUEST, json -> Rollouts.spec("m", Assignment.MATCHED)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("baseline needs BATCH mode, not STREAMING");
    assertThatThrownBy(
            () ->
                BaselinePipeline.build(
                    events,
                    hours,
                    env.fromData(TypeInformation.of(HistoryBatch.class), new HistoryBatch()),
                    Map.of(),
                    REQUEST,
                    json -> Rollouts.spec("m", Assignment.MATCHED)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("baseline needs BATCH mode, not STREAMING");
  }
}
