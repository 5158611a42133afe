package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.connector.TidegateConfig;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateJobTest {

  @TempDir private Path folder;

  private TidegateConfig config() throws IOException {
    Path file = folder.resolve("tidegate.yaml");
    Files.writeString(
        file,
        """
        kafka: {bootstrap_servers: "127.0.0.1:1"}
        catalog: {type: jdbc, uri: "jdbc:sqlite:%s/c.db", warehouse: "file://%s/w"}
        privacy: {unit_key_env: TIDEGATE_UNIT_KEY}
        """
            .formatted(folder, folder));
    return TidegateConfig.load(file, Map.of());
  }

  @Test
  void uids_are_the_golden_ones() throws IOException {
    List<String> uids =
        GateJob.environment(config()).getStreamGraph().getStreamNodes().stream()
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
  void no_stream_is_serialised_by_kryo() throws IOException {
    StreamExecutionEnvironment env = GateJob.environment(config());
    for (Transformation<?> step : env.getTransformations()) {
      TypeInformation<?> type = step.getOutputType();
      assertThat(type).as(step.getName()).isNotInstanceOf(GenericTypeInfo.class);
      type.createSerializer(env.getConfig().getSerializerConfig());
    }
    assertThat(env.getTransformations()).hasSizeGreaterThan(5);
  }
}
