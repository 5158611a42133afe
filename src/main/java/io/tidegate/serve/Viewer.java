package io.tidegate.serve;

import io.undertow.server.handlers.sse.ServerSentEventConnection;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One open page. While it is slow to read, the newest line of each rollout and the newest beat wait
 * for it and no more. Mutable, thread-safe.
 */
final class Viewer {

  private final ServerSentEventConnection connection;
  private final Consumer<Viewer> gone;
  private final Map<String, String> single = new LinkedHashMap<>();
  private final Map<String, String> lines = new LinkedHashMap<>();
  private boolean whole;
  private boolean snapshotSent;
  private boolean sending;

  Viewer(ServerSentEventConnection connection, Consumer<Viewer> gone) {
    this.connection = connection;
    this.gone = gone;
  }

  /** Sends one message of a kind; it takes the place of one of that kind that still waits. */
  void send(String event, String data) {
    synchronized (this) {
      single.put(event, data);
    }
    next();
  }

  /** Sends every line there is, in place of all the page had. */
  void replace(Map<String, String> all) {
    synchronized (this) {
      whole = true;
      lines.putAll(all);
    }
    next();
  }

  /** Sends lines that changed; passed over until the page had all of them. */
  void update(Map<String, String> changed) {
    synchronized (this) {
      if (!whole && !snapshotSent) {
        return;
      }
      lines.putAll(changed);
    }
    next();
  }

  private record Message(String event, String data) {}

  private void next() {
    Message message;
    synchronized (this) {
      message = sending ? null : take();
      sending |= message != null;
    }
    if (message != null) {
      connection.send(
          message.data(),
          message.event(),
          null,
          new ServerSentEventConnection.EventCallback() {
            @Override
            public void done(ServerSentEventConnection sent, String data, String event, String id) {
              sent();
            }

            @Override
            public void failed(
                ServerSentEventConnection broken,
                String data,
                String event,
                String id,
                IOException e) {
              close();
            }
          });
    }
  }

  private void sent() {
    synchronized (this) {
      sending = false;
    }
    next();
  }

  private @Nullable Message take() {
    if (single.containsKey("hello")) {
      return new Message("hello", single.remove("hello"));
    }
    if (whole || !lines.isEmpty()) {
      String event = whole ? "snapshot" : "rollouts";
      String data = "[" + String.join(",", lines.values()) + "]";
      snapshotSent |= whole;
      whole = false;
      lines.clear();
      return new Message(event, data);
    }
    String beat = single.remove("beat");
    return beat == null ? null : new Message("beat", beat);
  }

  void close() {
    gone.accept(this);
    connection.shutdown();
  }
}
