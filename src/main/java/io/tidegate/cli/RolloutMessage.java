package io.tidegate.cli;

import io.tidegate.analysis.timeline.EventCheck;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.RolloutLog;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.job.Definitions;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Problem;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.ActionItem;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.UserError;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every rollout event can say, and its way to the topic; use as a picocli mixin. */
final class RolloutMessage {

  @Mixin private ConfigOption config;
  @Mixin private OutputOption output;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "When it happened, ISO-8601 with a zone (default: now).")
  private @Nullable String at;

  @Option(
      names = "--actor",
      paramLabel = "WHO",
      defaultValue = "${sys:user.name}",
      description = "Who did it (default: the user's login).")
  private String actor;

  @Option(
      names = "--attempt",
      paramLabel = "N",
      defaultValue = "0",
      description = "Attempt it belongs to (default: the current one).")
  private int attempt;

  @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = "Why.")
  private String note;

  @Option(names = "--link", paramLabel = "URL", description = "Where it was discussed.")
  private List<String> links = new ArrayList<>();

  @Option(
      names = "--action",
      paramLabel = "TEXT;OWNER;DUE",
      description = "Something to be done, by whom and until when.")
  private List<String> actions = new ArrayList<>();

  @Option(
      names = "--event-id",
      paramLabel = "ID",
      description = "Id of the event: the same id counts once (default: a new one).")
  private @Nullable String eventId;

  private @Nullable TidegateConfig loaded;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RolloutMessage() {}

  OutputOption output() {
    return output;
  }

  TidegateConfig config() {
    if (loaded == null) {
      loaded = TidegateConfig.load(config.file());
    }
    return loaded;
  }

  RolloutEventBuilder event(String rolloutId, Kind kind) {
    String id = eventId == null ? UUID.randomUUID().toString() : eventId;
    RolloutEventBuilder event = new RolloutEventBuilder(id, instant().toEpochMilli(), kind);
    List<ActionItem> items = actions.stream().map(RolloutMessage::item).toList();
    return event
        .rolloutId(rolloutId)
        .actor(actor)
        .attempt(attempt)
        .note(note)
        .links(links)
        .actionItems(items);
  }

  private static ActionItem item(String action) {
    String[] parts = action.split(";", -1);
    if (parts.length != 3 || parts[0].isBlank()) {
      throw new UserError(
          "--action", "", action, "text;owner;due, such as \"check refunds;ana;2026-01-31\"");
    }
    return new ActionItem(parts[0].strip(), parts[1].strip(), parts[2].strip());
  }

  /**
   * Writes the event and prints what was written; throws a UserError where the gate would refuse
   * it.
   */
  void send(RolloutEvent event) {
    String warning = event.kind() == Kind.DEFINED ? "" : check(event);
    try (KafkaTopics topics = KafkaTopics.connect(config().kafka())) {
      String topic = config().kafka().topics().rollouts();
      if (topics.ranges(topic).isEmpty()) {
        throw new UserError(
            config.file().toString(), "kafka.topics.rollouts", topic, "a topic that exists");
      }
    }
    try (EventProducer producer = EventProducer.prompt(config().kafka())) {
      producer.write(event);
    }
    ResultTable sent = new ResultTable("event_time", "rollout_id", "kind", "stage", "event_id");
    sent.row(
        Instant.ofEpochMilli(event.eventTimeMs()).toString(),
        event.rolloutId(),
        event.kind().name(),
        event.stage().isEmpty() ? null : event.stage(),
        event.eventId());
    output.print(sent);
    if (!warning.isEmpty()) {
      output.err().println("warning: " + warning);
    }
  }

  /** What the gate will not refuse, but somebody should know; empty where nothing is. */
  private String check(RolloutEvent event) {
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> events =
        RolloutLog.read(config(), event.rolloutId()).stream().map(sequencer::next).toList();
    Timeline timeline = Timeline.of(event.rolloutId(), events, Definitions.READER);
    List<Problem> problems = EventCheck.problems("tidegate rollout", event, timeline);
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
    return EventCheck.warning(EventCheck.skipped(event, timeline), event.stage());
  }

  private Instant instant() {
    if (at == null) {
      return Instant.now();
    }
    try {
      return OffsetDateTime.parse(at).toInstant();
    } catch (DateTimeException e) {
      throw new UserError("--at", "", at, "a time such as 2026-01-31T12:00:00Z");
    }
  }
}
