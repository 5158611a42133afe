package io.tidegate.cli;

import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.ActionItem;
import io.tidegate.model.RolloutEvent.Decided;
import io.tidegate.model.RolloutEvent.Environment;
import io.tidegate.model.RolloutEvent.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the parts of a rollout event; what is not set is empty. */
final class RolloutEventBuilder {

  private final String eventId;
  private final long eventTimeMs;
  private final Kind kind;
  private String rolloutId = "";
  private String stage = "";
  private String actor = "";
  private int attempt;
  private String note = "";
  private List<String> links = List.of();
  private List<ActionItem> actionItems = List.of();
  private String spec = "";
  private String resolved = "";
  private @Nullable Decided decision;
  private @Nullable Environment environment;

  RolloutEventBuilder(String eventId, long eventTimeMs, Kind kind) {
    this.eventId = eventId;
    this.eventTimeMs = eventTimeMs;
    this.kind = kind;
  }

  RolloutEventBuilder rolloutId(String value) {
    rolloutId = value;
    return this;
  }

  RolloutEventBuilder stage(String value) {
    stage = value;
    return this;
  }

  RolloutEventBuilder actor(String value) {
    actor = value;
    return this;
  }

  RolloutEventBuilder attempt(int value) {
    attempt = value;
    return this;
  }

  RolloutEventBuilder note(String value) {
    note = value;
    return this;
  }

  RolloutEventBuilder links(List<String> value) {
    links = value;
    return this;
  }

  RolloutEventBuilder actionItems(List<ActionItem> value) {
    actionItems = value;
    return this;
  }

  RolloutEventBuilder defines(String specJson, String resolvedJson) {
    spec = specJson;
    resolved = resolvedJson;
    return this;
  }

  RolloutEventBuilder decision(Decided value) {
    decision = value;
    return this;
  }

  RolloutEventBuilder environment(@Nullable Environment value) {
    environment = value;
    return this;
  }

  RolloutEvent build() {
    return new RolloutEvent(
        eventId,
        eventTimeMs,
        rolloutId,
        kind,
        stage,
        actor,
        attempt,
        note,
        links,
        actionItems,
        spec,
        resolved,
        decision,
        environment);
  }
}
