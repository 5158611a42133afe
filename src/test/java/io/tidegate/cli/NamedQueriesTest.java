package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedQueriesTest {

  @ParameterizedTest
  @ValueSource(strings = {"flink", "spark", "trino"})
  void names_areTheFilesOfEachEngine(String engine) throws IOException {
    assertThat(SqlEngines.names(engine)).containsExactlyInAnyOrderElementsOf(NamedQueries.ALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark", "trino"})
  void banners_areTheSameForEachEngine(String engine) throws IOException {
    for (String name : NamedQueries.ALL) {
      Path file = Path.of("sql", engine, "queries", name + ".sql");
      assertThat(banner(Files.readString(file)))
          .as(file.toString())
          .isEqualTo(banner(NamedQueries.text(name)));
    }
  }

  private static List<String> banner(String query) {
    return query.lines().takeWhile(line -> line.startsWith("--")).toList();
  }

  @Test
  void banners_sayQuestionRowAndColumns() {
    assertThat(NamedQueries.ALL)
        .allSatisfy(
            name -> {
              assertThat(NamedQueries.question(name)).endsWith("?");
              assertThat(NamedQueries.text(name))
                  .contains("-- One row is: ", "-- Columns\n")
                  .endsWith(";\n");
            });
  }
}
