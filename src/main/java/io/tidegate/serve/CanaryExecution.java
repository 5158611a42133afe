package io.tidegate.serve;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A question put through Kayenta's API. Its id holds all of it, so the server keeps nothing.
 *
 * @param stage empty for the stage in force
 * @param pass score from which the caller goes on
 * @param marginal score from which the caller asks a person
 */
record CanaryExecution(String rollout, String stage, double pass, double marginal, long startMs) {

  private static final String VERSION = "1";
  private static final int PARTS = 6;
  private static final int LONGEST = 512;

  /** Parts joined by colons, which no id or name contains, in URL-safe Base64. */
  String id() {
    String text = String.join(":", VERSION, rollout, stage, "" + pass, "" + marginal, "" + startMs);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The question behind an id, or null where it is no id of this server. */
  static @Nullable CanaryExecution of(String id) {
    if (id.length() > LONGEST) {
      return null;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(id), StandardCharsets.UTF_8);
      String[] parts = text.split(":", -1);
      if (parts.length != PARTS || !parts[0].equals(VERSION)) {
        return null;
      }
      double pass = Double.parseDouble(parts[3]);
      double marginal = Double.parseDouble(parts[4]);
      boolean ordered = 0 < marginal && marginal < pass && pass <= 100;
      return ordered
          ? new CanaryExecution(parts[1], parts[2], pass, marginal, Long.parseLong(parts[5]))
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
