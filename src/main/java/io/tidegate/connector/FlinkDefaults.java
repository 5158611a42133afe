package io.tidegate.connector;

import io.tidegate.model.UserError;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Flink settings that Tidegate's jobs need, where Flink's own defaults would lose data or time. */
public final class FlinkDefaults {

  /** Key groups of every job; the most that parallelism can ever be. */
  public static final int MAX_PARALLELISM = 1024;

  private FlinkDefaults() {}

  /**
   * Where one job is built and run: the cluster that {@code flink} names with {@code
   * execution.target}, else the one whose client submits this jar, else one in this process.
   */
  public static StreamExecutionEnvironment environment(RuntimeConfig runtime) {
    Configuration settings = of(runtime);
    StreamExecutionEnvironment environment =
        settings.contains(DeploymentOptions.TARGET)
            ? new StreamExecutionEnvironment(settings)
            : StreamExecutionEnvironment.getExecutionEnvironment(settings);
    return environment.setParallelism(runtime.parallelism());
  }

  /** Whether a job built here starts from a savepoint or checkpoint that its submission names. */
  public static boolean startsFromState(StreamExecutionEnvironment environment) {
    return environment
        .getConfiguration()
        .getOptional(StateRecoveryOptions.SAVEPOINT_PATH)
        .isPresent();
  }

  /**
   * Throws a UserError where the configuration names a cluster by its address and nothing listens
   * there; Flink's own client would try for a minute.
   */
  public static void requireCluster(RuntimeConfig runtime) {
    Configuration settings = of(runtime);
    if (!"remote".equals(settings.get(DeploymentOptions.TARGET))) {
      return;
    }
    String host = settings.get(RestOptions.ADDRESS);
    int port = settings.get(RestOptions.PORT);
    String address = host + ":" + port;
    String problem = Reach.problem(address);
    if (problem != null) {
      throw new UserError(
          "flink.rest.address",
          "",
          address,
          "a reachable Flink cluster (" + problem + "); tidegate up starts one");
    }
  }

  /** Settings of one job; what the configuration passes as {@code flink} wins. */
  public static Configuration of(RuntimeConfig runtime) {
    Configuration flink = new Configuration();
    flink.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL,
        Duration.ofMillis(runtime.checkpointIntervalMs()));
    flink.set(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE, CheckpointingMode.EXACTLY_ONCE);
    flink.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    flink.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 3);
    flink.set(PipelineOptions.OBJECT_REUSE, true);
    flink.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
    flink.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
    flink.set(PipelineOptions.GENERIC_TYPES, false);
    // A restart sooner than a catalog's time-out can commit twice (apache/iceberg#14425).
    flink.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    flink.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        Duration.ofSeconds(10));
    flink.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        Duration.ofMinutes(2));
    runtime.flink().forEach(flink::setString);
    return flink;
  }
}
