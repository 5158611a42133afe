package io.tidegate.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.model.UserError;
import io.tidegate.spec.ImportMapping.Clock;
import io.tidegate.spec.ImportMapping.ExposureRule;
import io.tidegate.spec.ImportMapping.Format;
import io.tidegate.spec.ImportMapping.Input;
import io.tidegate.spec.ImportMapping.OutcomeRule;
import io.tidegate.spec.ImportMapping.Text;
import io.tidegate.spec.ImportMapping.VariantRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@link ImportMapping}s. */
public final class ImportMappings {

  private static final Instant NO_TIME = Instant.EPOCH;

  private final String file;
  private final Findings findings;

  private ImportMappings(String file, Findings findings) {
    this.file = file;
    this.findings = findings;
  }

  /** Reads a YAML file; throws a {@link UserError} that holds every problem. */
  public static ImportMapping read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserError(file.toString(), "", "", "a mapping, but there is no such file");
    }
    try {
      return parse(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UserError(file.toString(), "", e.toString(), "a readable file");
    }
  }

  /** Reads YAML that was read from {@code file}. */
  public static ImportMapping parse(String file, byte[] yaml) {
    Findings findings = new Findings(file);
    ObjectNode tree = SpecTree.yaml(yaml, findings);
    if (tree != null) {
      SchemaCheck.checkMapping(tree, findings);
    }
    ImportMapping mapping =
        tree != null && findings.none() ? new ImportMappings(file, findings).mapping(tree) : null;
    findings.throwIfAny();
    if (mapping == null) {
      throw new IllegalStateException("a mapping is missing only with a problem found");
    }
    return mapping;
  }

  private ImportMapping mapping(JsonNode root) {
    JsonNode input = root.path("input");
    List<String> columns = new ArrayList<>();
    input.path("columns").forEach(column -> columns.add(column.asText()));
    boolean header = input.path("header").asBoolean(true);
    Format format = Format.valueOf(input.path("format").asText().toUpperCase(Locale.ROOT));
    if (!header && columns.isEmpty() && format != Format.PARQUET) {
      findings.add("input.columns", "", "the names of the columns, which the file does not have");
    }
    boolean rowPerEvent = root.path("rows").asText().equals("event");
    List<OutcomeRule> outcomes = new ArrayList<>();
    JsonNode rules = root.path("outcomes");
    for (int i = 0; i < rules.size(); i++) {
      outcomes.add(outcome(Findings.child("outcomes", i), rules.path(i)));
    }
    return new ImportMapping(
        file,
        new Input(format, header, columns),
        rowPerEvent,
        text("unit", root.path("unit")),
        exposure(root.path("exposure"), rowPerEvent),
        outcomes);
  }

  private ExposureRule exposure(JsonNode node, boolean rowPerEvent) {
    Clock clock = clock("exposure.clock", node.path("clock"));
    if (rowPerEvent && clock instanceof Clock.Ranked) {
      findings.add("exposure.clock", "start", "at, since a unit's earliest row is its exposure");
    }
    return new ExposureRule(
        node.path("flag").asText(),
        variant(node.path("variant")),
        clock,
        texts("exposure.attributes", node.path("attributes")));
  }

  private VariantRule variant(JsonNode node) {
    String path = "exposure.variant";
    if (!node.has("hash")) {
      if (node.isObject() && !node.has("text")) {
        findings.add(path, node, "text and map, or hash and split");
      }
      return new VariantRule.Named(text(path, node));
    }
    if (node.has("text") || node.has("map") || !node.has("split")) {
      findings.add(path, node, "either text and map, or hash and split");
    }
    Map<String, Double> split = new LinkedHashMap<>();
    node.path("split")
        .properties()
        .forEach(weight -> split.put(weight.getKey(), weight.getValue().asDouble()));
    Text of = text(path + ".hash", node.path("hash"));
    return new VariantRule.Hashed(of, node.path("salt").asText("v1"), split);
  }

  private OutcomeRule outcome(String path, JsonNode node) {
    Clock.Dated dated = null;
    if (node.has("clock")) {
      String at = Findings.child(path, "clock");
      if (clock(at, node.path("clock")) instanceof Clock.Dated found) {
        dated = found;
      } else {
        findings.add(at, "start", "at; an outcome of a made-up clock says after");
      }
    }
    return new OutcomeRule(
        node.path("name").asText(),
        optional(path, node, "if"),
        optional(path, node, "value"),
        dated,
        Duration.parse(node.path("after").asText("PT0S")),
        optional(path, node, "id"),
        texts(Findings.child(path, "attributes"), node.path("attributes")));
  }

  private Clock clock(String path, JsonNode node) {
    boolean ranked = node.has("start") && node.has("step");
    boolean dated = node.has("at");
    boolean mixed =
        ranked == dated
            || (ranked && (node.has("format") || node.has("zone")))
            || (dated && (node.has("start") || node.has("step") || node.has("rank")));
    if (mixed) {
      findings.add(path, node, "start, step and perhaps rank, or at and perhaps format and zone");
    }
    if (ranked) {
      Duration step = Duration.parse(node.path("step").asText());
      if (step.isNegative()) {
        findings.add(Findings.child(path, "step"), node.path("step"), "a duration of 0 or more");
      }
      return new Clock.Ranked(
          instant(Findings.child(path, "start"), node.path("start").asText()),
          step,
          optional(path, node, "rank"));
    }
    String pattern = node.has("format") ? node.path("format").asText() : null;
    if (pattern != null) {
      checkPattern(Findings.child(path, "format"), pattern);
    }
    return new Clock.Dated(
        text(Findings.child(path, "at"), node.path("at")),
        pattern,
        zone(Findings.child(path, "zone"), node.path("zone").asText("UTC")));
  }

  private Instant instant(String path, String text) {
    try {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
    } catch (DateTimeException e) {
      findings.add(path, text, "an instant such as \"2026-01-05T00:00:00Z\"");
      return NO_TIME;
    }
  }

  private void checkPattern(String path, String pattern) {
    try {
      var unused = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    } catch (IllegalArgumentException e) {
      findings.add(path, pattern, "a pattern such as yyyyMMdd (" + e.getMessage() + ")");
    }
  }

  private ZoneId zone(String path, String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      findings.add(path, text, "a time zone such as UTC or Europe/Berlin");
      return ZoneOffset.UTC;
    }
  }

  private Map<String, Text> texts(String path, JsonNode node) {
    Map<String, Text> texts = new LinkedHashMap<>();
    node.properties()
        .forEach(
            entry ->
                texts.put(
                    entry.getKey(), text(Findings.child(path, entry.getKey()), entry.getValue())));
    return texts;
  }

  private @Nullable Text optional(String path, JsonNode node, String field) {
    return node.has(field) ? text(Findings.child(path, field), node.path(field)) : null;
  }

  private Text text(String path, JsonNode node) {
    Map<String, String> replacements = new LinkedHashMap<>();
    node.path("map")
        .properties()
        .forEach(entry -> replacements.put(entry.getKey(), entry.getValue().asText()));
    String template = node.isObject() ? node.path("text").asText() : node.asText();
    int open = template.lastIndexOf("${");
    if (open >= 0 && template.indexOf('}', open) < 0) {
      findings.add(path, template, "a } after every ${");
    }
    return new Text(path, template, replacements);
  }
}
