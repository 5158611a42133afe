package io.tidegate.spec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Reads YAML or JSON of bounded size and depth into plain values, noting every field's line. Tags,
 * anchors and aliases are refused: a spec is data that reads the same everywhere.
 */
final class SpecTree {

  /** Largest file in bytes. */
  static final int MAX_BYTES = 256 * 1024;

  private static final int MAX_DEPTH = 24;
  private static final int MAX_TOKENS = 50_000;
  private static final int MAX_TEXT = 10_000;
  private static final int MAX_DIGITS = 60;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final StreamReadConstraints LIMITS =
      StreamReadConstraints.builder()
          .maxDocumentLength(MAX_BYTES)
          .maxNestingDepth(MAX_DEPTH)
          .maxTokenCount(MAX_TOKENS)
          .maxStringLength(MAX_TEXT)
          .maxNameLength(MAX_TEXT)
          .maxNumberLength(MAX_DIGITS)
          .build();
  private static final YAMLFactory YAML = yaml();
  private static final JsonFactory JSON =
      JsonFactory.builder().streamReadConstraints(LIMITS).build();

  private final Findings findings;
  private final JsonParser parser;

  private SpecTree(Findings findings, JsonParser parser) {
    this.findings = findings;
    this.parser = parser;
  }

  /** Reads YAML. Null where it is unusable as a whole; the findings then say why. */
  static @Nullable ObjectNode yaml(byte[] bytes, Findings findings) {
    if (bytes.length > MAX_BYTES) {
      findings.add("", bytes.length + " bytes", "at most " + MAX_BYTES + " bytes");
      return null;
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return read(YAML.createParser(text), "valid YAML", findings);
    } catch (CharacterCodingException e) {
      findings.add("", "bytes that are not UTF-8", "text in UTF-8");
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads JSON. Null where it is unusable as a whole; the findings then say why. */
  static @Nullable ObjectNode json(String text, Findings findings) {
    try {
      return read(JSON.createParser(text), "valid JSON", findings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static YAMLFactory yaml() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_BYTES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(0);
    return YAMLFactory.builder()
        .loaderOptions(options)
        .streamReadConstraints(LIMITS)
        .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
        .build();
  }

  private static @Nullable ObjectNode read(JsonParser parser, String expected, Findings findings)
      throws IOException {
    try (parser) {
      return new SpecTree(findings, parser).document();
    } catch (StreamConstraintsException e) {
      findings.addAtLine(line(e.getLocation()), limit(e), "a smaller and flatter file");
    } catch (JsonProcessingException e) {
      findings.addAtLine(line(e.getLocation()), message(e), expected);
    }
    return null;
  }

  private @Nullable ObjectNode document() throws IOException {
    JsonToken first = parser.nextToken();
    if (first != JsonToken.START_OBJECT) {
      findings.add("", first == null ? "nothing" : "no mapping", "a mapping of fields to values");
      return null;
    }
    ObjectNode root = object("");
    if (parser.nextToken() != null) {
      findings.addAtLine(line(parser.currentTokenLocation()), "more", "one document a file");
    }
    return root;
  }

  private JsonNode value(String path) throws IOException {
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      findings.add(path, "an alias", "the value itself, written out");
      return NODES.nullNode();
    }
    if (parser.canReadTypeId() && parser.getTypeId() != null) {
      findings.add(path, "the tag " + parser.getTypeId(), "a value without a tag");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(path);
      case START_ARRAY -> array(path);
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(path);
      default -> NODES.textNode(parser.getText());
    };
  }

  private JsonNode number(String path) throws IOException {
    boolean word = parser.getText().matches("(?i)[+-]?\\.(nan|inf)");
    double number = word ? Double.NaN : parser.getDoubleValue();
    if (!Double.isFinite(number)) {
      findings.add(path, parser.getText(), "a finite number");
      return NODES.numberNode(0);
    }
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
    return whole ? NODES.numberNode((long) number) : NODES.numberNode(number);
  }

  private ObjectNode object(String path) throws IOException {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      String at = Findings.child(path, name);
      if (object.has(name)) {
        findings.add(at, "the field twice", "every field once");
      } else {
        findings.line(at, line(parser.currentTokenLocation()));
      }
      parser.nextToken();
      object.set(name, value(at));
    }
    return object;
  }

  private ArrayNode array(String path) throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String at = Findings.child(path, array.size());
      findings.line(at, line(parser.currentTokenLocation()));
      array.add(value(at));
    }
    return array;
  }

  private static int line(@Nullable JsonLocation location) {
    return location == null ? 0 : Math.max(0, location.getLineNr());
  }

  private static String limit(StreamConstraintsException e) {
    String message = e.getOriginalMessage();
    int end = message.indexOf(" (from ");
    return end < 0 ? message : message.substring(0, end);
  }

  private static String message(JsonProcessingException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof MarkedYAMLException marked && marked.getProblem() != null) {
        return marked.getProblem();
      }
    }
    return e.getOriginalMessage().lines().findFirst().orElse("");
  }
}
