package io.tidegate.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Verdict;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads back what {@link SignalWriter} writes. */
final class SignalReader {

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(8)
                      .maxDocumentLength(32L << 20)
                      .build())
              .build());

  private SignalReader() {}

  static GateSignal signal(byte[] bytes) throws IOException {
    JsonNode n = MAPPER.readTree(bytes);
    if (n == null || !n.isObject()) {
      throw new IOException("a signal is a JSON object");
    }
    JsonNode restore = n.path("restore");
    return new GateSignal(
        text(n, "signal_id"),
        text(n, "rollout_id"),
        n.path("attempt").asInt(),
        n.path("epoch").asInt(),
        text(n, "stage"),
        n.path("stage_percent").asDouble(),
        time(n, "boundary"),
        n.path("revision").asInt(),
        text(n, "supersedes"),
        text(n, "data_hash"),
        Verdict.valueOf(text(n, "verdict")),
        n.path("overridden").asBoolean(),
        reasons(n.path("reasons")),
        estimates(n.path("evidence")),
        number(n, "next_percent"),
        n.path("next_look").isTextual() ? time(n, "next_look") : Long.MAX_VALUE,
        restore.isObject()
            ? new RolloutEvent.Environment(
                text(restore, "deployment_version"),
                texts(restore.path("flags")),
                texts(restore.path("routing")))
            : null,
        text(n, "restore_stage"),
        text(n, "owner"),
        text(n, "contact"),
        n.path("respond_by").isTextual() ? Long.valueOf(time(n, "respond_by")) : null,
        missing(n.path("missing")),
        text(n, "spec_hash"),
        time(n, "watermark"),
        n.path("baselines_snapshot_id").asLong(),
        new GateSignal.Arrivals(
            n.path("used_events").asLong(),
            n.path("duplicate_events").asLong(),
            n.path("late_events").asLong(),
            n.path("mixed_units").asLong(),
            n.path("beyond_events").asLong(),
            n.path("dead_records").asLong(),
            n.path("clock_skew_ms").asLong()),
        n.path("full").asBoolean(),
        n.path("changed").asBoolean());
  }

  /** The estimates of a message, with the id of their signal first. */
  static Map.Entry<String, List<Estimate>> evidence(byte[] bytes) throws IOException {
    JsonNode n = MAPPER.readTree(bytes);
    if (n == null || !n.isObject()) {
      throw new IOException("evidence is a JSON object");
    }
    return Map.entry(text(n, "signal_id"), estimates(n.path("estimates")));
  }

  static List<Estimate> estimates(String json) throws IOException {
    return estimates(MAPPER.readTree(json));
  }

  private static List<Reason> reasons(JsonNode list) throws IOException {
    List<Reason> reasons = new ArrayList<>();
    for (JsonNode r : list) {
      reasons.add(
          new Reason(
              text(r, "code"), text(r, "sentence"), text(r, "observed"), text(r, "threshold")));
    }
    return reasons;
  }

  private static List<String> missing(JsonNode list) {
    List<String> missing = new ArrayList<>();
    list.forEach(m -> missing.add(m.asText()));
    return missing;
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new TreeMap<>();
    object.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asText()));
    return texts;
  }

  private static List<Estimate> estimates(JsonNode list) throws IOException {
    List<Estimate> estimates = new ArrayList<>();
    for (JsonNode e : list) {
      estimates.add(
          new Estimate(
              word(e, "rollout_id"),
              e.path("attempt").asInt(),
              e.path("epoch").asInt(),
              word(e, "stage"),
              time(e, "boundary"),
              e.path("revision").asInt(),
              word(e, "control_variant_id"),
              word(e, "treatment_variant_id"),
              word(e, "metric"),
              word(e, "dimension"),
              word(e, "segment"),
              Purpose.valueOf(text(e, "purpose").toUpperCase(Locale.ROOT)),
              word(e, "basis"),
              word(e, "normalisation"),
              word(e, "estimator"),
              e.path("alpha").asDouble(),
              number(e, "bound"),
              number(e, "control"),
              number(e, "treatment"),
              number(e, "effect_size"),
              number(e, "effect_size_lower"),
              number(e, "effect_size_upper"),
              number(e, "rel_effect_size"),
              number(e, "rel_effect_size_lower"),
              number(e, "rel_effect_size_upper"),
              number(e, "e_value_log"),
              number(e, "p_value"),
              e.path("units_control").asLong(),
              e.path("units_treatment").asLong(),
              text(e, "cannot_say")));
    }
    return estimates;
  }

  /** Text of which there are few: one copy of it is kept. */
  private static String word(JsonNode node, String field) throws IOException {
    return text(node, field).intern();
  }

  private static String text(JsonNode node, String field) throws IOException {
    JsonNode found = node.path(field);
    if (!found.isTextual()) {
      throw new IOException("field " + field + " is not text");
    }
    return found.asText();
  }

  private static long time(JsonNode node, String field) throws IOException {
    return Instant.parse(text(node, field)).toEpochMilli();
  }

  private static @Nullable Double number(JsonNode node, String field) {
    JsonNode found = node.path(field);
    return found.isNumber() ? Double.valueOf(found.asDouble()) : null;
  }
}
