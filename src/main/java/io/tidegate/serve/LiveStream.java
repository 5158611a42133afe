package io.tidegate.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.sse.ServerSentEventHandler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the board's lines to every viewer as server-sent events: all of them at first, then each
 * that changes, and a beat that tells whether broker and gate are heard. One thread makes a line
 * once for all viewers.
 */
final class LiveStream implements AutoCloseable {

  /** Viewers at once. */
  static final int MOST_VIEWERS = 1_000;

  static final long BEAT_MS = 2_000;

  /** Changes within this time go out together. */
  private static final long GATHER_MS = 50;

  private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);

  private final Situation situation;
  private final BooleanSupplier complete;
  private final LongSupplier silentMs;
  private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
  private final LiveLines lines;
  private final Map<String, String> stale = new LinkedHashMap<>();
  private final Thread thread = new Thread(this::run, "tidegate-live");

  private final Set<String> dirty = new HashSet<>();
  private final List<Viewer> joining = new ArrayList<>();
  private boolean closed;

  /**
   * Starts sending.
   *
   * @param complete whether all that was there at the start was read
   * @param silentMs how long no broker has answered
   */
  LiveStream(
      Situation situation, LiveRollouts rollouts, BooleanSupplier complete, LongSupplier silentMs) {
    this.situation = situation;
    this.lines = new LiveLines(rollouts::line);
    this.complete = complete;
    this.silentMs = silentMs;
    situation.board().ids().forEach(dirty::add);
    situation.board().listen(this::changed);
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized void changed(String id) {
    dirty.add(id);
    notifyAll();
  }

  /** Whether another viewer may come. */
  boolean hasRoom() {
    return viewers.size() < MOST_VIEWERS;
  }

  int viewers() {
    return viewers.size();
  }

  /** Turns a request into a stream that lasts until either side ends it. */
  void open(HttpServerExchange exchange, Access.Caller caller) throws Exception {
    new ServerSentEventHandler(
            (connection, lastId) -> {
              Viewer viewer = new Viewer(connection, viewers::remove);
              viewers.add(viewer);
              connection.addCloseTask(closing -> viewers.remove(viewer));
              viewer.send("hello", hello(caller).toString());
              join(viewer);
            })
        .handleRequest(exchange);
  }

  private void join(Viewer viewer) {
    synchronized (this) {
      if (!closed) {
        joining.add(viewer);
        notifyAll();
        return;
      }
    }
    viewer.close();
  }

  private ObjectNode hello(Access.Caller caller) {
    ObjectNode json = beat(complete.getAsBoolean());
    json.put("may_decide", caller.may(Right.DECIDE));
    json.put("person", caller.signedIn() ? caller.name() : "");
    json.put("wall_clock", situation.ageing().wallClock());
    json.put("beat_ms", BEAT_MS);
    return json;
  }

  private ObjectNode beat(boolean ready) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    long frontierMs = situation.board().frontierMs();
    json.put("now_ms", situation.now());
    json.put("frontier_ms", frontierMs == Long.MIN_VALUE ? null : frontierMs);
    json.put("ready", ready);
    json.put("broker_silent_ms", silentMs.getAsLong());
    return json;
  }

  private void run() {
    long beatAtNanos = System.nanoTime();
    boolean ready = false;
    while (true) {
      try {
        if (!pause(ready ? (beatAtNanos - System.nanoTime()) / 1_000_000 : GATHER_MS)) {
          return;
        }
        Thread.sleep(GATHER_MS);
        // Asked before lines are sent, so that a beat says so only after all of them.
        boolean whole = complete.getAsBoolean();
        boolean begins = !ready && situation.ready().getAsBoolean();
        ready |= begins;
        if (ready) {
          send(begins);
        }
        if (System.nanoTime() >= beatAtNanos) {
          beatAtNanos = System.nanoTime() + BEAT_MS * 1_000_000;
          markStale();
          lines.broken().forEach(this::changed);
          String beat = beat(whole).toString();
          viewers.forEach(viewer -> viewer.send("beat", beat));
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("the live board missed a change", e);
      }
    }
  }

  /** Waits for a change, or for so long; false once closed. */
  private synchronized boolean pause(long mostMs) throws InterruptedException {
    long until = System.nanoTime() + mostMs * 1_000_000;
    while (!closed && dirty.isEmpty() && joining.isEmpty()) {
      long leftMs = (until - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0) {
        break;
      }
      wait(leftMs);
    }
    return !closed;
  }

  /** Sends what changed; everything to who has just joined, and to all where reading is done. */
  private void send(boolean begins) {
    List<String> ids;
    List<Viewer> joined;
    synchronized (this) {
      ids = List.copyOf(dirty);
      dirty.clear();
      joined = List.copyOf(joining);
      joining.clear();
    }
    Map<String, String> changed = lines.renew(ids);
    for (Viewer viewer : begins ? List.copyOf(viewers) : joined) {
      viewer.replace(lines.all());
    }
    if (!changed.isEmpty() && !begins) {
      viewers.forEach(viewer -> viewer.update(changed));
    }
  }

  /** A line ages without a record: it is made anew when it becomes stale or fresh. */
  private void markStale() {
    for (String id : situation.board().ids()) {
      String now = String.valueOf(fresh(id));
      if (!now.equals(stale.put(id, now))) {
        changed(id);
      }
    }
  }

  private boolean fresh(String id) {
    try {
      RolloutState state = situation.state(id);
      return state != null && situation.age(state).stale().isEmpty();
    } catch (RuntimeException e) {
      return false; // its line cannot be made either, and says so
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    viewers.forEach(Viewer::close);
  }
}
