package io.tidegate.serve;

import io.tidegate.model.RolloutEvent;
import io.tidegate.model.UserError;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.RoutingHandler;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.GracefulShutdownHandler;
import io.undertow.util.HttpString;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.Options;
import org.xnio.management.XnioWorkerMXBean;

/**
 * The HTTP bridge and the live board: reads the board, writes events. Loopback only, unless a token
 * guards it. What it knows comes from the topics, so it can be stopped and started at any time.
 */
public final class Server implements AutoCloseable {

  /** Addresses on which no token is asked for. */
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "localhost");

  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  /** Longer than one event is waited for at the broker. */
  private static final long STOP_WITHIN_MS = 12_000;

  /** As long as an answered request hands its connection back, at most. */
  private static final long SETTLE_WITHIN_MS = 1_000;

  private static final long SETTLE_MS = 20;

  private static final int SOCKET_TIMEOUT_MS = 15_000;
  private static final int IDLE_MS = 60_000;
  private static final int THREADS = 16;

  private final Undertow undertow;
  private final GracefulShutdownHandler requests;
  private final AtomicBoolean stopping;
  private final LiveStream stream;
  private final EventDesk desk;
  private final String host;

  /**
   * How to listen.
   *
   * @param port 0 for any free one
   * @param requestsPerSecond what one address may ask for, ten seconds' worth at once
   */
  public record Listen(String host, int port, double requestsPerSecond) {

    public static final double REQUESTS_PER_SECOND = 50;
    public static final int PORT = 8080;

    boolean loopback() {
      return LOOPBACK.contains(host);
    }
  }

  /**
   * Where what it says comes from and events go.
   *
   * @param ready whether rollouts and verdicts were read to the end they had at the start
   * @param complete whether signals and evidence were too
   * @param lag records not yet read, by topic
   * @param silentMs how long no broker has answered, milliseconds
   * @param archive what the gate said before
   * @param write writes an event; returns when the broker has it, else throws
   * @param audit takes a line for every write and every attempt at one; null: the log
   */
  public record Feed(
      Board board,
      Ageing ageing,
      BooleanSupplier ready,
      BooleanSupplier complete,
      Supplier<Map<String, Long>> lag,
      LongSupplier silentMs,
      Archive archive,
      Consumer<RolloutEvent> write,
      @Nullable Consumer<String> audit) {}

  private Server(
      Undertow undertow,
      GracefulShutdownHandler requests,
      AtomicBoolean stopping,
      LiveStream stream,
      EventDesk desk,
      String host) {
    this.undertow = undertow;
    this.requests = requests;
    this.stopping = stopping;
    this.stream = stream;
    this.desk = desk;
    this.host = host;
  }

  /**
   * Starts to listen. Throws a UserError where the port is taken, or where the address is not
   * loopback and no token guards it.
   */
  public static Server start(Listen listen, Access access, Feed feed, InstantSource clock) {
    if (!listen.loopback() && !access.guarded()) {
      throw new UserError(
          "--host",
          "",
          listen.host(),
          "a loopback address, or --token-env and --decide-token-env to guard another one");
    }
    Situation situation =
        new Situation(feed.board(), feed.ageing(), feed.ready(), feed.lag(), clock::millis);
    LiveRollouts rollouts = new LiveRollouts(situation);
    LiveStream stream = new LiveStream(situation, rollouts, feed.complete(), feed.silentMs());
    Consumer<String> lines = feed.audit();
    Audit audit = lines == null ? new Audit() : new Audit(lines);
    EventDesk desk = new EventDesk(situation, feed.write()::accept, audit);
    GracefulShutdownHandler requests =
        new GracefulShutdownHandler(
            handler(listen, access, feed, situation, rollouts, stream, desk, audit));
    AtomicBoolean stopping = new AtomicBoolean();
    HttpHandler last =
        exchange -> {
          if (stopping.get()) {
            exchange.setPersistent(false); // the caller is told to come back elsewhere
          }
          requests.handleRequest(exchange);
        };
    Undertow undertow =
        Undertow.builder()
            .addHttpListener(listen.port(), listen.host())
            .setIoThreads(2)
            .setWorkerThreads(THREADS)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, (long) Doorman.CUT_BODY)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, 16 * 1024)
            .setServerOption(UndertowOptions.MAX_HEADERS, 60)
            .setServerOption(UndertowOptions.MAX_PARAMETERS, 20)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, SOCKET_TIMEOUT_MS)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MS)
            .setSocketOption(Options.READ_TIMEOUT, SOCKET_TIMEOUT_MS)
            .setSocketOption(Options.WRITE_TIMEOUT, SOCKET_TIMEOUT_MS)
            .setHandler(last)
            .build();
    try {
      undertow.start();
    } catch (RuntimeException e) {
      stream.close();
      throw new UserError(
          "--port",
          "",
          listen.host() + ":" + listen.port(),
          "an address that can be listened on (" + reason(e) + ")");
    }
    return new Server(undertow, requests, stopping, stream, desk, listen.host());
  }

  private static HttpHandler handler(
      Listen listen,
      Access access,
      Feed feed,
      Situation situation,
      LiveRollouts rollouts,
      LiveStream stream,
      EventDesk desk,
      Audit audit) {
    MetricsRoute metrics = new MetricsRoute(situation);
    List<Route> routes = new ArrayList<>();
    routes.addAll(new RolloutRoutes(situation).routes());
    routes.addAll(new KayentaRoutes(situation).routes());
    routes.addAll(new FlaggerRoutes(situation, desk).routes());
    routes.addAll(metrics.routes());
    routes.addAll(desk.routes());
    routes.addAll(rollouts.routes());
    routes.addAll(new PastRoutes(situation, feed.archive()).routes());
    Doorman doorman =
        new Doorman(access, new RateLimit(listen.requestsPerSecond()), audit, metrics);
    RoutingHandler routing = new RoutingHandler(false);
    for (Route route : routes) {
      routing.add(HttpString.tryFromString(route.method()), route.template(), doorman.guard(route));
    }
    routing.get("/live/stream", doorman.guard(stream));
    Assets assets = new Assets();
    assets.paths().forEach(path -> routing.get(path, doorman.open(assets, path)));
    routing.get("/health", doorman.health(feed.ready()));
    routing.setFallbackHandler(doorman.nothingThere(404));
    routing.setInvalidMethodHandler(doorman.nothingThere(405));
    return doorman.outer(new BlockingHandler(routing), listen.loopback());
  }

  private static String reason(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return String.valueOf((cause == null ? thrown : cause).getMessage());
  }

  /** Where it listens. */
  public URI address() {
    InetSocketAddress bound = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + shown + ":" + bound.getPort());
  }

  /**
   * Answers what was asked before, for some seconds, and nothing further. The threads go last: one
   * that still hands back the connection of an answered request would find them gone.
   */
  @Override
  public void close() {
    stopping.set(true);
    requests.shutdown(); // before the stream: a page that comes back finds none
    stream.close();
    desk.stop();
    try {
      if (!requests.awaitShutdown(STOP_WITHIN_MS)) {
        LOG.warn("some requests were still under way after {} ms", STOP_WITHIN_MS);
      }
      undertow.getListenerInfo().forEach(Undertow.ListenerInfo::suspend);
      settle();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    undertow.stop();
  }

  /** Waits until no thread is busy with a request. */
  private void settle() throws InterruptedException {
    XnioWorkerMXBean workers = undertow.getWorker().getMXBean();
    long untilNanos = System.nanoTime() + SETTLE_WITHIN_MS * 1_000_000;
    do {
      Thread.sleep(SETTLE_MS);
    } while ((workers.getBusyWorkerThreadCount() > 0 || workers.getWorkerQueueSize() > 0)
        && System.nanoTime() < untilNanos);
  }
}
