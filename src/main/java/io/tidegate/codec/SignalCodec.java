package io.tidegate.codec;

import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.RolloutEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages of the gate as CloudEvents 1.0 in Kafka's binary mode: the attributes are headers, the
 * value is JSON, the key is the rollout id.
 */
public final class SignalCodec {

  public static final String SIGNAL_TYPE = "io.tidegate.gate.signal.v1";
  public static final String EVIDENCE_TYPE = "io.tidegate.gate.evidence.v1";

  private SignalCodec() {}

  /** CloudEvents attributes of a message about a signal. */
  public static Map<String, String> headers(GateSignal signal, String type) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", "1.0");
    headers.put("ce_type", type);
    headers.put("ce_source", "/tidegate/rollouts/" + signal.rolloutId());
    headers.put("ce_id", signal.signalId());
    headers.put("ce_time", Instant.ofEpochMilli(signal.boundaryMs()).toString());
    headers.put("ce_subject", signal.rolloutId());
    headers.put("content-type", "application/json");
    return headers;
  }

  public static byte[] signal(GateSignal signal) {
    return SignalWriter.signal(signal);
  }

  public static byte[] evidence(GateSignal signal, List<Estimate> estimates) {
    return SignalWriter.evidence(signal.signalId(), estimates);
  }

  /** Reads a signal; an IOException says what is wrong with it. */
  public static GateSignal readSignal(byte[] value) throws IOException {
    try {
      return SignalReader.signal(value);
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Estimates of one metric behind a signal. */
  public record Evidence(String signalId, List<Estimate> estimates) {
    public Evidence {
      estimates = List.copyOf(estimates);
    }
  }

  /** Reads evidence; an IOException says what is wrong with it. */
  public static Evidence readEvidence(byte[] value) throws IOException {
    try {
      Map.Entry<String, List<Estimate>> read = SignalReader.evidence(value);
      return new Evidence(read.getKey(), read.getValue());
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** JSON list of estimates, for a table's column. */
  public static String estimates(List<Estimate> estimates) {
    return SignalWriter.estimates(estimates);
  }

  public static List<Estimate> readEstimates(String json) throws IOException {
    return SignalReader.estimates(json);
  }

  /** JSON of an environment, for a table's column. */
  public static String environment(RolloutEvent.Environment environment) {
    return SignalWriter.environment(environment);
  }
}
