package io.tidegate.stats.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.stats.Stated;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Fields of a case's inputs as arrays, and of its answer as maps. */
final class Inputs {
  private Inputs() {}

  static double[] doubles(JsonNode list) {
    double[] values = new double[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = number(list.get(i));
    }
    return values;
  }

  /** A number that may be written as "Infinity", "-Infinity" or "NaN"; NaN for null. */
  static double number(JsonNode in, String name) {
    return number(in.path(name));
  }

  private static double number(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return Double.NaN;
    }
    return node.isNumber() ? node.doubleValue() : Double.parseDouble(node.asText());
  }

  /** A number with a default where the field is absent or null. */
  static double number(JsonNode in, String name, double absent) {
    double value = number(in, name);
    return Double.isNaN(value) ? absent : value;
  }

  static double alpha(JsonNode in) {
    return number(in, "alpha", 0.05);
  }

  static long[] longs(JsonNode list) {
    long[] values = new long[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).asLong();
    }
    return values;
  }

  /** A map from alternating names and values; null stands for "cannot say". */
  static Map<String, @Nullable Object> fields(@Nullable Object... namesAndValues) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  /** One field of a stated answer, null where it cannot say. */
  static <T> @Nullable Object field(Stated<T> answer, Function<T, Object> field) {
    return ReferenceMethods.stated(answer.map(field));
  }
}
