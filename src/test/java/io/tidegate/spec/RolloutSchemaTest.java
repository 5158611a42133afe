package io.tidegate.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutSchemaTest {

  private final List<String> untitled = new ArrayList<>();
  private final List<String> undescribed = new ArrayList<>();

  @Test
  void every_field_is_described_and_every_check_says_what_it_expects() {
    JsonNode schema = SchemaCheck.document();
    walk("", schema);
    schema.path("$defs").properties().forEach(d -> walk(d.getKey(), d.getValue()));
    assertThat(undescribed).isEmpty();
    assertThat(untitled).isEmpty();
  }

  @Test
  void every_reference_leads_somewhere() {
    for (String reference : SchemaCheck.document().findValuesAsText("$ref")) {
      assertThat(SchemaCheck.document().at(reference.substring(1)).isMissingNode())
          .as(reference)
          .isFalse();
    }
  }

  @Test
  void every_metric_kind_says_which_fields_it_has() {
    JsonNode metric = SchemaCheck.document().at("/$defs/metric");
    List<String> kinds = new ArrayList<>();
    metric.at("/properties/kind/enum").forEach(kind -> kinds.add(kind.asText()));
    List<String> said = new ArrayList<>();
    for (JsonNode rule : metric.path("allOf")) {
      said.add(rule.at("/if/properties/kind/const").asText());
      rule.at("/then/propertyNames/enum")
          .forEach(name -> assertThat(metric.path("properties").has(name.asText())).isTrue());
    }
    assertThat(said).isEqualTo(kinds);
  }

  private void walk(String path, JsonNode schema) {
    boolean checks = schema.has("type") || schema.has("pattern") || schema.has("minimum");
    if (checks && !schema.has("title")) {
      untitled.add(path);
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            field -> {
              String at = path + "." + field.getKey();
              if (!field.getValue().has("description")) {
                undescribed.add(at);
              }
              walk(at, field.getValue());
            });
    if (schema.path("items").isObject()) {
      walk(path + "[]", schema.path("items"));
    }
    if (schema.path("additionalProperties").isObject()) {
      walk(path + ".*", schema.path("additionalProperties"));
    }
  }
}
