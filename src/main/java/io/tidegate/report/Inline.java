package io.tidegate.report;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a page carries inside script elements, made so that no text can end one early (HTML Living
 * Standard §4.12.1.3), and the content security policy that lets only these run.
 */
final class Inline {

  private Inline() {}

  /** A script without its source map's address and with nothing that closes its element. */
  static String script(String source) {
    String safe = source.replaceAll("(?m)^//# sourceMappingURL=.*$", "");
    return "\n"
        + safe.replaceAll("(?i)</(?=script)", "<\\\\/").replace("<!--", "<\\!--").strip()
        + "\n";
  }

  /** JSON that is the same JSON, without any character that HTML could read. */
  static String json(String json) {
    return json.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  /** No network at all; only the given scripts run. */
  static String policy(List<String> scripts) {
    return "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; base-uri 'none';"
        + " form-action 'none'; script-src "
        + scripts.stream().map(s -> "'sha256-" + digest(s) + "'").collect(Collectors.joining(" "));
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
