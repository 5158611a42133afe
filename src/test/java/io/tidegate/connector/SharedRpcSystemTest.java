package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.rpc.RpcService;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.junit.jupiter.api.Test;

/** Clusters of one process share Flink's RPC system, and none closes it for another. */
class SharedRpcSystemTest {

  @Test
  void flink_finds_it_and_one_that_is_closed_takes_nothing_from_the_next() throws Exception {
    RpcSystem first = RpcSystem.load();
    RpcService running = start(first);
    first.close();
    ClassLoader loader = running.getClass().getClassLoader();
    assertThat(loader.getResource("org/apache/pekko/actor/ActorSystem.class")).isNotNull();
    try (RpcSystem second = RpcSystem.load()) {
      RpcService beside = start(second);
      assertThat(beside.getClass()).isSameAs(running.getClass());
      assertThat(second.getMaximumMessageSizeInBytes(new Configuration())).isPositive();
      end(beside);
    }
    end(running);
  }

  private static RpcService start(RpcSystem system) throws Exception {
    return system.localServiceBuilder(new Configuration()).createAndStart();
  }

  private static void end(RpcService service) throws Exception {
    service.closeAsync().get(1, TimeUnit.MINUTES);
  }
}
