package io.tidegate.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A Vega-Lite chart from {@code charts/NAME.vl.json}, filled with data sets and domains. */
final class ChartSpec {

  static final int MOST_POINTS = 240;

  /** An axis of time: days at midnight, else hours. */
  private static final String UTC_LABEL =
      "utchours(datum.value) === 0 && utcminutes(datum.value) === 0"
          + " ? utcFormat(datum.value, '%e %b') : utcFormat(datum.value, '%H:%M')";

  /** An axis of differences: 0 without sign or unit. */
  private static final String ZERO_LABEL = "datum.value === 0 ? '0' : datum.label";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of rows, fractions with seven digits or so: what is drawn shows fewer. */
  private static final ObjectMapper ROWS =
      new ObjectMapper().registerModule(new SimpleModule().addSerializer(new Fraction()));

  private static final class Fraction extends StdScalarSerializer<Double> {
    private static final long serialVersionUID = 1L;

    private Fraction() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      float shorter = value.floatValue();
      if (Float.isFinite(shorter)) {
        json.writeNumber(shorter);
      } else {
        json.writeNumber(value);
      }
    }
  }

  private final ObjectNode spec;

  private ChartSpec(ObjectNode spec) {
    this.spec = spec;
  }

  static ChartSpec load(String name) {
    try (InputStream in = ChartSpec.class.getResourceAsStream("charts/" + name + ".vl.json")) {
      if (in == null) {
        throw new IllegalArgumentException("no chart named " + name);
      }
      return new ChartSpec((ObjectNode) JSON.readTree(in))
          .set("utcLabel", UTC_LABEL)
          .set("zeroLabel", ZERO_LABEL);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A data set that layers name; values are strings, numbers, booleans or null. Layers of an empty
   * one are left out.
   */
  ChartSpec rows(String dataset, List<Map<String, @Nullable Object>> rows) {
    if (rows.isEmpty() && spec.get("layer") instanceof ArrayNode layers) {
      for (int i = layers.size() - 1; i >= 0; i--) {
        if (layers.get(i).path("data").path("name").asText().equals(dataset)) {
          layers.remove(i);
        }
      }
    }
    spec.withObjectProperty("datasets").set(dataset, ROWS.valueToTree(rows));
    return this;
  }

  ChartSpec describe(String description) {
    spec.put("description", description);
    return this;
  }

  /** Replaces every string {@code "$name"} by a value. */
  ChartSpec set(String name, Object value) {
    replace(spec, "$" + name, JSON.valueToTree(value));
    return this;
  }

  /** Replaces {@code "$legend"} by a legend on top, or by none. */
  ChartSpec legend(boolean shown) {
    JsonNode none = NullNode.getInstance();
    JsonNode top = JSON.createObjectNode().put("orient", "top").set("title", none);
    replace(spec, "$legend", shown ? top : none);
    return this;
  }

  String json() {
    try {
      return JSON.writeValueAsString(spec);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void replace(JsonNode node, String placeholder, JsonNode value) {
    if (node instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      for (String field : names) {
        if (object.get(field).isTextual() && object.get(field).asText().equals(placeholder)) {
          object.set(field, value);
        } else if (!field.equals("datasets")) {
          replace(object.get(field), placeholder, value);
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        if (array.get(i).isTextual() && array.get(i).asText().equals(placeholder)) {
          array.set(i, value);
        } else {
          replace(array.get(i), placeholder, value);
        }
      }
    }
  }

  /** Of each line at most {@link #MOST_POINTS} of its points, line after line. */
  static <T> List<T> drawn(List<T> points, Function<T, String> line) {
    Map<String, List<T>> lines = new LinkedHashMap<>();
    points.forEach(p -> lines.computeIfAbsent(line.apply(p), l -> new ArrayList<>()).add(p));
    return lines.values().stream().flatMap(own -> thinned(own, MOST_POINTS).stream()).toList();
  }

  /** At most {@code most} of the elements, evenly spaced, with the first and the last. */
  static <T> List<T> thinned(Collection<T> all, int most) {
    List<T> list = List.copyOf(all);
    if (list.size() <= most) {
      return list;
    }
    List<T> some = new ArrayList<>(most);
    for (int i = 0; i < most; i++) {
      some.add(list.get((int) ((long) i * (list.size() - 1) / (most - 1))));
    }
    return some;
  }
}
