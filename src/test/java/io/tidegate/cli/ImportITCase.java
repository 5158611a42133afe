package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidegate.connector.Catalogs;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.RolloutLog;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
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
      rolloutLivesFromTheFirstEventToTheEndOfTheData(platform);
      rolloutOlderThanTheClockIsRefused(platform, rows);
    }
  }

  private void rolloutLivesFromTheFirstEventToTheEndOfTheData(EmbeddedPlatform platform)
      throws IOException {
    Path rows =
        Files.writeString(
            folder.resolve("mails.csv"),
            "history_segment,zip_code,newbie,channel,segment,visit,conversion,spend\n"
                + "\"1) $0 - $100\",Urban,0,Web,Mens E-Mail,1,0,0\n"
                + "\"1) $0 - $100\",Rural,1,Phone,No E-Mail,0,0,0\n");
    Cli run = withRollout(platform, rows, "hillstrom", "--watch", "P14D");
    assertThat(run.code()).as(run.err()).isZero();
    List<RolloutEvent> log = RolloutLog.read(platform.config(), "hillstrom");
    long first = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
    long end = Instant.parse("2026-03-19T00:00:00.001Z").toEpochMilli();
    assertThat(log)
        .extracting(RolloutEvent::kind, RolloutEvent::eventTimeMs)
        .containsExactly(
            tuple(Kind.DEFINED, first),
            tuple(Kind.STAGE_ENTERED, first),
            tuple(Kind.COMPLETED, end));
    assertThat(log.get(1).stage()).isEqualTo("test");
    assertThat(RolloutLog.frontierMs(platform.config())).isEqualTo(end + 1);
  }

  private static void rolloutOlderThanTheClockIsRefused(EmbeddedPlatform platform, Path rows) {
    Cli older = withRollout(platform, rows, "cookie_cats");
    assertThat(older.code()).isEqualTo(Tidegate.USAGE);
    assertThat(older.err())
        .contains("first event at 2026-01-05T00:00:00Z", "from 2026-03-19T00:00:00.002Z on");
    Cli wrong =
        withRollout(platform, rows, "cookie_cats", "--enter", "tset=now", "--enter", "test=2026");
    assertThat(wrong.code()).isEqualTo(Tidegate.USAGE);
    assertThat(wrong.err()).contains("did you mean test?", "found now", "found 2026");
  }

  private static Cli withRollout(
      EmbeddedPlatform platform, Path rows, String example, String... more) {
    String[] command = {
      "import",
      rows.toString(),
      "--mapping",
      "jobs/examples/" + example + "/mapping.yaml",
      "--rollout",
      "jobs/examples/" + example + "/rollout.yaml",
      "--to",
      "kafka",
      "-c",
      platform.configFile().toString()
    };
    return Cli.run(
        Stream.concat(Arrays.stream(command), Arrays.stream(more)).toArray(String[]::new));
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
