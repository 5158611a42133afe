package io.tidegate.pipeline;

import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.streaming.api.datastream.DataStream;

/** What graphs need whose operators hold one key at a time, as batch mode's sorted input does. */
final class BatchMode {

  private BatchMode() {}

  /** Throws where a stream is of an environment in another mode. */
  static void check(String pipeline, DataStream<?> stream) {
    Object mode =
        stream.getExecutionEnvironment().getConfiguration().get(ExecutionOptions.RUNTIME_MODE);
    if (mode != RuntimeExecutionMode.BATCH) {
      throw new IllegalArgumentException(pipeline + " needs BATCH mode, not " + mode);
    }
  }
}
