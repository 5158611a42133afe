package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NamedQueriesTest {

  @Test
  void names_areTheFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("sql", "flink", "queries"))) {
      List<String> names =
          files.map(f -> f.getFileName().toString().replace(".sql", "")).sorted().toList();
      assertThat(NamedQueries.ALL.stream().sorted().toList()).isEqualTo(names);
    }
  }

  @Test
  void banners_sayQuestionRowAndColumns() {
    assertThat(NamedQueries.ALL)
        .allSatisfy(
            name -> {
              assertThat(NamedQueries.question(name)).endsWith("?");
              assertThat(NamedQueries.text(name)).contains("-- One row is: ", "-- Columns\n");
            });
  }
}
