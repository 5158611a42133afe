package io.tidegate.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.stats.vectors.ReferenceMethods;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every case of every reference file in the folder named by the system property {@code
 * tidegate.vectors}, at its own tolerance.
 */
class ReferenceVectorsTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("tidegate.vectors", "../shared/vectors"));
  private static final Map<String, Function<JsonNode, Object>> METHODS = ReferenceMethods.all();

  @TestFactory
  Stream<DynamicTest> cases() {
    List<JsonNode> cases = read();
    assertThat(cases).as("reference cases in %s", FOLDER.toAbsolutePath()).isNotEmpty();
    return cases.stream().map(c -> DynamicTest.dynamicTest(c.path("id").asText(), () -> check(c)));
  }

  private static List<JsonNode> read() {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> cases = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        JsonNode root = mapper.readTree(file.toFile());
        assertThat(root.path("format").asInt()).as("format of %s", file).isEqualTo(1);
        root.path("cases").forEach(cases::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reference vectors in " + FOLDER.toAbsolutePath(), e);
    }
    return cases;
  }

  private static void check(JsonNode c) {
    String name = c.path("method").asText();
    Function<JsonNode, Object> method = METHODS.get(name);
    if (method == null) {
      fail("method %s is unknown; known are %s", name, METHODS.keySet());
      return;
    }
    JsonNode expected = c.path("expected");
    assertThat(expected.isObject()).as("expected of %s is an object", name).isTrue();
    List<String> differences = new ArrayList<>();
    Tolerance tolerance = new Tolerance(c.path("rtol").asDouble(), c.path("atol").asDouble(0));
    compare("", method.apply(c.path("inputs")), expected, tolerance, differences);
    assertThat(differences)
        .as("%s: %s", c.path("id").asText(), c.path("note").asText(""))
        .isEmpty();
  }

  private static final Tolerance EXACT = new Tolerance(0, 0);

  private record Tolerance(double rtol, double atol) {
    boolean holds(double got, double want) {
      return Double.compare(got, want) == 0
          || got == want
          || Math.abs(got - want) <= atol + rtol * Math.max(Math.abs(got), Math.abs(want));
    }
  }

  private static void compare(
      String path,
      @Nullable Object got,
      JsonNode want,
      Tolerance tolerance,
      List<String> differences) {
    Object value = ReferenceMethods.stated(got);
    Double wanted = number(want);
    boolean same;
    if (want.isObject() && value instanceof Map<?, ?> map) {
      for (Map.Entry<String, JsonNode> field : want.properties()) {
        String inner = path + "/" + field.getKey();
        if (map.containsKey(field.getKey())) {
          compare(inner, map.get(field.getKey()), field.getValue(), tolerance, differences);
        } else {
          differences.add(inner + " is not answered");
        }
      }
      return;
    } else if (want.isArray() && value instanceof List<?> list) {
      if (list.size() == want.size()) {
        for (int i = 0; i < list.size(); i++) {
          compare(path + "/" + i, list.get(i), want.get(i), tolerance, differences);
        }
        return;
      }
      same = false;
    } else if (value instanceof Number given && wanted != null) {
      boolean counted = want.isIntegralNumber() && !(given instanceof Double);
      same = (counted ? EXACT : tolerance).holds(given.doubleValue(), wanted);
    } else if (value == null) {
      same = want.isNull() || (wanted != null && wanted.isNaN());
    } else {
      same = want.isValueNode() && !want.isNull() && want.asText().equals("" + value);
    }
    if (!same) {
      differences.add(path + " is " + value + ", expected " + want);
    }
  }

  private static @Nullable Double number(JsonNode node) {
    if (node.isNumber()) {
      return node.doubleValue();
    }
    return switch (node.asText()) {
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      case "NaN" -> Double.NaN;
      default -> null;
    };
  }
}
