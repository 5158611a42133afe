package io.tidegate.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import io.tidegate.model.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks a tree against a JSON Schema (2020-12) among the resources. What was expected is the
 * {@code title} of the schema that was not met.
 */
final class SchemaCheck {

  private static final Loaded ROLLOUT = load("/rollout.schema.json");
  private static final Loaded MAPPING = load("/mapping.schema.json");

  private final JsonNode document;
  private final JsonNode root;
  private final Findings findings;

  /** A schema and the document that states it. */
  private record Loaded(JsonNode document, Schema schema) {

    void check(JsonNode root, Findings findings) {
      SchemaCheck check = new SchemaCheck(document, root, findings);
      schema.validate(root).forEach(check::report);
    }
  }

  private SchemaCheck(JsonNode document, JsonNode root, Findings findings) {
    this.document = document;
    this.root = root;
    this.findings = findings;
  }

  /** The schema of rollouts itself. */
  static JsonNode document() {
    return ROLLOUT.document();
  }

  /** Checks a rollout. */
  static void check(JsonNode root, Findings findings) {
    ROLLOUT.check(root, findings);
  }

  /** Checks a mapping of a file to events. */
  static void checkMapping(JsonNode root, Findings findings) {
    MAPPING.check(root, findings);
  }

  private void report(Error error) {
    String path = path(error.getInstanceLocation());
    JsonNode at = at(root, error.getInstanceLocation());
    JsonNode parent = parent(error);
    switch (error.getKeyword()) {
      case "required" -> missing(path, error.getProperty(), parent);
      case "additionalProperties" -> unknown(path, error.getProperty(), parent);
      case "propertyNames" -> wrongName(path, error, at, parent);
      case "enum" -> {
        if (!nameIsChecked(error)) {
          choice(path, at, words(parent.path("enum")));
        }
      }
      case "const" -> findings.add(path, at, parent.path("const").asText());
      default -> {
        if (!nameIsChecked(error)) {
          findings.add(path, at, expected(parent, at));
        }
      }
    }
  }

  private void missing(String path, String name, JsonNode schema) {
    String wanted = title(schema.path("properties").path(name));
    if (wanted.isEmpty()) {
      wanted = title(metric().path(name));
    }
    findings.add(Findings.child(path, name), "", wanted.isEmpty() ? "a value" : wanted);
  }

  private void unknown(String path, String name, JsonNode schema) {
    List<String> known = new ArrayList<>();
    schema.path("properties").fieldNames().forEachRemaining(known::add);
    String expected = "one of the fields " + String.join(", ", known);
    findings.add(Findings.child(path, name), name, Nearest.suggest(expected, name, known));
  }

  /** A metric's field that its kind does not have, or a key that is no name. */
  private void wrongName(String path, Error error, JsonNode at, JsonNode schema) {
    String name = error.getProperty();
    JsonNode allowed = schema.path("propertyNames").path("enum");
    if (allowed.isMissingNode()) {
      JsonNode names = resolve(schema.path("propertyNames"));
      findings.add(Findings.child(path, name), name, title(names));
    } else if (metric().has(name)) {
      String kind = at.path("kind").asText();
      List<String> fields = words(allowed);
      String expected = "a field of kind " + kind + ": " + String.join(", ", fields);
      findings.add(Findings.child(path, name), name, expected);
    }
  }

  private void choice(String path, JsonNode value, List<String> words) {
    String expected = (words.size() == 1 ? "" : "one of ") + String.join(", ", words);
    findings.add(path, value, Nearest.suggest(expected, Findings.show(value), words));
  }

  private String expected(JsonNode schema, JsonNode value) {
    String title = title(schema);
    boolean unquoted =
        (value.isNumber() || value.isBoolean())
            && schema.path("type").toString().contains("string");
    return unquoted ? title + " (put " + value + " in quotes)" : title;
  }

  /** Errors inside propertyNames are reported once, by the keyword itself. */
  private static boolean nameIsChecked(Error error) {
    return error.getEvaluationPath().contains("propertyNames");
  }

  private JsonNode parent(Error error) {
    NodePath fragment = error.getSchemaLocation().getFragment();
    JsonNode node = document;
    for (int i = 0; i < fragment.getNameCount() - 1; i++) {
      node = step(node, fragment.getElement(i));
    }
    return node;
  }

  private static JsonNode at(JsonNode root, NodePath path) {
    JsonNode node = root;
    for (int i = 0; i < path.getNameCount(); i++) {
      node = step(node, path.getElement(i));
    }
    return node;
  }

  private static JsonNode step(JsonNode node, Object element) {
    return node.isArray()
        ? node.path(Integer.parseInt(element.toString()))
        : node.path(element.toString());
  }

  private static String path(NodePath location) {
    String path = "";
    for (int i = 0; i < location.getNameCount(); i++) {
      Object element = location.getElement(i);
      path =
          element instanceof Integer index
              ? Findings.child(path, index)
              : Findings.child(path, element.toString());
    }
    return path;
  }

  private String title(JsonNode schema) {
    return resolve(schema).path("title").asText();
  }

  private JsonNode resolve(JsonNode schema) {
    String reference = schema.path("$ref").asText();
    return reference.isEmpty() ? schema : document.at(reference.substring(1));
  }

  private JsonNode metric() {
    return document.at("/$defs/metric/properties");
  }

  private static List<String> words(JsonNode list) {
    List<String> words = new ArrayList<>();
    list.forEach(word -> words.add(word.asText()));
    return words;
  }

  private static Loaded load(String resource) {
    try (InputStream in = SchemaCheck.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource " + resource + " is not on the class path");
      }
      JsonNode document = new ObjectMapper().readTree(in);
      SchemaRegistry registry =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
      return new Loaded(document, registry.getSchema(document));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
