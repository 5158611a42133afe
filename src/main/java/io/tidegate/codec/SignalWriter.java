package io.tidegate.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON of what the gate says; the field names are those of the tables. */
final class SignalWriter {

  private static final JsonFactory JSON = new JsonFactory();

  private SignalWriter() {}

  @FunctionalInterface
  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  static byte[] signal(GateSignal s) {
    return bytes(json -> signal(json, s));
  }

  static byte[] evidence(String signalId, List<Estimate> estimates) {
    return bytes(
        json -> {
          json.writeStartObject();
          json.writeStringField("signal_id", signalId);
          json.writeArrayFieldStart("estimates");
          for (Estimate estimate : estimates) {
            estimate(json, estimate);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** JSON list of estimates, as kept in a table's column. */
  static String estimates(List<Estimate> estimates) {
    return new String(
        bytes(
            json -> {
              json.writeStartArray();
              for (Estimate estimate : estimates) {
                estimate(json, estimate);
              }
              json.writeEndArray();
            }),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  static String environment(RolloutEvent.Environment environment) {
    return new String(
        bytes(json -> environment(json, environment)), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static void signal(JsonGenerator json, GateSignal s) throws IOException {
    json.writeStartObject();
    json.writeStringField("signal_id", s.signalId());
    json.writeStringField("rollout_id", s.rolloutId());
    json.writeNumberField("attempt", s.attempt());
    json.writeNumberField("epoch", s.epoch());
    json.writeStringField("stage", s.stage());
    json.writeNumberField("stage_percent", s.percent());
    time(json, "boundary", s.boundaryMs());
    json.writeNumberField("revision", s.revision());
    json.writeStringField("supersedes", s.supersedes());
    json.writeStringField("data_hash", s.dataHash());
    json.writeStringField("verdict", s.verdict().name());
    json.writeBooleanField("overridden", s.overridden());
    json.writeNumberField("score", s.verdict().score());
    json.writeArrayFieldStart("reasons");
    for (Reason reason : s.reasons()) {
      reason(json, reason);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("evidence");
    for (Estimate estimate : s.evidence()) {
      estimate(json, estimate);
    }
    json.writeEndArray();
    number(json, "next_percent", s.nextPercent());
    if (s.nextLookMs() == Long.MAX_VALUE) {
      json.writeNullField("next_look");
    } else {
      time(json, "next_look", s.nextLookMs());
    }
    json.writeStringField("restore_stage", s.restoreStage());
    RolloutEvent.Environment restore = s.restore();
    if (restore == null) {
      json.writeNullField("restore");
    } else {
      json.writeFieldName("restore");
      environment(json, restore);
    }
    json.writeStringField("owner", s.owner());
    json.writeStringField("contact", s.contact());
    Long respondBy = s.respondByMs();
    if (respondBy == null) {
      json.writeNullField("respond_by");
    } else {
      time(json, "respond_by", respondBy);
    }
    json.writeArrayFieldStart("missing");
    for (String missing : s.missing()) {
      json.writeString(missing);
    }
    json.writeEndArray();
    json.writeStringField("spec_hash", s.specHash());
    time(json, "watermark", s.watermarkMs());
    json.writeNumberField("baselines_snapshot_id", s.baselinesSnapshotId());
    json.writeNumberField("used_events", s.arrivals().used());
    json.writeNumberField("duplicate_events", s.arrivals().duplicate());
    json.writeNumberField("late_events", s.arrivals().late());
    json.writeNumberField("mixed_units", s.arrivals().mixed());
    json.writeNumberField("beyond_events", s.arrivals().beyond());
    json.writeNumberField("dead_records", s.arrivals().dead());
    json.writeNumberField("clock_skew_ms", s.arrivals().clockSkewMs());
    json.writeBooleanField("full", s.full());
    json.writeBooleanField("changed", s.changed());
    json.writeEndObject();
  }

  private static void reason(JsonGenerator json, Reason reason) throws IOException {
    json.writeStartObject();
    json.writeStringField("code", reason.code());
    json.writeStringField("sentence", reason.sentence());
    json.writeStringField("observed", reason.observed());
    json.writeStringField("threshold", reason.threshold());
    json.writeEndObject();
  }

  private static void environment(JsonGenerator json, RolloutEvent.Environment e)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("deployment_version", e.deploymentVersion());
    texts(json, "flags", e.flags());
    texts(json, "routing", e.routing());
    json.writeEndObject();
  }

  private static void texts(JsonGenerator json, String field, Map<String, String> texts)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, String> text : new java.util.TreeMap<>(texts).entrySet()) {
      json.writeStringField(text.getKey(), text.getValue());
    }
    json.writeEndObject();
  }

  private static void estimate(JsonGenerator json, Estimate e) throws IOException {
    json.writeStartObject();
    json.writeStringField("rollout_id", e.rolloutId());
    json.writeNumberField("attempt", e.attempt());
    json.writeNumberField("epoch", e.epoch());
    json.writeStringField("stage", e.stage());
    time(json, "boundary", e.boundaryMs());
    json.writeNumberField("revision", e.revision());
    json.writeStringField("control_variant_id", e.controlVariant());
    json.writeStringField("treatment_variant_id", e.treatmentVariant());
    json.writeStringField("metric", e.metric());
    json.writeStringField("dimension", e.dimension());
    json.writeStringField("segment", e.segment());
    json.writeStringField("purpose", e.purpose().label());
    json.writeStringField("basis", e.basis());
    json.writeStringField("normalisation", e.normalisation());
    json.writeStringField("estimator", e.method());
    json.writeNumberField("alpha", e.alpha());
    number(json, "bound", e.bound());
    number(json, "control", e.control());
    number(json, "treatment", e.treatment());
    number(json, "effect_size", e.effectSize());
    number(json, "effect_size_lower", e.effectSizeLower());
    number(json, "effect_size_upper", e.effectSizeUpper());
    number(json, "rel_effect_size", e.relEffectSize());
    number(json, "rel_effect_size_lower", e.relEffectSizeLower());
    number(json, "rel_effect_size_upper", e.relEffectSizeUpper());
    number(json, "e_value_log", e.eValueLog());
    number(json, "p_value", e.pValue());
    json.writeNumberField("units_control", e.unitsControl());
    json.writeNumberField("units_treatment", e.unitsTreatment());
    json.writeStringField("cannot_say", e.reason());
    json.writeEndObject();
  }

  private static void number(JsonGenerator json, String field, @Nullable Double value)
      throws IOException {
    if (value == null) {
      json.writeNullField(field);
    } else {
      json.writeNumberField(field, value);
    }
  }

  private static void time(JsonGenerator json, String field, long ms) throws IOException {
    json.writeStringField(field, Instant.ofEpochMilli(ms).toString());
  }

  private static byte[] bytes(Body body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      body.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
