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
import org.apache.iceberg.Table;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOffsetsTest {

  private static final long NOON = 1_767_614_400_000L;
  private static final long HOUR = 3_600_000L;
  private static final TopicPartition AT = new TopicPartition("outcomes", 1);

  @TempDir private Path folder;
  private TableFixture tables;

  @BeforeEach
  void create() {
    tables = TableFixture.create(folder);
  }

  @AfterEach
  void close() throws IOException {
    tables.close();
  }

  @Test
  void a_late_last_row_does_not_set_the_clock_back() {
    assertThat(held(row(0, NOON, NOON), row(1, NOON - 5 * HOUR, NOON + 1)))
        .isEqualTo(new Held(2, NOON));
  }

  @Test
  void a_row_from_the_future_sets_the_clock_no_further_than_its_record() {
    assertThat(held(row(0, NOON, NOON + 5), row(1, NOON + 30 * HOUR, NOON + 7)))
        .isEqualTo(new Held(2, NOON + 7));
  }

  @Test
  void an_empty_partition_is_left_out() {
    tables.append(Tables.OUTCOMES, List.of(row(0, NOON, NOON)));
    assertThat(of(Map.of(new TopicPartition("outcomes", 2), new Range(0, 9)))).isEmpty();
  }

  private Held held(Map<String, Object> first, Map<String, Object> second) {
    tables.append(Tables.OUTCOMES, List.of(first, second));
    return of(Map.of(AT, new Range(0, 5))).get(AT);
  }

  private Map<TopicPartition, Held> of(Map<TopicPartition, Range> topic) {
    Table table = tables.catalog().loadTable(Catalogs.identifier(tables.config(), Tables.OUTCOMES));
    return HeldOffsets.of(table, table.currentSnapshot().snapshotId(), topic);
  }

  private static Map<String, Object> row(long offset, long eventMs, long recordMs) {
    return Map.of(
        "_topic",
        AT.topic(),
        "_topic_partition",
        AT.partition(),
        "_offset",
        offset,
        "event_time",
        eventMs,
        "record_time",
        recordMs);
  }
}
