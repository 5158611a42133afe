package io.tidegate.codec;

import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;

/**
 * A table as Tidegate creates it.
 *
 * @param rowIs what one row is, in one sentence
 * @param dayColumn timestamp by whose UTC day the table is partitioned; empty for none
 */
public record TableDefinition(String name, String rowIs, Schema schema, String dayColumn) {

  private static final Map<String, String> PROPERTIES =
      Map.of(
          "format-version", "2",
          "write.parquet.compression-codec", "zstd",
          // A writer holds a page for every open day: a backfill has hundreds open.
          "write.parquet.page-size-bytes", "65536",
          "write.distribution-mode", "none",
          "write.metadata.delete-after-commit.enabled", "true",
          "write.metadata.previous-versions-max", "50",
          "history.expire.min-snapshots-to-keep", "20",
          "commit.retry.num-retries", "10");

  public PartitionSpec partitionSpec() {
    if (dayColumn.isEmpty()) {
      return PartitionSpec.unpartitioned();
    }
    return PartitionSpec.builderFor(schema).day(dayColumn).build();
  }

  public Map<String, String> properties() {
    Map<String, String> all = new java.util.TreeMap<>(PROPERTIES);
    all.put("comment", rowIs);
    return all;
  }
}
