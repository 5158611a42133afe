package io.tidegate.connector;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Whether something listens at an address, asked before a client that would try for long. */
final class Reach {

  private static final int CONNECT_MS = 3_000;

  private Reach() {}

  /** Null where any of {@code host:port} pairs separated by commas takes a connection, else why. */
  static @Nullable String problem(String addresses) {
    String why = "no address";
    for (String address : addresses.split(",", -1)) {
      String at = address.strip();
      int colon = at.lastIndexOf(':');
      if (colon <= 0 || !at.substring(colon + 1).matches("\\d{1,5}")) {
        return "found " + at + ", no host:port";
      }
      String host = at.substring(at.indexOf("://") < 0 ? 0 : at.indexOf("://") + 3, colon);
      String failed = problem(host, Integer.parseInt(at.substring(colon + 1)));
      if (failed == null) {
        return null;
      }
      why = failed;
    }
    return why;
  }

  private static @Nullable String problem(String host, int port) {
    String why = "no address";
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        try (Socket socket = new Socket()) {
          socket.connect(new InetSocketAddress(address, port), CONNECT_MS);
          return null;
        } catch (IOException | IllegalArgumentException e) {
          why = Catalogs.reason(e);
        }
      }
    } catch (UnknownHostException e) {
      why = "unknown host " + host;
    }
    return why;
  }
}
