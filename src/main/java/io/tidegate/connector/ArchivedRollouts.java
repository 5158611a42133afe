package io.tidegate.connector;

import io.tidegate.codec.Decoded;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.model.RolloutEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/** The archived rollout events, in the order of their partition. */
public final class ArchivedRollouts {

  private ArchivedRollouts() {}

  /**
   * Reads the table as it was at a snapshot.
   *
   * @param snapshotId null for an empty table
   */
  public static List<RolloutEvent> read(Table table, @Nullable Long snapshotId) {
    List<Record> rows = new ArrayList<>();
    if (snapshotId != null) {
      try (CloseableIterable<Record> read =
          IcebergGenerics.read(table)
              .useSnapshot(snapshotId)
              .select("payload", "_topic", "_topic_partition", "_offset")
              .build()) {
        read.forEach(rows::add);
      } catch (IOException e) {
        throw new UncheckedIOException(table.name() + " cannot be read", e);
      }
    }
    rows.sort(
        Comparator.comparing((Record r) -> (String) r.getField("_topic"))
            .thenComparing(r -> (Integer) r.getField("_topic_partition"))
            .thenComparing(r -> (Long) r.getField("_offset")));
    return rows.stream().map(ArchivedRollouts::event).toList();
  }

  private static RolloutEvent event(Record row) {
    byte[] json = ((String) row.getField("payload")).getBytes(StandardCharsets.UTF_8);
    if (RolloutEventCodec.decode(json) instanceof Decoded.Event<RolloutEvent> decoded) {
      return decoded.event();
    }
    throw new IllegalStateException("a row of rollout_events holds no event: " + row);
  }
}
