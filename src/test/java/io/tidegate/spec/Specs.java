package io.tidegate.spec;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.model.Problem;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Specs for tests. */
final class Specs {

  static final Path DESIGN = Path.of("src/test/resources/specs/design.yaml");

  /** The least that a spec needs; tests change single lines of it. */
  static final String LEAST =
      """
      apiVersion: tidegate.io/v1
      kind: Rollout
      id: least
      owner: team
      hypothesis: {statement: It helps}
      flag: {key: flag, control: "off", treatments: ["on"]}
      assignment: matched
      stages:
        - {name: half, percent: 50}
      metrics:
        - {name: errors, role: guardrail, kind: proportion, outcome: error, better: down, margin: {relative: 0.1}}
      """;

  private Specs() {}

  static RolloutSpec parse(String yaml) {
    return RolloutSpecs.parse(
        "spec.yaml", yaml.getBytes(StandardCharsets.UTF_8), RolloutSpecs.OUT_OF_ORDER);
  }

  static List<Problem> problems(String yaml) {
    UserError error = catchThrowableOfType(UserError.class, () -> parse(yaml));
    return error == null ? List.of() : error.problems();
  }

  /** The spec with one text in place of another that it must contain. */
  static String change(String text, String from, String to) {
    if (!text.contains(from)) {
      throw new IllegalArgumentException("no " + from + " in the spec");
    }
    return text.replace(from, to);
  }

  static String design() throws IOException {
    return Files.readString(DESIGN);
  }
}
