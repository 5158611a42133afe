package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrinoQueriesITCase {

  @Test
  void every_query_is_accepted_by_trinos_parser(@TempDir Path scratch) throws IOException {
    assertThat(SqlEngines.parseTrino(scratch))
        .containsExactlyInAnyOrderElementsOf(NamedQueries.ALL);
  }
}
