package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.connector.Catalogs;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.KafkaTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportITCase {

  @TempDir private Path folder;

  @Test
  void import_toKafkaAndToIceberg_bringsEveryEvent() throws IOException {
    Path rows =
        Files.writeString(
            folder.resolve("cookie.csv"),
            "userid,version,sum_gamerounds,retention_1,retention_7\n"
                + "116,gate_30,3,FALSE,FALSE\n337,gate_30,38,TRUE,TRUE\n377,gate_40,x,TRUE,TRUE\n");
    Path data = folder.resolve("data");
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(data)) {
      String config = platform.configFile().toString();
      String mapping = "jobs/examples/cookie_cats/mapping.yaml";
      Path rejects = folder.resolve("rejects.jsonl");
      Cli kafka =
          Cli.run(
              "import",
              rows.toString(),
              "--mapping",
              mapping,
              "--to",
              "kafka",
              "-c",
              config,
              "--rejects",
              rejects.toString(),
              "--output",
              "csv");
      assertThat(kafka.out()).contains("3,2,4,1,2026-01-05T00:00:00Z,2026-01-12T00:00:05Z");
      assertThat(kafka.err()).contains("row 3: outcomes[2].value: found x");
      assertThat(Files.readAllLines(rejects)).hasSize(1);
      try (KafkaTopics topics = KafkaTopics.connect(platform.config().kafka())) {
        assertThat(records(topics, "exposures")).isEqualTo(2);
        assertThat(records(topics, "outcomes")).isEqualTo(4);
        assertThat(records(topics, "rollouts")).isEqualTo(4);
      }
      Cli iceberg =
          Cli.run("import", rows.toString(), "--mapping", mapping, "--to", "iceberg", "-c", config);
      assertThat(iceberg.code()).isZero();
      List<Record> outcomes = read(platform, "outcomes");
      assertThat(outcomes).hasSize(4);
      assertThat(outcomes.stream().map(r -> r.getField("unit_id").toString()))
          .allMatch(id -> id.matches("[0-9a-f]{32}"));
      assertThat(outcomes.stream().map(r -> r.getField("outcome_value_micros")))
          .contains(3_000_000L, 38_000_000L);
      assertThat(read(platform, "exposures")).hasSize(2);
    }
  }

  private static long records(KafkaTopics topics, String topic) {
    return topics.ranges(topic).values().stream().mapToLong(r -> r.next() - r.first()).sum();
  }

  private static List<Record> read(EmbeddedPlatform platform, String name) throws IOException {
    var catalog = platform.config().catalog();
    Table table = Catalogs.open(catalog).loadTable(Catalogs.identifier(catalog, name));
    List<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      records.forEach(rows::add);
    }
    return rows;
  }
}
