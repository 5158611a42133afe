package io.tidegate.connector;

import io.tidegate.model.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Loopback ports. */
final class Ports {

  static final String LOOPBACK = "127.0.0.1";

  private Ports() {}

  /** The wanted port, or any free one for 0. Throws a UserError where the wanted one is in use. */
  static int free(String option, int wanted) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UserError(
          option, "", Integer.toString(wanted), "a free port, but it is in use; 0 takes any");
    }
  }
}
