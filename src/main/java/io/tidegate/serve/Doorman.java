package io.tidegate.serve;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.PathTemplateMatch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands between the network and a route: headers that keep browsers from misusing a reply,
 * refusal of foreign pages, the rate limit, rights, the size of a body.
 */
final class Doorman {

  /** Largest body in bytes. */
  static final int MAX_BODY = 64 * 1024;

  /** Body at which the connection is cut rather than answered. */
  static final int CUT_BODY = 16 * MAX_BODY;

  private static final Logger LOG = LoggerFactory.getLogger(Doorman.class);

  /**
   * A wrong token costs as much as this many requests; until they are paid off no further one is
   * compared.
   */
  private static final double WRONG_TOKEN_COST = 25;

  /** A browser lets other pages set no such header without asking, and is never told yes. */
  private static final HttpString OWN_PAGE = new HttpString("X-Tidegate-Board");

  private static final HttpString FETCH_SITE = new HttpString("Sec-Fetch-Site");

  private static final Map<HttpString, String> SAFE =
      Map.of(
          new HttpString("X-Content-Type-Options"),
          "nosniff",
          new HttpString("X-Frame-Options"),
          "DENY",
          new HttpString("Referrer-Policy"),
          "no-referrer",
          new HttpString("Content-Security-Policy"),
          "default-src 'none'; frame-ancestors 'none'",
          new HttpString("Cross-Origin-Resource-Policy"),
          "same-origin",
          Headers.CACHE_CONTROL,
          "no-store");

  private final Access access;
  private final RateLimit limit;
  private final Audit audit;
  private final MetricsRoute metrics;

  Doorman(Access access, RateLimit limit, Audit audit, MetricsRoute metrics) {
    this.access = access;
    this.limit = limit;
    this.audit = audit;
    this.metrics = metrics;
  }

  /** Comes first, for every path. */
  HttpHandler outer(HttpHandler next, boolean loopback) {
    return exchange -> {
      HeaderMap headers = exchange.getResponseHeaders();
      SAFE.forEach(headers::put);
      String host = exchange.getHostName();
      if (access.pretends(peer(exchange), host, headersOf(exchange))) {
        String message = "headers that a proxy sets are taken from a trusted one only";
        refuse(exchange, "-", Reply.error(403, "FOREIGN_HEADER", message));
      } else if (loopback && !loopbackName(host) && !access.isPublicHost(host)) {
        // A page elsewhere whose name was made to resolve to this machine.
        refuse(exchange, "-", Reply.error(403, "FOREIGN_HOST", "ask for localhost or 127.0.0.1"));
      } else if (foreignPage(exchange)) {
        refuse(exchange, "-", Reply.error(403, "FOREIGN_PAGE", "pages elsewhere may not ask"));
      } else if (!limit.take(payer(exchange), 1, System.nanoTime())) {
        headers.put(Headers.RETRY_AFTER, "1");
        refuse(exchange, "-", Reply.error(429, "TOO_MANY_REQUESTS", "try again in a second"));
      } else {
        next.handleRequest(exchange);
      }
    };
  }

  /** What is done for a caller with the right to it. */
  @FunctionalInterface
  interface Admission {
    void handle(HttpServerExchange exchange, Access.Caller caller) throws Exception;
  }

  /** Comes before a route: rights and the body. */
  HttpHandler guard(Route route) {
    return guard(route.right(), (exchange, caller) -> admit(route, caller, exchange));
  }

  /** Comes before the stream of the live board. */
  HttpHandler guard(LiveStream stream) {
    return guard(
        Right.READ,
        (exchange, caller) -> {
          boolean room = stream.hasRoom();
          metrics.count("GET /live/stream", room ? 200 : 503);
          if (room) {
            stream.open(exchange, caller);
          } else {
            send(exchange, Reply.error(503, "TOO_MANY_VIEWERS", "too many pages are open"));
          }
        });
  }

  /** A file that anyone may have. */
  HttpHandler open(Assets assets, String path) {
    return exchange -> {
      metrics.count("GET " + path, 200);
      assets.send(exchange, path);
    };
  }

  private HttpHandler guard(Right right, Admission admission) {
    return exchange -> {
      Access.Caller caller = access.caller(headersOf(exchange));
      if (caller == null) {
        limit.charge(payer(exchange), WRONG_TOKEN_COST, System.nanoTime());
        exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer realm=\"tidegate\"");
        String message = "show a token: Authorization: Bearer TOKEN";
        refuse(exchange, "-", Reply.error(401, "NO_TOKEN", message));
      } else if (!caller.may(right)) {
        String message =
            caller.name() + " lacks the right to " + right.name().toLowerCase(Locale.ROOT);
        refuse(exchange, caller.name(), Reply.error(403, "NO_RIGHT", message));
      } else if (right == Right.DECIDE && caller.signedIn() && !ownPage(exchange)) {
        String message =
            "a write by who signed in needs header "
                + OWN_PAGE
                + ", which no page elsewhere can set";
        refuse(exchange, caller.name(), Reply.error(403, "NO_OWN_PAGE", message));
      } else {
        admission.handle(exchange, caller);
      }
    };
  }

  private void admit(Route route, Access.Caller caller, HttpServerExchange exchange) {
    Reply reply;
    try {
      byte[] body = body(exchange);
      if (body == null) {
        reply = Reply.error(413, "TOO_LARGE", "a body may have " + MAX_BODY + " bytes");
        exchange.setPersistent(false);
      } else if (body.length > 0 && !isJson(exchange)) {
        reply = Reply.error(415, "NOT_JSON", "Content-Type must be application/json");
      } else {
        reply = route.handler().handle(request(exchange, caller, body));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reply = Reply.error(503, "STOPPING", "the server is stopping");
    } catch (IOException e) {
      reply = Reply.error(400, "BAD_REQUEST", "the request could not be read");
    } catch (RuntimeException e) {
      LOG.error("{} {}", route.method(), route.template(), e);
      reply = Reply.error(500, "UNEXPECTED", "unexpected; the log says more");
    }
    metrics.count(route.method() + " " + route.template(), reply.status());
    send(exchange, reply);
  }

  private static Request request(HttpServerExchange exchange, Access.Caller caller, byte[] body) {
    Map<String, String> query = new HashMap<>();
    exchange.getQueryParameters().forEach((name, values) -> query.put(name, values.getFirst()));
    PathTemplateMatch match = exchange.getAttachment(PathTemplateMatch.ATTACHMENT_KEY);
    return new Request(Map.copyOf(match.getParameters()), query, body, caller, from(exchange));
  }

  /**
   * The whole body, or null where it is too large. What is too much is read and dropped: a
   * connection closed on unread bytes would lose the answer.
   */
  private static byte @Nullable [] body(HttpServerExchange exchange) throws IOException {
    try (InputStream in = exchange.getInputStream()) {
      byte[] body = in.readNBytes(MAX_BODY + 1);
      if (body.length <= MAX_BODY) {
        return body;
      }
      in.transferTo(OutputStream.nullOutputStream());
      return null;
    } catch (RequestTooBigException e) {
      return null;
    }
  }

  /** Says only whether it can answer: open to whoever keeps it running. */
  HttpHandler health(BooleanSupplier ready) {
    return exchange ->
        send(
            exchange,
            ready.getAsBoolean() ? Reply.text(200, "ready") : Reply.text(503, "starting"));
  }

  HttpHandler nothingThere(int status) {
    return exchange -> {
      metrics.count("none", status);
      String code = status == 404 ? "NOT_FOUND" : "METHOD_NOT_ALLOWED";
      send(exchange, Reply.error(status, code, "there is nothing to ask for here"));
    };
  }

  /** A request that must not be answered; one that would have written is put on record. */
  private void refuse(HttpServerExchange exchange, String caller, Reply reply) {
    String method = exchange.getRequestMethod().toString();
    if (!method.equals("GET")) {
      String what = method + " " + exchange.getRequestPath();
      audit.line(caller, from(exchange), "-", what, "refused with " + reply.status());
    }
    metrics.count("refused", reply.status());
    send(exchange, reply);
  }

  private static void send(HttpServerExchange exchange, Reply reply) {
    exchange.setStatusCode(reply.status());
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, reply.contentType());
    exchange.getResponseSender().send(ByteBuffer.wrap(reply.body()));
  }

  private static boolean isJson(HttpServerExchange exchange) {
    String type = exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE);
    String media = type == null ? "" : type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
    return media.equals("application/json") || media.endsWith("+json");
  }

  /** A browser says where a page comes from; tools do not. */
  private static boolean foreignPage(HttpServerExchange exchange) {
    String origin = exchange.getRequestHeaders().getFirst(Headers.ORIGIN);
    if (origin == null) {
      String site = exchange.getRequestHeaders().getFirst(FETCH_SITE);
      boolean elsewhere = site != null && !site.equals("same-origin") && !site.equals("none");
      return elsewhere && !exchange.getRequestMethod().equals(Methods.GET);
    }
    String authority = origin.replaceFirst("^https?://", "");
    return !authority.equalsIgnoreCase(exchange.getRequestHeaders().getFirst(Headers.HOST));
  }

  private static boolean ownPage(HttpServerExchange exchange) {
    return exchange.getRequestHeaders().contains(OWN_PAGE);
  }

  private static Function<String, List<String>> headersOf(HttpServerExchange exchange) {
    return name -> {
      HeaderValues values = exchange.getRequestHeaders().get(name);
      return values == null ? List.of() : values;
    };
  }

  private static @Nullable InetAddress peer(HttpServerExchange exchange) {
    return exchange.getSourceAddress().getAddress();
  }

  private static boolean loopbackName(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals("::1")
        || name.equals("[::1]")
        || name.equals("0:0:0:0:0:0:0:1")
        || name.matches("127(\\.\\d{1,3}){3}");
  }

  /** Whose requests are counted together: a person's behind a proxy, else an address's. */
  private String payer(HttpServerExchange exchange) {
    Access.Caller person = access.person(headersOf(exchange));
    return person == null ? from(exchange) : "person " + person.name();
  }

  private static String from(HttpServerExchange exchange) {
    InetAddress peer = peer(exchange);
    return peer == null ? "unknown" : peer.getHostAddress();
  }
}
