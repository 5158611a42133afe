package io.tidegate.codec.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.TreeMap;

/** An event on its way to the canonical JSON. Mutable. */
final class Draft {

  private final ObjectNode event = JsonNodeFactory.instance.objectNode();
  private final Map<String, String> attributes = new TreeMap<>();

  /** Sets a field unless its value is absent or null. */
  Draft put(String field, JsonNode value) {
    if (!value.isMissingNode() && !value.isNull()) {
      event.set(field, value);
    }
    return this;
  }

  Draft put(String field, String value) {
    return put(field, TextNode.valueOf(value));
  }

  Draft put(String field, long value) {
    event.put(field, value);
    return this;
  }

  /** Adds an attribute where the value is a scalar; objects and lists are left out. */
  Draft attribute(String name, JsonNode value) {
    if (value.isValueNode() && !value.isNull()) {
      attributes.put(name, value.asText());
    }
    return this;
  }

  /** Adds every scalar of an object as an attribute. */
  Draft attributes(JsonNode object) {
    object.properties().forEach(entry -> attribute(entry.getKey(), entry.getValue()));
    return this;
  }

  /** The event, its attributes in the order of their names. */
  ObjectNode finish() {
    ObjectNode sorted = event.putObject("attributes");
    attributes.forEach(sorted::put);
    return event;
  }

  /** The first of several values that is there; a missing node where none is. */
  static JsonNode first(JsonNode... candidates) {
    for (JsonNode candidate : candidates) {
      if (!candidate.isMissingNode()
          && !candidate.isNull()
          && !(candidate.isTextual() && candidate.asText().isEmpty())) {
        return candidate;
      }
    }
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }
}
