package io.tidegate.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.model.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One HTTP reply. */
record Reply(int status, String contentType, byte[] body) {

  static final String JSON = "application/json; charset=utf-8";
  static final String TEXT = "text/plain; charset=utf-8";

  static Reply json(int status, JsonNode body) {
    return new Reply(status, JSON, (body + "\n").getBytes(StandardCharsets.UTF_8));
  }

  static Reply text(int status, String body) {
    return new Reply(status, TEXT, (body + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** A refusal: {@code {"error": {code, message}}}. */
  static Reply error(int status, String code, String message) {
    return error(status, code, message, List.of());
  }

  /** A refusal with every problem found. */
  static Reply error(int status, String code, String message, List<Problem> problems) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("code", code);
    error.put("message", message);
    if (!problems.isEmpty()) {
      ArrayNode list = error.putArray("problems");
      for (Problem problem : problems) {
        list.addObject()
            .put("path", problem.path())
            .put("value", problem.value())
            .put("expected", problem.expected());
      }
    }
    return json(status, JsonNodeFactory.instance.objectNode().set("error", error));
  }
}
