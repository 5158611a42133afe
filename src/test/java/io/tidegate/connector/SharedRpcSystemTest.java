package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.junit.jupiter.api.Test;

/** Clusters of one process, one after the other and side by side, share Flink's RPC system. */
class SharedRpcSystemTest {

  @Test
  void flink_finds_it_and_one_that_is_closed_takes_nothing_from_the_next() throws Exception {
    Class<?> first = serve();
    Class<?> second;
    try (RpcSystem beside = RpcSystem.load()) {
      second = serve();
      assertThat(beside.getMaximumMessageSizeInBytes(new Configuration())).isPositive();
    }
    assertThat(first).isSameAs(second);
  }

  /** The class of a service that was started and has ended. */
  private static Class<?> serve() throws Exception {
    try (RpcSystem system = RpcSystem.load()) {
      RpcService service = system.localServiceBuilder(new Configuration()).createAndStart();
      service.closeAsync().get(1, TimeUnit.MINUTES);
      return service.getClass();
    }
  }
}
