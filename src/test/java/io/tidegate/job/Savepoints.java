package io.tidegate.job;

import io.tidegate.connector.RuntimeConfig;
import java.util.Map;

/** Jobs that begin with the state of another. */
final class Savepoints {

  private Savepoints() {}

  static RuntimeConfig startingFrom(RuntimeConfig runtime, String savepoint) {
    return runtime.withFlink(Map.of("execution.state-recovery.path", savepoint));
  }
}
