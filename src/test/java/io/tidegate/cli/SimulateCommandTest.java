package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateCommandTest {

  private static final String SPEC = "jobs/examples/demo/rollout.yaml";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private Cli simulate(String... more) {
    List<String> args = new ArrayList<>(List.of("simulate", "--spec", SPEC));
    args.addAll(List.of("--dir", folder.toString(), "--units-per-day", "100"));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(new String[0]));
  }

  @Test
  void simulate_toFiles_writesEventsTicksAndTruth() throws IOException {
    Cli run =
        simulate("--history-days", "2", "--days", "3", "--effect", "purchase=-0.5,device=mobile");
    assertThat(run.err()).contains("simulated up to 2026-03-03T00:00:00Z");
    assertThat(run.code()).isZero();
    List<JsonNode> rollouts =
        Files.readAllLines(folder.resolve("rollouts.jsonl")).stream()
            .map(SimulateCommandTest::json)
            .toList();
    assertThat(rollouts.stream().map(e -> e.path("kind").asText()).distinct())
        .containsExactly("TICK", "DEFINED", "STAGE_ENTERED");
    assertThat(rollouts.stream().map(e -> e.path("stage").asText("")).distinct())
        .containsExactly("", "canary", "early", "half");
    assertThat(rollouts.stream().map(e -> e.path("event_time").asLong()).toList()).isSorted();
    JsonNode truth = JSON.readTree(folder.resolve("truth.json").toFile());
    long exposures = Files.readAllLines(folder.resolve("exposures.jsonl")).size();
    long outcomes = Files.readAllLines(folder.resolve("outcomes.jsonl")).size();
    long counted = 0;
    for (JsonNode count : truth.path("counts")) {
      counted += count.asLong();
    }
    assertThat(counted - truth.path("counts").path("late").asLong())
        .isEqualTo(exposures + outcomes);
    assertThat(truth.path("effects").get(0).path("where").path("device").asText())
        .isEqualTo("mobile");
    assertThat(truth.path("rows")).isNotEmpty();
  }

  @Test
  void simulate_wrongOptions_areAllReported() {
    Cli run =
        simulate(
            "--effect", "purchases=-0.5",
            "--effect", "purchase=-0.5,from=nowhere",
            "--shock", "traffic=1,from=soon",
            "--holidays", "atlantis",
            "--late", "7");
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err())
        .contains("did you mean purchase?", "a stage among", "--shock", "atlantis", "late must be")
        .doesNotContain("Exception");
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
