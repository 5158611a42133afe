package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.impact.ImpactScope;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.model.Assignment;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.dag.Transformation;
import org.apache.flink.api.java.typeutils.GenericTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImpactJobTest {

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
    List<RolloutEvent> events = new ArrayList<>(Rollouts.events("m"));
    events.add(RolloutEvent.tick("end", Rollouts.START_MS + 9 * Rollouts.DAY_MS));
    ImpactScope scope =
        ImpactScope.of(
            events,
            defined ->
                new Definition(Rollouts.spec("m", Assignment.MATCHED), Resolved.NONE, "hash"));
    assertThat(scope.attempts()).isNotEmpty();
    return ImpactJob.environment(
        config, new Snapshots(null, null, null), Covariates.NONE, scope, Map.of());
  }

  @Test
  void uids_are_the_golden_ones() throws IOException {
    List<String> uids =
        environment().getStreamGraph().getStreamNodes().stream()
            .map(StreamNode::getTransformationUID)
            .filter(uid -> uid != null)
            .sorted()
            .toList();
    Path golden = Path.of("src/test/resources/uids/impact.txt");
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

  @Test
  void run_withoutHistory_writesNothingAndNamesWhatIsMissing() throws Exception {
    assertThat(ImpactJob.run(config, Set.of())).isEmpty();
    assertThatThrownBy(() -> ImpactJob.run(config, Set.of("checkout")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("checkout")
        .hasMessageContaining("a rollout that entered a stage before the last tick");
  }
}
