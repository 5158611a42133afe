package io.tidegate.cli.demo;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A streaming job on the cluster. */
final class RunningJob {

  private final String name;
  private final JobClient client;
  private final String savepoints;

  private RunningJob(String name, JobClient client, String savepoints) {
    this.name = name;
    this.client = client;
    this.savepoints = savepoints;
  }

  static RunningJob start(String name, StreamExecutionEnvironment environment) throws Exception {
    String savepoints =
        Objects.requireNonNull(
            environment.getConfiguration().get(CheckpointingOptions.SAVEPOINT_DIRECTORY),
            "the embedded cluster names a folder for savepoints");
    return new RunningJob(name, environment.executeAsync("tidegate-" + name), savepoints);
  }

  /** Throws where the job has ended or is starting again after a failure. */
  void requireAlive() {
    JobStatus status = waitFor(client.getJobStatus());
    if (status.isTerminalState() || status == JobStatus.FAILING || status == JobStatus.RESTARTING) {
      throw new IllegalStateException("job " + name + " is " + status);
    }
  }

  /** Stops at a savepoint, with everything written that was read; returns the job's counts. */
  JobExecutionResult stop() {
    waitFor(client.stopWithSavepoint(false, savepoints, SavepointFormatType.CANONICAL));
    return waitFor(client.getJobExecutionResult());
  }

  private <T> T waitFor(CompletableFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("job " + name + " failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for job " + name, e);
    }
  }
}
