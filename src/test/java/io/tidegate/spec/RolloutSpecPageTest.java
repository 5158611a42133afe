package io.tidegate.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Run with {@code TIDEGATE_WRITE=1} in the environment to write the page anew. */
class RolloutSpecPageTest {

  private static final Path PAGE = Path.of("docs/rollout-spec.md");

  @Test
  void page_says_what_the_schema_says() throws IOException {
    String rendered = RolloutSpecPage.render(SchemaCheck.document());
    if (System.getenv("TIDEGATE_WRITE") != null) {
      Files.writeString(PAGE, rendered);
    }
    assertThat(PAGE).content().isEqualTo(rendered);
  }
}
