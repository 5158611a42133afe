package io.tidegate.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.Epoch;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.codec.SignalCodec;
import io.tidegate.model.GateSignal;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rollouts as JSON; what the topics say keeps the topics' names. */
final class RolloutJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RolloutJson() {}

  /** One line of the list. */
  static ObjectNode summary(RolloutState state, Answer answer, Ageing.Age age) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("rollout_id", state.id());
    json.put("phase", state.phase().name().toLowerCase(Locale.ROOT));
    Attempt attempt = state.attempt();
    json.put("attempt", attempt == null ? 0 : attempt.number());
    Epoch epoch = state.epoch();
    json.put("stage", epoch == null ? null : epoch.stage().name());
    json.put("stage_percent", epoch == null ? null : epoch.stage().percent());
    Definition definition = state.definition();
    json.put("owner", definition == null ? null : definition.spec().owner());
    json.put("contact", definition == null ? null : definition.spec().contact());
    GateSignal signal = state.signal();
    json.put("verdict", signal == null ? null : signal.verdict().name());
    json.put("boundary", signal == null ? null : time(signal.boundaryMs()));
    json.put("next_percent", signal == null ? null : signal.nextPercent());
    json.put("respond_by", signal == null ? null : timeOrNull(signal.respondByMs()));
    json.set("answer", answer(answer));
    json.set("freshness", age(age));
    return json;
  }

  /** Everything about one rollout. */
  static ObjectNode full(RolloutState state, Answer answer, Ageing.Age age) {
    ObjectNode json = summary(state, answer, age);
    ArrayNode stages = json.putArray("stages");
    Definition definition = state.definition();
    if (definition != null) {
      Attempt attempt = state.attempt();
      List<Epoch> epochs = attempt == null ? List.of() : attempt.epochs();
      definition.spec().stages().forEach(stage -> stages.add(stage(stage, epochs)));
    }
    GateSignal signal = state.signal();
    json.set("signal", signal == null ? json.nullNode() : tree(SignalCodec.signal(signal)));
    ArrayNode log = json.putArray("log");
    for (Attempt attempt : state.timeline().attempts()) {
      attempt.remarks().forEach(remark -> log.add(remark(attempt.number(), remark)));
    }
    return json;
  }

  static ObjectNode answer(Answer answer) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("verdict", answer.outcome().name());
    json.put("code", answer.code());
    json.put("sentence", answer.sentence());
    return json;
  }

  static ObjectNode age(Ageing.Age age) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("stale", !age.stale().isEmpty());
    json.put("why", age.stale());
    json.put("seconds_since_tick", age.secondsSinceTick());
    json.put("seconds_since_boundary", age.secondsSinceBoundary());
    json.put("seconds_since_signal", age.secondsSinceSignal());
    return json;
  }

  /** An event as it stands on the topic. */
  static ObjectNode event(RolloutEvent event) {
    return (ObjectNode) tree(RolloutEventCodec.encode(event));
  }

  static String time(long ms) {
    return Instant.ofEpochMilli(ms).toString();
  }

  private static ObjectNode stage(Stage stage, List<Epoch> epochs) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", stage.name());
    json.put("percent", stage.percent());
    Epoch entered =
        epochs.stream().filter(e -> e.stage().name().equals(stage.name())).findFirst().orElse(null);
    json.put("entered", entered == null ? null : time(entered.enteredMs()));
    json.put(
        "left",
        entered == null || entered.leftMs() == Long.MAX_VALUE ? null : time(entered.leftMs()));
    return json;
  }

  static ObjectNode remark(int attempt, Attempt.Remark remark) {
    ObjectNode json = event(remark.control().event());
    json.remove(List.of("spec", "resolved"));
    json.put("attempt", attempt);
    json.put("effective", time(remark.control().effectiveMs()));
    json.put("refused", remark.refused());
    return json;
  }

  private static @Nullable String timeOrNull(@Nullable Long ms) {
    return ms == null ? null : time(ms);
  }

  private static JsonNode tree(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a codec wrote what is no JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
