package io.tidegate.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The durations of a spec by path; every one is positive and at most ten years. */
final class Durations {

  private static final Duration LONGEST = Duration.ofDays(3660);
  private static final Set<String> FIELDS =
      Set.of(
          "respond_within",
          "within",
          "window",
          "every",
          "evidence",
          "min_duration",
          "max_duration",
          "settle",
          "prove_within",
          "shock_patience");

  private final Map<String, Duration> found = new HashMap<>();
  private final Findings findings;

  private Durations(Findings findings) {
    this.findings = findings;
  }

  static Durations check(JsonNode root, Findings findings) {
    Durations durations = new Durations(findings);
    durations.walk("", root);
    return durations;
  }

  /** The duration at a path, or null where there is none that can be used. */
  @Nullable Duration at(String path) {
    return found.get(path);
  }

  Duration at(String path, Duration otherwise) {
    return found.getOrDefault(path, otherwise);
  }

  private void walk(String path, JsonNode node) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        String at = Findings.child(path, field.getKey());
        if (FIELDS.contains(field.getKey()) && field.getValue().isTextual()) {
          note(at, field.getValue().textValue());
        } else {
          walk(at, field.getValue());
        }
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(Findings.child(path, i), node.get(i));
      }
    }
  }

  private void note(String path, String text) {
    Duration duration;
    try {
      duration = Duration.parse(text);
    } catch (DateTimeException e) {
      return; // reported by the schema's pattern
    }
    if (duration.isZero() || duration.isNegative()) {
      findings.add(path, text, "a duration above zero");
    } else if (duration.compareTo(LONGEST) > 0) {
      findings.add(path, text, "a duration of at most ten years");
    } else {
      found.put(path, duration);
    }
  }
}
