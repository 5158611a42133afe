package io.tidegate.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Renders the schema as {@code docs/rollout-spec.md}. */
final class RolloutSpecPage {

  private static final String HEAD =
      """
      # The rollout spec: every field

      A rollout is one YAML file, `jobs/rollouts/<id>.yaml`. `./tidegate validate FILE…` lists every problem
      at once: file, line, path, what was found, what was expected. The JSON Schema for editors is
      `src/main/resources/rollout.schema.json`. Templates to start from: [`jobs/templates/`](../jobs/templates/README.md).

      Durations are ISO-8601 (`PT30M`, `PT24H`, `P7D`; a day is 24 hours). Text that YAML would take for a number is
      quoted. Anchors, aliases and tags are refused, as are files over 256 KiB. This page is written from the schema.

      """;

  private static final String TAIL =
      """
      ## What is checked across fields

      - Names of stages, metrics and sign-offs are unique; stages rise strictly in percent.
      - `matched`: percent ÷ (the treatments' weight ÷ all weights) is at most 100, except for `percent: 100`, the one
        stage without control.
      - `split` names exactly the control and the treatments; with `ramped` the treatments only.
      - `require` names guardrails; every guardrail has a margin; a `mean` is never the only thing a stage requires.
      - `success: any` needs a success metric; a `long_term` metric has neither `rollback` nor `segment_margins`.
      - `rates` needs `currency`, has no rate for it, and at most nine decimal places
        ([several currencies](long-run.md#several-currencies)).
      - `hypothesis.metric`, `hypothesis.segment` and `segment_margins` name what is declared.
      - `max_duration` is at least `min_duration`; `settle` is at least the bound by which events may arrive disordered
        (`events.out_of_order` of the configuration, default PT10S) and only for `ramped`; `looks.evidence` is at least
        `looks.every`.

      Everything but `owner`, `contact`, `respond_within`, `cost` and the wording of the hypothesis is frozen when the first
      stage is entered. `spec_hash` is the SHA-256 of the canonical JSON: defaults written out, keys sorted, durations and
      numbers in one form; how the YAML is written does not matter.
      """;

  private final JsonNode schema;
  private final StringBuilder page = new StringBuilder(HEAD);

  private RolloutSpecPage(JsonNode schema) {
    this.schema = schema;
  }

  static String render(JsonNode schema) {
    RolloutSpecPage page = new RolloutSpecPage(schema);
    page.section("The file", schema);
    String[] names = {
      "hypothesis",
      "flag",
      "looks",
      "stage",
      "holdout",
      "segment",
      "metric",
      "outcome",
      "term",
      "margin",
      "decision",
      "quality",
      "governance",
      "cost",
      "privacy"
    };
    for (String name : names) {
      page.section("`" + name + "`", schema.path("$defs").path(name));
    }
    page.kinds();
    return page.page.append(TAIL).toString();
  }

  private void section(String title, JsonNode object) {
    page.append("## ").append(title).append("\n\n");
    String expects = object.path("title").asText();
    if (!expects.endsWith("…")) {
      page.append("Expects ").append(expects).append(".\n\n");
    }
    page.append("| field | | what it is | expects | default |\n|---|---|---|---|---|\n");
    rows("", object);
    page.append('\n');
  }

  private void rows(String prefix, JsonNode object) {
    List<String> required = new ArrayList<>();
    object.path("required").forEach(name -> required.add(name.asText()));
    for (Map.Entry<String, JsonNode> field : object.path("properties").properties()) {
      JsonNode resolved = resolve(field.getValue());
      String name = prefix + field.getKey();
      boolean needed = required.contains(field.getKey());
      page.append("| `").append(name).append("` | ").append(needed ? "required" : "");
      page.append(" | ").append(field.getValue().path("description").asText());
      page.append(" | ").append(expects(resolved)).append(" | ");
      page.append(otherwise(field.getValue())).append(" |\n");
      if (resolved.path("items").has("properties") && !resolved.path("items").has("$ref")) {
        rows(name + "[].", resolved.path("items"));
      }
    }
  }

  private String expects(JsonNode field) {
    if (field.has("const")) {
      return "`" + field.path("const").asText() + "`";
    }
    if (field.has("enum")) {
      List<String> words = new ArrayList<>();
      field.path("enum").forEach(word -> words.add("`" + word.asText() + "`"));
      return String.join(", ", words);
    }
    return field.path("title").asText();
  }

  private String otherwise(JsonNode field) {
    JsonNode value = field.path("default");
    return value.isMissingNode() ? "" : value.asText();
  }

  private void kinds() {
    page.append("## Metric kinds\n\n| `kind` | its own fields | required |\n|---|---|---|\n");
    JsonNode metric = schema.at("/$defs/metric");
    List<String> common = new ArrayList<>();
    metric.at("/allOf/0/then/propertyNames/enum").forEach(name -> common.add(name.asText()));
    common.removeAll(List.of("outcome", "window"));
    for (JsonNode rule : metric.path("allOf")) {
      List<String> own = new ArrayList<>();
      rule.at("/then/propertyNames/enum").forEach(name -> own.add(name.asText()));
      own.removeAll(common);
      List<String> required = new ArrayList<>();
      rule.at("/then/required").forEach(name -> required.add("`" + name.asText() + "`"));
      page.append("| `").append(rule.at("/if/properties/kind/const").asText()).append("` | `");
      page.append(String.join("`, `", own)).append("` | ");
      page.append(String.join(", ", required)).append(" |\n");
    }
    page.append(
        "\n`quantile` 0.95 with `margin: {relative: 0.10}` tolerates that 5.5 % of the requests, in place of 5 %, take longer than the\n"
            + "time that 95 % of them kept to in history; it does not say that the 95th percentile may be 10 % longer. How many milliseconds that is\n"
            + "depends on the tail: where the share beyond halves whenever the time rises by a fifth, 10 % more requests beyond are about 3 % more time.\n\n"
            + "`retention` needs either `day` or `days: {from, to}`; `depth` takes `days` as a number.\n\n");
  }

  private JsonNode resolve(JsonNode field) {
    String reference = field.path("$ref").asText();
    return reference.isEmpty() ? field : schema.at(reference.substring(1));
  }
}
