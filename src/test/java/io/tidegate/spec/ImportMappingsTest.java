package io.tidegate.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportMappingsTest {

  private static ImportMapping parse(String yaml) {
    return ImportMappings.parse("map.yaml", yaml.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cookie_cats", "hillstrom", "cdnow"})
  void read_shippedExamples_areSound(String example) {
    ImportMapping mapping = ImportMappings.read(Path.of("jobs/examples", example, "mapping.yaml"));
    assertThat(mapping.outcomes()).isNotEmpty();
  }

  @Test
  void read_noSuchFile_isRefused() {
    assertThatThrownBy(() -> ImportMappings.read(Path.of("nowhere.yaml")))
        .hasMessage("nowhere.yaml: expected a mapping, but there is no such file");
  }

  @Test
  void parse_wrongFields_areAllReported() {
    String yaml =
        """
        apiVersion: tidegate.io/v1
        kind: Mapping
        input: {format: cvs, headers: true}
        rows: units
        unit: "${id}"
        exposure: {flag: gate, clock: {start: "2026-01-05T00:00:00Z", step: 5s}}
        outcomes:
          - {value: "${x}"}
        """;
    UserError error = catchThrowableOfType(UserError.class, () -> parse(yaml));
    assertThat(error.problems().stream().map(Problem::path))
        .containsExactlyInAnyOrder(
            "input.format",
            "input.headers",
            "rows",
            "exposure.variant",
            "exposure.clock.step",
            "outcomes[0].name");
    assertThat(error).hasMessageContaining("did you mean csv?").hasMessageContaining("header?");
  }

  @Test
  void parse_contradictions_areAllReported() {
    String yaml =
        """
        apiVersion: tidegate.io/v1
        kind: Mapping
        input: {format: csv, header: false}
        rows: event
        unit: "${id"
        exposure:
          flag: gate
          variant: {hash: "${id}"}
          clock: {start: soon, step: PT5S}
        outcomes:
          - {name: x, clock: {at: "${t}", format: qqqqqq, zone: Mars}}
          - {name: y, clock: {at: "${t}", step: PT1S}}
        """;
    UserError error = catchThrowableOfType(UserError.class, () -> parse(yaml));
    assertThat(error.problems().stream().map(Problem::path))
        .containsExactlyInAnyOrder(
            "input.columns",
            "unit",
            "exposure.clock",
            "exposure.clock.start",
            "exposure.variant",
            "outcomes[0].clock.format",
            "outcomes[0].clock.zone",
            "outcomes[1].clock");
  }
}
