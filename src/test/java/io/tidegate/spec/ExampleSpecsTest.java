package io.tidegate.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleSpecsTest {

  @ParameterizedTest
  @ValueSource(strings = {"cookie_cats", "hillstrom", "cdnow", "demo"})
  void read_shippedRollouts_areSound(String example) {
    Path file = Path.of("jobs/examples", example, "rollout.yaml");
    assertThat(RolloutSpecs.read(file).stages()).isNotEmpty();
  }
}
