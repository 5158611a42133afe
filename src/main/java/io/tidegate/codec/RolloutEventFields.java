package io.tidegate.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.ActionItem;
import io.tidegate.model.RolloutEvent.Decided;
import io.tidegate.model.RolloutEvent.Environment;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one rollout event from a parser that stands on its opening brace. Mutable.
 */
final class RolloutEventFields {

  /** Why an event cannot be used. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final DeadLetterReason reason;
    private final String detail;

    Refused(DeadLetterReason reason, String detail) {
      super(detail, null, false, false);
      this.reason = reason;
      this.detail = detail;
    }

    DeadLetterReason reason() {
      return reason;
    }

    String detail() {
      return detail;
    }
  }

  private final byte[] bytes;
  private final JsonParser parser;

  private String eventId = "";
  private @Nullable Long eventTimeMs;
  private String rolloutId = "";
  private @Nullable Kind kind;
  private String stage = "";
  private String actor = "";
  private int attempt;
  private String note = "";
  private List<String> links = List.of();
  private final List<ActionItem> actionItems = new ArrayList<>();
  private String spec = "";
  private String resolved = "";
  private @Nullable Decided decision;
  private @Nullable Environment environment;

  RolloutEventFields(byte[] bytes, JsonParser parser) {
    this.bytes = bytes;
    this.parser = parser;
  }

  RolloutEvent read() throws IOException {
    eachField(this::field);
    long time = present(eventTimeMs, "event_time");
    Kind what = present(kind, "kind");
    present(eventId, "event_id");
    if (what != Kind.TICK) {
      present(rolloutId, "rollout_id");
    }
    if (what == Kind.STAGE_ENTERED) {
      present(stage, "stage");
    } else if (what == Kind.DEFINED) {
      present(spec, "spec");
    } else if (what == Kind.DECISION) {
      present(decision, "decision");
    }
    return new RolloutEvent(
        eventId,
        time,
        rolloutId,
        what,
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

  private void field(String name) throws IOException {
    switch (name) {
      case "event_id" -> eventId = text(name);
      case "event_time" -> eventTimeMs = time(name);
      case "rollout_id" -> rolloutId = text(name);
      case "kind" -> kind = choice(name, Kind.class, text(name));
      case "stage" -> stage = text(name);
      case "actor" -> actor = text(name);
      case "attempt" -> attempt = attempt(name);
      case "note" -> note = text(name);
      case "links" -> links = texts(name);
      case "action_items" -> actionItems(name);
      case "spec" -> spec = raw(name);
      case "resolved" -> resolved = raw(name);
      case "decision" -> decision = decision(name);
      case "environment" -> environment = environment(name);
      default -> parser.skipChildren();
    }
  }

  /** Calls {@code each} on every field that is not null, the parser standing on its value. */
  private void eachField(FieldReader each) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        each.read(name);
      }
    }
  }

  private interface FieldReader {
    void read(String name) throws IOException;
  }

  private String text(String name) throws IOException {
    need(JsonToken.VALUE_STRING, name, "a string");
    return parser.getText();
  }

  private long time(String name) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        throw new Refused(DeadLetterReason.BAD_TIME, name + " is no time in milliseconds");
      }
      return parser.getLongValue();
    }
    try {
      return OffsetDateTime.parse(text(name)).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      String detail = name + " is neither ISO-8601 with a zone nor epoch milliseconds";
      throw new Refused(DeadLetterReason.BAD_TIME, detail);
    }
  }

  private int attempt(String name) throws IOException {
    need(JsonToken.VALUE_NUMBER_INT, name, "a whole number");
    if (parser.getNumberType() != JsonParser.NumberType.INT || parser.getIntValue() < 0) {
      throw new Refused(DeadLetterReason.OUT_OF_RANGE, name + " is no whole number from 0");
    }
    return parser.getIntValue();
  }

  private List<String> texts(String name) throws IOException {
    need(JsonToken.START_ARRAY, name, "a list of strings");
    List<String> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(text(name));
    }
    return values;
  }

  private void actionItems(String name) throws IOException {
    need(JsonToken.START_ARRAY, name, "a list of objects");
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Map<String, String> item = strings(name);
      String owner = item.getOrDefault("owner", "");
      actionItems.add(
          new ActionItem(item.getOrDefault("text", ""), owner, item.getOrDefault("due", "")));
    }
  }

  private Map<String, String> strings(String name) throws IOException {
    need(JsonToken.START_OBJECT, name, "an object of strings");
    Map<String, String> values = new LinkedHashMap<>();
    eachField(field -> values.put(field, text(name + "." + field)));
    return values;
  }

  private Decided decision(String name) throws IOException {
    need(JsonToken.START_OBJECT, name, "an object");
    Map<String, String> words = new LinkedHashMap<>();
    List<String> codes = new ArrayList<>();
    eachField(
        field -> {
          if (field.equals("codes")) {
            codes.addAll(texts(name + ".codes"));
          } else if (parser.currentToken() == JsonToken.VALUE_STRING) {
            words.put(field, parser.getText());
          } else {
            parser.skipChildren();
          }
        });
    String action = words.getOrDefault("action", "");
    String verdict = words.getOrDefault("verdict", "");
    String signOff = words.getOrDefault("sign_off", "");
    switch (action) {
      case "approve" -> {
        if (codes.isEmpty() && signOff.isEmpty()) {
          throw new Refused(DeadLetterReason.MISSING_FIELD, "decision.codes or decision.sign_off");
        }
      }
      case "override" -> choice("decision.verdict", Verdict.class, verdict);
      default ->
          throw new Refused(
              DeadLetterReason.UNKNOWN_VALUE, "decision.action is neither approve nor override");
    }
    return new Decided(action, codes, verdict, signOff);
  }

  private Environment environment(String name) throws IOException {
    need(JsonToken.START_OBJECT, name, "an object");
    String[] version = {""};
    Map<String, String> flags = new LinkedHashMap<>();
    Map<String, String> routing = new LinkedHashMap<>();
    eachField(
        field -> {
          switch (field) {
            case "deployment_version" -> version[0] = text(name + "." + field);
            case "flags" -> flags.putAll(strings(name + "." + field));
            case "routing" -> routing.putAll(strings(name + "." + field));
            default -> parser.skipChildren();
          }
        });
    return new Environment(version[0], flags, routing);
  }

  /** The bytes of an object as they stand in the record. */
  private String raw(String name) throws IOException {
    need(JsonToken.START_OBJECT, name, "an object");
    int start = (int) parser.currentTokenLocation().getByteOffset();
    parser.skipChildren();
    int end = (int) parser.currentLocation().getByteOffset();
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  private void need(JsonToken token, String name, String what) {
    if (parser.currentToken() != token) {
      throw new Refused(DeadLetterReason.WRONG_TYPE, name + " is not " + what);
    }
  }

  private static <E extends Enum<E>> E choice(String name, Class<E> type, String value) {
    for (E known : type.getEnumConstants()) {
      if (known.name().equals(value)) {
        return known;
      }
    }
    String known = Arrays.toString(type.getEnumConstants());
    throw new Refused(DeadLetterReason.UNKNOWN_VALUE, name + " is none of " + known);
  }

  private static <T> T present(@Nullable T value, String name) {
    if (value == null || value.equals("")) {
      throw new Refused(DeadLetterReason.MISSING_FIELD, name + " is absent or empty");
    }
    return value;
  }
}
