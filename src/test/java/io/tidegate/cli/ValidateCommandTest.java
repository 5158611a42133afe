package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {

  private static final String SOUND = "src/test/resources/specs/design.yaml";

  @TempDir Path folder;

  @Test
  void sound_spec_exits_0_and_shows_its_hash() {
    Cli run = Cli.run("validate", SOUND);
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("checkout-v2").containsPattern("[0-9a-f]{64}");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void problems_of_all_files_go_to_standard_error_with_exit_code_2() throws IOException {
    Path wrong = folder.resolve("wrong.yaml");
    Files.writeString(
        wrong, Files.readString(Path.of(SOUND)).replace("role: success", "role: succes"));
    Cli run = Cli.run("validate", SOUND, wrong.toString(), "no-such.yaml");
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines())
        .hasSize(4)
        .anyMatch(line -> line.startsWith(wrong + ":19: metrics[0].role: found succes"))
        .anyMatch(line -> line.contains("did you mean success?"))
        .anyMatch(line -> line.startsWith("no-such.yaml: expected a rollout spec"))
        .noneMatch(line -> line.contains("\tat "));
  }

  @Test
  void problems_as_json_go_to_standard_output() {
    Cli run = Cli.run("validate", "--output", "json", "no-such.yaml");
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.out()).contains("\"file\" : \"no-such.yaml\"", "\"line\" : null");
  }
}
