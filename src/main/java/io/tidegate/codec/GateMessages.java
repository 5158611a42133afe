package io.tidegate.codec;

import io.tidegate.model.Estimate;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import io.tidegate.model.LateEvent;
import io.tidegate.model.OutRecord;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What goes out at a boundary: the signal on the append-only topic, the same on the compacted one,
 * and with a full set one message of evidence a metric.
 *
 * @param signals topic of signals
 * @param verdicts compacted topic of the newest signal a rollout
 * @param evidence topic of estimates
 * @param lateEvents topic of events too late to count
 */
public record GateMessages(String signals, String verdicts, String evidence, String lateEvents)
    implements Serializable {

  public List<OutRecord> of(Evaluation evaluation) {
    GateSignal signal = evaluation.signal();
    byte[] value = SignalCodec.signal(signal);
    Map<String, String> headers = SignalCodec.headers(signal, SignalCodec.SIGNAL_TYPE);
    List<OutRecord> messages = new ArrayList<>();
    messages.add(message(signals, signal, headers, value));
    messages.add(message(verdicts, signal, headers, value));
    Map<String, List<Estimate>> byMetric = new LinkedHashMap<>();
    for (Estimate estimate : evaluation.estimates()) {
      byMetric.computeIfAbsent(estimate.metric(), m -> new ArrayList<>()).add(estimate);
    }
    byMetric.forEach(
        (metric, estimates) -> {
          Map<String, String> own =
              new LinkedHashMap<>(SignalCodec.headers(signal, SignalCodec.EVIDENCE_TYPE));
          own.put("ce_id", signal.signalId() + "/" + metric);
          messages.add(message(evidence, signal, own, SignalCodec.evidence(signal, estimates)));
        });
    return messages;
  }

  public OutRecord of(LateEvent late) {
    return new OutRecord(lateEvents, late.unitHash(), Map.of(), LateEventCodec.encode(late), -1);
  }

  private static OutRecord message(
      String topic, GateSignal signal, Map<String, String> headers, byte[] value) {
    return new OutRecord(topic, signal.rolloutId(), headers, value, -1);
  }
}
