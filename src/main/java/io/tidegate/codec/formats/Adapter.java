package io.tidegate.codec.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;

/** Finds the events in one message of a format. */
interface Adapter {

  /** Gives every randomised exposure of a message as canonical JSON. */
  void exposures(JsonNode message, Consumer<ObjectNode> out);

  /** Gives every outcome of a message as canonical JSON. */
  void outcomes(JsonNode message, Consumer<ObjectNode> out);
}
