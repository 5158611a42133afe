package io.tidegate.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.codec.GateMessages;
import io.tidegate.codec.IncidentCodec;
import io.tidegate.codec.SignalCodec;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.Topics;
import io.tidegate.model.Estimate;
import io.tidegate.model.Evaluation;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Incident;
import io.tidegate.model.OutRecord;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Writes to a broker what rollout tooling and the gate say of rollouts made up for a test. */
final class GateScript implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Topics names;
  private final EventProducer producer;
  private final GateMessages messages;

  GateScript(KafkaConfig config) {
    names = config.topics();
    producer = new EventProducer(config);
    messages =
        new GateMessages(
            names.gateSignals(), names.gateVerdicts(), names.gateEvidence(), names.lateEvents());
  }

  /** Defines a rollout as another one with some fields of its spec edited. */
  void define(ReportData sample, String id, long timeMs, Consumer<ObjectNode> edit) {
    ObjectNode spec = object(RolloutSpecs.toJson(sample.spec()).getBytes(StandardCharsets.UTF_8));
    spec.put("id", id);
    edit.accept(spec);
    event(RolloutEvent.defined(id + "/defined", timeMs, id, "ana", spec.toString(), ""));
  }

  void event(RolloutEvent event) {
    producer.rollout(event);
  }

  void event(String id, RolloutEvent.Kind kind, String stage, long timeMs) {
    event(RolloutEvent.bare(id + "/" + kind + stage + timeMs, timeMs, id, kind, stage));
  }

  void tick(long timeMs) {
    event(RolloutEvent.tick("tick-" + timeMs, timeMs));
  }

  /** Everything that a sample says, under another id and in the order it happened. */
  void play(ReportData sample, String id, Consumer<ObjectNode> spec, Consumer<ObjectNode> signal) {
    define(sample, id, sample.events().get(0).eventTimeMs(), spec);
    Map<Long, List<Estimate>> byBoundary =
        sample.estimates().stream()
            .collect(
                Collectors.groupingBy(Estimate::boundaryMs, TreeMap::new, Collectors.toList()));
    for (RolloutEvent event : sample.events().subList(1, sample.events().size())) {
      event(id, event.kind(), event.stage(), event.eventTimeMs());
    }
    for (GateSignal each : sample.signals()) {
      say(each, id, byBoundary.getOrDefault(each.boundaryMs(), List.of()), signal);
    }
    tick(sample.asOfMs());
    producer.flush();
  }

  /** Says a signal with its evidence, under another id; each message is edited before it goes. */
  void say(GateSignal signal, String id, List<Estimate> estimates, Consumer<ObjectNode> edit) {
    for (OutRecord out : messages.of(new Evaluation(signal, estimates))) {
      ObjectNode value = object(out.value());
      value.path("estimates").forEach(e -> ((ObjectNode) e).put("rollout_id", id));
      value.put("signal_id", id + "/" + signal.boundaryMs());
      if (value.has("rollout_id")) {
        value.put("rollout_id", id);
      }
      edit.accept(value);
      producer.send(
          out.topic(), signal.boundaryMs(), id, value.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  void incident(Incident state) {
    OutRecord out = IncidentCodec.message(state, names.incidents());
    producer.send(out.topic(), state.eventTimeMs(), out.key(), out.value());
    producer.flush();
  }

  void flush() {
    producer.flush();
  }

  static GateSignal signal(Consumer<ObjectNode> edit, GateSignal like) {
    ObjectNode value = object(SignalCodec.signal(like));
    edit.accept(value);
    try {
      return SignalCodec.readSignal(value.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode object(byte[] json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
