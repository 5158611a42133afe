package io.tidegate.connector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.runtime.rpc.AddressResolution;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.runtime.rpc.RpcSystemLoader;
import org.apache.flink.runtime.rpc.pekko.PekkoRpcSystemLoader;

/**
 * Flink's RPC system, unpacked and loaded once a process. Flink does it anew for each cluster in
 * the process, and there each job and each query has one. Found as a service; on a cluster, whose
 * processes do not have this jar, Flink's own loader is.
 */
public final class SharedRpcSystem implements RpcSystemLoader {

  /** Loaded when first asked for. */
  private static final class Loaded {
    static final RpcSystem SYSTEM = load();
  }

  /** Before Flink's own, which has 0. */
  @Override
  public int getLoadPriority() {
    return -1;
  }

  @Override
  public RpcSystem loadRpcSystem(Configuration config) {
    return new Open(Loaded.SYSTEM);
  }

  /** Its folder goes with the process, after all that may still ask for a class. */
  private static RpcSystem load() {
    try {
      Path folder = Files.createTempDirectory("tidegate-rpc");
      folder.toFile().deleteOnExit();
      RpcSystem system =
          new PekkoRpcSystemLoader()
              .loadRpcSystem(new Configuration().set(CoreOptions.TMP_DIRS, folder.toString()));
      try (Stream<Path> files = Files.list(folder)) {
        List<Path> unpacked = files.toList();
        unpacked.forEach(file -> file.toFile().deleteOnExit());
      }
      return system;
    } catch (IOException e) {
      throw new UncheckedIOException("unpacking Flink's RPC system", e);
    }
  }

  /**
   * Stays open for the next cluster when one closes it.
   *
   * @param system the one of all
   */
  private record Open(RpcSystem system) implements RpcSystem {

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
