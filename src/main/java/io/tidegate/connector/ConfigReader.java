package io.tidegate.connector;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tidegate.model.Nearest;
import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one section of a configuration: every key asked for is known, every other key is a problem,
 * and problems are collected until {@link #finish()}. A wrong value yields the default so that the
 * rest can still be checked.
 */
final class ConfigReader {

  private static final Pattern SECRET =
      Pattern.compile(
          "password|passwd|secret|token|credential|jaas|private.?key|access.?key",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern FROM_ENVIRONMENT = Pattern.compile("\\$\\{env:([A-Za-z0-9_]+)}");
  private static final String MASK = "******";

  private final Shared shared;
  private final String prefix;
  private final ObjectNode node;
  private final TreeSet<String> known = new TreeSet<>();

  /** What all sections of one file share. */
  private record Shared(
      String file,
      Map<String, String> environment,
      List<Problem> problems,
      Map<String, String> effective,
      List<ConfigReader> sections) {}

  private ConfigReader(Shared shared, String prefix, ObjectNode node) {
    this.shared = shared;
    this.prefix = prefix;
    this.node = node;
    shared.sections().add(this);
  }

  static ConfigReader open(Path file, Map<String, String> environment) {
    Shared shared =
        new Shared(
            file.toString(), environment, new ArrayList<>(), new TreeMap<>(), new ArrayList<>());
    return new ConfigReader(shared, "", parse(file));
  }

  private static ObjectNode parse(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserError(file.toString(), "", "", "a configuration file, but there is none");
    }
    YAMLMapper yaml =
        YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
    try {
      JsonNode tree = yaml.readTree(Files.readAllBytes(file));
      if (tree == null || tree.isMissingNode() || tree.isNull()) {
        return JsonNodeFactory.instance.objectNode();
      }
      if (tree instanceof ObjectNode object) {
        return object;
      }
      throw new UserError(file.toString(), "", tree.getNodeType().toString(), "a YAML mapping");
    } catch (JsonProcessingException e) {
      String line = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr();
      throw new UserError(file.toString(), line, e.getOriginalMessage(), "valid YAML");
    } catch (IOException e) {
      throw new UserError(file.toString(), "", String.valueOf(e.getMessage()), "a readable file");
    }
  }

  ConfigReader section(String name) {
    known.add(name);
    JsonNode child = node.get(name);
    if (child instanceof ObjectNode object) {
      return new ConfigReader(shared, path(name) + ".", object);
    }
    if (child != null && !child.isNull()) {
      problem(name, child.toString(), "a section with keys");
    }
    return new ConfigReader(shared, path(name) + ".", JsonNodeFactory.instance.objectNode());
  }

  String required(String name) {
    String value = scalar(name, null);
    if (value == null || value.isBlank()) {
      problem(name, "", "a value here or in the environment variable " + variable(name));
      return "";
    }
    return value;
  }

  String string(String name, String otherwise) {
    String value = scalar(name, otherwise);
    return value == null ? otherwise : value;
  }

  boolean bool(String name, boolean otherwise) {
    String value = string(name, Boolean.toString(otherwise));
    if (!value.equals("true") && !value.equals("false")) {
      problem(name, value, "true or false");
      return otherwise;
    }
    return value.equals("true");
  }

  int integer(String name, int otherwise, int least, int most) {
    String value = string(name, Integer.toString(otherwise));
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below, as a number out of range is.
    }
    problem(name, value, "a whole number from " + least + " to " + most);
    return otherwise;
  }

  long durationMs(String name, String otherwise) {
    String value = string(name, otherwise);
    try {
      long ms = Duration.parse(value).toMillis();
      if (ms > 0) {
        return ms;
      }
    } catch (DateTimeException | ArithmeticException e) {
      // Reported below, as a duration that is not positive is.
    }
    problem(name, value, "a positive ISO-8601 duration such as " + otherwise);
    return Duration.parse(otherwise).toMillis();
  }

  <E extends Enum<E>> E choice(String name, Class<E> type, E otherwise) {
    String value = string(name, word(otherwise));
    List<String> words = Arrays.stream(type.getEnumConstants()).map(ConfigReader::word).toList();
    int index = words.indexOf(value);
    if (index < 0) {
      problem(name, value, Nearest.suggest("one of " + String.join(", ", words), value, words));
      return otherwise;
    }
    return type.getEnumConstants()[index];
  }

  List<String> list(String name, List<String> otherwise) {
    known.add(name);
    JsonNode child = node.get(name);
    List<String> values = new ArrayList<>(otherwise);
    if (child != null && child.isArray()) {
      values.clear();
      child.forEach(item -> values.add(item.asText()));
    } else if (child != null) {
      problem(name, child.toString(), "a list");
    }
    shared.effective().put(path(name), values + origin(child == null ? "default" : "file"));
    return values;
  }

  /** A section whose keys are free: passed on as they are. */
  Map<String, String> strings(String name) {
    known.add(name);
    Map<String, String> values = new LinkedHashMap<>();
    JsonNode child = node.get(name);
    if (child instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        String key = name + "." + field.getKey();
        if (field.getValue().isValueNode()) {
          String value = substitute(key, field.getValue().asText());
          values.put(field.getKey(), value);
          shared.effective().put(path(key), mask(key, value) + origin("file"));
        } else {
          problem(key, field.getValue().toString(), "a single value");
        }
      }
    } else if (child != null && !child.isNull()) {
      problem(name, child.toString(), "a section with keys");
    }
    return values;
  }

  Map<String, String> effective() {
    return shared.effective();
  }

  /** Throws a UserError if anything was wrong in this file. */
  void finish() {
    for (ConfigReader section : shared.sections()) {
      section.node.fieldNames().forEachRemaining(section::checkKnown);
    }
    if (!shared.problems().isEmpty()) {
      throw new UserError(shared.problems());
    }
  }

  private void checkKnown(String name) {
    if (!known.contains(name)) {
      String expected = "a known key (" + String.join(", ", known) + ")";
      problem(name, name, Nearest.suggest(expected, name, known));
    }
  }

  private @Nullable String scalar(String name, @Nullable String otherwise) {
    known.add(name);
    String fromEnvironment = shared.environment().get(variable(name));
    JsonNode child = node.get(name);
    String value = otherwise;
    String origin = "default";
    if (fromEnvironment != null) {
      value = fromEnvironment;
      origin = variable(name);
    } else if (child != null && child.isValueNode() && !child.isNull()) {
      value = substitute(name, child.asText());
      origin = "file";
    } else if (child != null && !child.isNull()) {
      problem(name, child.toString(), "a single value");
    }
    if (value != null) {
      shared.effective().put(path(name), mask(name, value) + origin(origin));
    }
    return value;
  }

  private String substitute(String name, String text) {
    Matcher matcher = FROM_ENVIRONMENT.matcher(text);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String value = shared.environment().get(matcher.group(1));
      if (value == null) {
        problem(name, text, "the environment variable " + matcher.group(1) + " to be set");
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(value == null ? "" : value));
    }
    return matcher.appendTail(out).toString();
  }

  private static String mask(String name, String value) {
    if (SECRET.matcher(name).find()) {
      return MASK;
    }
    return withoutSecrets(value);
  }

  /** Masks what stands after {@code password=} and its like in an address. */
  static String withoutSecrets(String address) {
    return address
        .replaceAll("(?i)((?:password|secret|token)=)[^&;\\s]*", "$1" + MASK)
        .replaceAll("(://[^/@:\\s]*:)[^/@\\s]*@", "$1" + MASK + "@");
  }

  private static String origin(String origin) {
    return " (" + origin + ")";
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private String path(String name) {
    return prefix + name;
  }

  private String variable(String name) {
    return "TIDEGATE_" + path(name).toUpperCase(Locale.ROOT).replace('.', '_');
  }

  void problem(String name, String value, String expected) {
    String shown = SECRET.matcher(name).find() && !value.isEmpty() ? MASK : value;
    shared.problems().add(new Problem(shared.file(), path(name), shown, expected));
  }
}
