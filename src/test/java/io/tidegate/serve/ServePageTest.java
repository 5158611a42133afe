package io.tidegate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServePageTest {

  @Test
  void page_says_itself_what_an_event_is() throws IOException {
    String page = Files.readString(Path.of("docs/serve.md"));
    assertThat(page).doesNotContain("design.md");
    assertThat(EventDesk.KINDS).allSatisfy(kind -> assertThat(page).contains("`" + kind + "`"));
    assertThat(EventDesk.FIELDS).allSatisfy(field -> assertThat(page).contains("`" + field + "`"));
  }
}
