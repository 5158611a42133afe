package io.tidegate.connector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.runtime.rpc.AddressResolution;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;
import org.apache.flink.runtime.rpc.pekko.PekkoRpcSystemLoader;
import org.jspecify.annotations.Nullable;

/**
 * Flink's RPC system, unpacked and loaded once a process. Flink would do so for each cluster in the
 * process, and here each query, and each job that has none to go to, starts one. Flink finds it as
 * a service where it sees this jar, and takes its own loader where this one fails.
 */
public final class SharedRpcSystem implements RpcSystemLoader {

  private static @Nullable RpcSystem shared;

  /** Before Flink's own, which has 0. */
  @Override
  public int getLoadPriority() {
    return -1;
  }

  @Override
  public RpcSystem loadRpcSystem(Configuration config) {
    return new NeverClosed(shared());
  }

  private static synchronized RpcSystem shared() {
    RpcSystem known = shared;
    if (known == null) {
      try {
        known = load(Files.createTempDirectory("tidegate-rpc"));
      } catch (IOException e) {
        throw new UncheckedIOException("unpacking Flink's RPC system", e);
      }
      shared = known;
    }
    return known;
  }

  /** The folder goes with the process, after all that may still ask for a class. */
  private static RpcSystem load(Path folder) throws IOException {
    folder.toFile().deleteOnExit();
    try {
      return new PekkoRpcSystemLoader()
          .loadRpcSystem(new Configuration().set(CoreOptions.TMP_DIRS, folder.toString()));
    } finally {
      try (DirectoryStream<Path> unpacked = Files.newDirectoryStream(folder)) {
        unpacked.forEach(file -> file.toFile().deleteOnExit());
      }
    }
  }

  /**
   * Stays open for the next cluster when one closes it.
   *
   * @param system shared by all clusters
   */
  private record NeverClosed(RpcSystem system) implements RpcSystem {

    @Override
    public RpcServiceBuilder localServiceBuilder(Configuration config) {
      return system.localServiceBuilder(config);
    }

    @Override
    public RpcServiceBuilder remoteServiceBuilder(
        Configuration config, String externalAddress, String externalPortRange) {
      return system.remoteServiceBuilder(config, externalAddress, externalPortRange);
    }

    @Override
    public String getRpcUrl(
        String host, int port, String endpoint, AddressResolution resolution, Configuration config)
        throws UnknownHostException {
      return system.getRpcUrl(host, port, endpoint, resolution, config);
    }

    @Override
    public InetSocketAddress getInetSocketAddressFromRpcUrl(String url) throws Exception {
      return system.getInetSocketAddressFromRpcUrl(url);
    }

    @Override
    public long getMaximumMessageSizeInBytes(Configuration config) {
      return system.getMaximumMessageSizeInBytes(config);
    }
  }
}
