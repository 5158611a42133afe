package io.tidegate.serve;

import io.tidegate.report.PageAssets;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.ETag;
import io.undertow.util.ETagUtils;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/**
 * The live board's files, from the jar. They hold nothing about any rollout, so no right is asked
 * for: a page must be there before it can ask for a token.
 */
final class Assets {

  /** Own scripts and styles only, no inline ones; replies of this server only. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
          + " data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final HttpString CONTENT_SECURITY_POLICY =
      new HttpString("Content-Security-Policy");

  private final Map<String, File> files = new LinkedHashMap<>();

  private record File(String type, byte[] plain, byte[] gzip, String tag) {}

  Assets() {
    add("/", "text/html; charset=utf-8", own("index.html"));
    add("/board/icon.svg", "image/svg+xml", own("icon.svg"));
    add("/board/board.css", "text/css; charset=utf-8", own("board.css"));
    for (String script :
        new String[] {
          "board.js",
          "stream.js",
          "overview.js",
          "rollout.js",
          "past.js",
          "charts.js",
          "decide.js",
          "dom.js",
          "time.js"
        }) {
      add("/board/" + script, "text/javascript; charset=utf-8", own(script));
    }
    add("/board/page.css", "text/css; charset=utf-8", utf8(PageAssets.style()));
    PageAssets.scripts()
        .forEach(
            (name, text) ->
                add("/board/charts/" + name, "text/javascript; charset=utf-8", utf8(text)));
  }

  Set<String> paths() {
    return files.keySet();
  }

  /** Sends the file of a path. */
  void send(HttpServerExchange exchange, String path) {
    File file = files.get(path);
    if (file == null) {
      throw new IllegalArgumentException("no file at " + path);
    }
    HeaderMap headers = exchange.getResponseHeaders();
    headers.put(CONTENT_SECURITY_POLICY, POLICY);
    headers.put(Headers.CACHE_CONTROL, "no-cache");
    headers.put(Headers.ETAG, '"' + file.tag() + '"');
    headers.put(Headers.VARY, "Accept-Encoding");
    if (!ETagUtils.handleIfNoneMatch(exchange, new ETag(false, file.tag()), true)) {
      exchange.setStatusCode(304);
      exchange.endExchange();
      return;
    }
    headers.put(Headers.CONTENT_TYPE, file.type());
    String accepted = exchange.getRequestHeaders().getFirst(Headers.ACCEPT_ENCODING);
    boolean gzip = accepted != null && accepted.contains("gzip");
    if (gzip) {
      headers.put(Headers.CONTENT_ENCODING, "gzip");
    }
    exchange.getResponseSender().send(ByteBuffer.wrap(gzip ? file.gzip() : file.plain()));
  }

  private void add(String path, String type, byte[] bytes) {
    files.put(path, new File(type, bytes, gzip(bytes), tag(bytes)));
  }

  private static byte[] own(String name) {
    try (InputStream in = Assets.class.getResourceAsStream("board/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks board/" + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
