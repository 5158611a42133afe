package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.codec.Tables;
import io.tidegate.connector.HeldOffsets.Held;
import io.tidegate.connector.KafkaTopics.Range;
import io.tidegate.connector.results.TableFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchivedEndsTest {

  private static final long NOON = 1_767_614_400_000L;
  private static final TopicPartition AT = new TopicPartition("outcomes", 1);

  @TempDir private Path folder;
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
  void a_table_without_positions_ends_after_its_largest_offset() {
    row(6);
    assertThat(end()).isEqualTo(new Held(7, NOON));
  }

  @Test
  void what_was_read_behind_the_last_row_counts() {
    row(6);
    position(5, 4);
    position(9, 6);
    position(20, 6);
    assertThat(end()).isEqualTo(new Held(20, NOON));
  }

  /** The positions of a checkpoint may be committed before its rows. */
  @Test
  void a_position_counts_only_where_the_snapshot_has_the_row_before_it() {
    row(6);
    Long before = IcebergTables.newestSnapshot(config, Tables.OUTCOMES);
    position(9, 6);
    row(30);
    position(40, 30);
    assertThat(end(before)).isEqualTo(new Held(9, NOON));
    assertThat(end()).isEqualTo(new Held(40, NOON));
  }

  @Test
  void rows_may_be_committed_before_their_positions() {
    row(6);
    position(9, 6);
    row(30);
    assertThat(end()).isEqualTo(new Held(31, NOON));
  }

  @Test
  void a_partition_of_which_no_row_was_needed_is_known_by_its_position() {
    position(12, -1);
    assertThat(end()).isEqualTo(new Held(12, Long.MIN_VALUE));
  }

  @Test
  void other_partitions_and_topics_are_others() {
    tables.append(
        Tables.READ_POSITIONS, List.of(position("outcomes", 2, 9), position("exposures", 1, 9)));
    assertThat(end()).isNull();
  }

  private Held end() {
    return end(IcebergTables.newestSnapshot(config, Tables.OUTCOMES));
  }

  private Held end(Long snapshotId) {
    return ArchivedEnds.of(config, Tables.OUTCOMES, snapshotId, Map.of(AT, new Range(0, 50)))
        .get(AT);
  }

  private void row(long offset) {
    tables.append(
        Tables.OUTCOMES,
        List.of(
            Map.of(
                "_topic",
                AT.topic(),
                "_topic_partition",
                AT.partition(),
                "_offset",
                offset,
                "event_time",
                NOON,
                "record_time",
                NOON)));
  }

  private void position(long next, long kept) {
    Map<String, Object> row = new java.util.HashMap<>(position(AT.topic(), AT.partition(), next));
    row.put("kept_offset", kept);
    tables.append(Tables.READ_POSITIONS, List.of(row));
  }

  private static Map<String, Object> position(String topic, int partition, long next) {
    return Map.of(
        "_topic", topic, "_topic_partition", partition, "next_offset", next, "kept_offset", -1L);
  }
}
