package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Lists;
import io.tidegate.codec.Tables;
import io.tidegate.connector.HeldOffsets.Held;
import io.tidegate.connector.KafkaTopics.Range;
import io.tidegate.connector.results.TableFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Table {@code read_positions} looked after: smaller, with the same answers. */
class NeededPositionsITCase {

  private static final long DAY = 86_400_000L;

  @TempDir private Path folder;
  private final long nowMs = System.currentTimeMillis();
  private TableFixture tables;
  private TidegateConfig config;

  @BeforeEach
  void create() {
    tables = TableFixture.create(folder);
    config = TidegateConfig.load(tables.configFile(), Map.of());
  }

  @AfterEach
  void close() throws IOException {
    tables.close();
  }

  @Test
  void a_quiet_partition_keeps_one_row_and_a_day_without_any_goes() throws Exception {
    row(0, 6);
    for (int day = 30; day > 0; day--) {
      position(day, 0, 9, 6);
      position(day, 1, 4, -1);
      position(day, 2, 100 - day, 99 - day);
    }
    TableMaintenance.Done done = maintain(0, 2);
    assertThat(positions()).containsExactlyInAnyOrder("0: 9, 6", "1: 4, -1");
    assertThat(done.dropped()).isEqualTo(88);
    assertThat(done.written()).isEqualTo(1);
    assertThat(IcebergTables.load(config, Tables.READ_POSITIONS).currentSnapshot().summary())
        .containsEntry("total-data-files", "1");
    TableMaintenance.Done again = maintain(0, 2);
    assertThat(again.merged() + again.written()).isZero();
  }

  @Test
  void a_position_that_does_not_count_yet_is_kept_beside_the_last_that_does() throws Exception {
    row(0, 6);
    position(3, 0, 9, 6);
    position(2, 0, 20, 14);
    position(1, 0, 25, 14);
    maintain(0, 100);
    assertThat(positions()).containsExactlyInAnyOrder("0: 9, 6", "0: 25, 14");
    row(0, 14);
    assertThat(ends(newest())).containsEntry(at(0), 25L);
  }

  @Test
  void positions_of_topics_that_are_read_no_more_wait_for_their_return() throws Exception {
    Map<String, Object> row = position(9, 2);
    row.put("_topic", "before");
    tables.append(Tables.READ_POSITIONS, List.of(row));
    maintain(0, 1);
    assertThat(positions()).containsExactly("0: 9, 2");
  }

  /** Histories of rows, marks and checkpoints committed in whatever order. */
  @Test
  void every_snapshot_that_may_still_be_asked_gets_the_same_answer() throws Exception {
    Random random = new Random(7);
    long[] read = new long[3];
    long[] kept = {-1, -1, -1};
    List<Snapshot> asked = new ArrayList<>();
    for (int checkpoint = 0; checkpoint < 40; checkpoint++) {
      List<Map<String, Object>> rows = new ArrayList<>();
      List<Map<String, Object>> positions = new ArrayList<>();
      for (int partition = 0; partition < 3; partition++) {
        for (int i = random.nextInt(3); i > 0; i--) {
          if (random.nextInt(3) > 0) {
            kept[partition] = read[partition];
            rows.add(event(partition, read[partition]));
          }
          read[partition]++;
        }
        Map<String, Object> position = position(read[partition], kept[partition]);
        position.put("_topic_partition", partition);
        position.put("read_at", nowMs - DAY * (40 - checkpoint) / 4);
        positions.add(position);
      }
      boolean rowsFirst = random.nextBoolean();
      if (rowsFirst) {
        append(rows, asked);
      }
      tables.append(Tables.READ_POSITIONS, positions);
      if (!rowsFirst) {
        append(rows, asked);
      }
    }
    Snapshot since = asked.get(asked.size() / 2);
    asked.removeIf(snapshot -> snapshot.timestampMillis() < since.timestampMillis());
    Map<Long, Map<TopicPartition, Long>> before = new HashMap<>();
    asked.forEach(s -> before.put(s.snapshotId(), ends(s.snapshotId())));
    TableMaintenance.Done done = maintain(nowMs - since.timestampMillis(), 1);
    assertThat(done.dropped()).isGreaterThan(40);
    asked.forEach(s -> assertThat(ends(s.snapshotId())).isEqualTo(before.get(s.snapshotId())));
  }

  private void append(List<Map<String, Object>> rows, List<Snapshot> asked) {
    if (!rows.isEmpty()) {
      tables.append(Tables.OUTCOMES, rows);
      asked.add(IcebergTables.load(config, Tables.OUTCOMES).currentSnapshot());
    }
  }

  private TableMaintenance.Done maintain(long keepMs, int minFiles) {
    return TableMaintenance.run(
        config.withMaintain(new MaintainConfig(keepMs, keepMs, minFiles)),
        Tables.READ_POSITIONS,
        Set.of(),
        nowMs);
  }

  private @Nullable Long newest() {
    return IcebergTables.newestSnapshot(config, Tables.OUTCOMES);
  }

  private Map<TopicPartition, Long> ends(@Nullable Long snapshotId) {
    Map<TopicPartition, Range> topic = new HashMap<>();
    for (int partition = 0; partition < 3; partition++) {
      topic.put(at(partition), new Range(0, 200));
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    Map<TopicPartition, Held> held = ArchivedEnds.of(config, Tables.OUTCOMES, snapshotId, topic);
    held.forEach((partition, end) -> ends.put(partition, end.next()));
    return ends;
  }

  private static TopicPartition at(int partition) {
    return new TopicPartition("outcomes", partition);
  }

  private List<String> positions() throws IOException {
    Table table = IcebergTables.load(config, Tables.READ_POSITIONS);
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
      return Lists.newArrayList(rows).stream()
          .map(
              row ->
                  "%s: %s, %s"
                      .formatted(
                          row.getField("_topic_partition"),
                          row.getField("next_offset"),
                          row.getField("kept_offset")))
          .toList();
    }
  }

  private void row(int partition, long offset) {
    tables.append(Tables.OUTCOMES, List.of(event(partition, offset)));
  }

  private Map<String, Object> event(int partition, long offset) {
    return Map.of(
        "_topic",
        "outcomes",
        "_topic_partition",
        partition,
        "_offset",
        offset,
        "event_time",
        nowMs,
        "record_time",
        nowMs);
  }

  private void position(int daysAgo, int partition, long next, long kept) {
    Map<String, Object> row = position(next, kept);
    row.put("_topic_partition", partition);
    row.put("read_at", nowMs - daysAgo * DAY);
    tables.append(Tables.READ_POSITIONS, List.of(row));
  }

  private static Map<String, Object> position(long next, long kept) {
    return new HashMap<>(Map.of("_topic", "outcomes", "next_offset", next, "kept_offset", kept));
  }
}
