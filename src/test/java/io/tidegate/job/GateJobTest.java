package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.SentSignals;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.TableFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateJobTest {

  @TempDir private Path folder;

  private TableFixture tables;
  private TidegateConfig config;

  @BeforeEach
  void create() {
    tables = TableFixture.create(folder);
    config = TidegateConfig.load(tables.configFile(), Map.of());
  }

  @AfterEach
  void close() throws IOException {
    tables.close();
  }

  private StreamExecutionEnvironment environment() {
    return GateJob.environment(
        FlinkDefaults.environment(config.runtime()),
        config,
        GateHistory.restored(SentSignals.NONE));
  }

  @Test
  void uids_are_the_golden_ones() throws IOException {
    List<String> uids =
        environment().getStreamGraph().getStreamNodes().stream()
            .map(StreamNode::getTransformationUID)
            .filter(uid -> uid != null)
            .sorted()
            .toList();
    Path golden = Path.of("src/test/resources/uids/gate.txt");
    if (Boolean.getBoolean("tidegate.update")) {
      Files.write(golden, uids);
    }
    assertThat(uids).isEqualTo(Files.readAllLines(golden));
  }

  @Test
  void no_stream_is_serialised_by_kryo() {
    StreamExecutionEnvironment env = environment();
    for (Transformation<?> step : env.getTransformations()) {
      TypeInformation<?> type = step.getOutputType();
      assertThat(type).as(step.getName()).isNotInstanceOf(GenericTypeInfo.class);
      type.createSerializer(env.getConfig().getSerializerConfig());
    }
    assertThat(env.getTransformations()).hasSizeGreaterThan(5);
  }
}
