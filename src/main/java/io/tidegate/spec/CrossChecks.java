package io.tidegate.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.model.Nearest;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a schema cannot say: fields held against one another. Works on any tree, so that these
 * problems are found together with the schema's; a field of the wrong type is skipped.
 */
final class CrossChecks {

  private final JsonNode root;
  private final Findings findings;
  private final Durations durations;

  private CrossChecks(JsonNode root, Findings findings) {
    this.root = root;
    this.findings = findings;
    this.durations = Durations.check(root, findings);
  }

  /** Runs every check; {@code outOfOrder} is the bound by which events may arrive disordered. */
  static void check(JsonNode root, Duration outOfOrder, Findings findings) {
    CrossChecks checks = new CrossChecks(root, findings);
    checks.uniqueNames("stages", "name");
    checks.uniqueNames("metrics", "name");
    checks.uniqueNames("governance.sign_offs", "name");
    checks.looks();
    checks.hypothesis();
    checks.segments();
    checks.holdout();
    FlagChecks.check(root, findings);
    StageChecks.check(root, checks.durations, outOfOrder, findings);
    MetricChecks.check(root, findings);
  }

  private void uniqueNames(String listPath, String field) {
    JsonNode list = root;
    for (String part : listPath.split("\\.", -1)) {
      list = list.path(part);
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      JsonNode name = list.path(i).path(field);
      if (name.isTextual() && !seen.add(name.textValue())) {
        String path = Findings.child(Findings.child(listPath, i), field);
        findings.add(path, name, "a name that no other has");
      }
    }
  }

  private void looks() {
    Duration every = durations.at("looks.every", RolloutSpecs.LOOK_EVERY);
    Duration evidence = durations.at("looks.evidence", RolloutSpecs.EVIDENCE_EVERY);
    if (every.compareTo(Duration.ofSeconds(1)) < 0 || every.toNanosPart() % 1_000_000 != 0) {
      findings.add("looks.every", every.toString(), "at least PT1S, in whole milliseconds");
    }
    if (evidence.compareTo(every) < 0) {
      findings.add("looks.evidence", evidence.toString(), "at least looks.every, " + every);
    }
  }

  private void hypothesis() {
    JsonNode metric = root.path("hypothesis").path("metric");
    Set<String> names = names(root, "metrics", "");
    if (metric.isTextual() && !names.contains(metric.textValue())) {
      String expected = "one of the metrics " + String.join(", ", names);
      String value = metric.textValue();
      findings.add("hypothesis.metric", value, Nearest.suggest(expected, value, names));
    }
    JsonNode segment = root.path("hypothesis").path("segment");
    if (segment.isTextual()) {
      segmentExists("hypothesis.segment", segment.textValue(), root, findings);
    }
  }

  private void segments() {
    JsonNode segments = root.path("segments");
    List<String> reserved = List.of("*", "(other)", "(unknown)");
    segments
        .fieldNames()
        .forEachRemaining(
            name -> {
              String path = Findings.child("segments", name);
              if (name.equals("all")) {
                findings.add(path, name, "another attribute: all is every unit");
              }
              JsonNode values = segments.path(name);
              for (int i = 0; values.isArray() && i < values.size(); i++) {
                if (reserved.contains(values.get(i).asText())) {
                  String expected = "a value other than " + String.join(", ", reserved);
                  findings.add(Findings.child(path, i), values.get(i), expected);
                }
              }
            });
  }

  private void holdout() {
    JsonNode until = root.path("holdout").path("until");
    if (until.isTextual() && until.textValue().matches("[0-9]{4}-.*")) {
      try {
        SpecReader.instant(until.textValue());
      } catch (DateTimeException e) {
        findings.add("holdout.until", until, "a date or instant that exists");
      }
    }
  }

  /** Checks that {@code dimension=value} names a declared segment. */
  static void segmentExists(String path, String segment, JsonNode root, Findings findings) {
    int equals = segment.indexOf('=');
    if (equals <= 0) {
      findings.add(path, segment, "dimension=value");
      return;
    }
    String dimension = segment.substring(0, equals);
    String value = segment.substring(equals + 1);
    List<String> dimensions = new ArrayList<>();
    root.path("segments").fieldNames().forEachRemaining(dimensions::add);
    JsonNode declared = root.path("segments").path(dimension);
    if (declared.isMissingNode()) {
      String expected =
          dimensions.isEmpty()
              ? "segments to declare the dimension " + dimension
              : "one of the dimensions " + String.join(", ", dimensions);
      findings.add(path, segment, Nearest.suggest(expected, dimension, dimensions));
    } else if (declared.isArray()) {
      List<String> values = new ArrayList<>();
      declared.forEach(v -> values.add(v.asText()));
      if (!values.contains(value)) {
        String expected = "one of the values " + String.join(", ", values) + " of " + dimension;
        findings.add(path, segment, Nearest.suggest(expected, value, values));
      }
    }
  }

  /** Names in a list of the spec whose {@code role} is as given; any role where it is empty. */
  static Set<String> names(JsonNode root, String list, String role) {
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode item : root.path(list)) {
      boolean wanted = role.isEmpty() || item.path("role").asText().equals(role);
      if (wanted && item.path("name").isTextual()) {
        names.add(item.path("name").textValue());
      }
    }
    return names;
  }
}
