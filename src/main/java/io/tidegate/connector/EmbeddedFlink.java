package io.tidegate.connector;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/** A Flink cluster in this process with its web pages; jobs reach it as they would a remote one. */
final class EmbeddedFlink implements AutoCloseable {

  private final MiniCluster cluster;
  private final URI address;
  private static final Duration HEARTBEAT_TIMEOUT = Duration.ofMinutes(30);

  private final Path folder;

  private EmbeddedFlink(MiniCluster cluster, URI address, Path folder) {
    this.cluster = cluster;
    this.address = address;
    this.folder = folder;
  }

  static EmbeddedFlink start(Path folder, int wantedPort, int slots) {
    int port = Ports.free("--web-port", wantedPort);
    Configuration settings = new Configuration();
    settings.set(RestOptions.ADDRESS, Ports.LOOPBACK);
    settings.set(RestOptions.BIND_ADDRESS, Ports.LOOPBACK);
    settings.set(RestOptions.PORT, port);
    settings.set(RestOptions.BIND_PORT, Integer.toString(port));
    settings.set(CoreOptions.TMP_DIRS, folder.resolve("tmp").toString());
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(128));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(128));
    // In one process a missed heartbeat is a machine that slept or a long collection of garbage.
    settings.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT);
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .setCommonBindAddress(Ports.LOOPBACK)
                .build());
    try {
      cluster.start();
      return new EmbeddedFlink(cluster, cluster.getRestAddress().get(), folder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Flink started", e);
    } catch (Exception e) {
      throw new IllegalStateException("the embedded Flink cluster did not start", e);
    }
  }

  URI address() {
    return address;
  }

  /** Settings by which a job finds this cluster and keeps its checkpoints in the folder. */
  Map<String, String> settings() {
    return Map.of(
        "execution.target", "remote",
        "execution.attached", "true",
        "rest.address", address.getHost(),
        "rest.port", Integer.toString(address.getPort()),
        "execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString(),
        "execution.checkpointing.savepoint-dir", folder.resolve("savepoints").toUri().toString());
  }

  @Override
  public void close() {
    try {
      cluster.closeAsync().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the embedded Flink cluster did not stop", e.getCause());
    }
  }
}
