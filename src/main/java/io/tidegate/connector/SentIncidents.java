package io.tidegate.connector;

import io.tidegate.codec.IncidentCodec;
import io.tidegate.codec.Tables;
import io.tidegate.model.Incident;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** Which states of incidents were told already. */
public final class SentIncidents {

  private SentIncidents() {}

  /**
   * Reads table {@code incidents}, then what the topic has beyond it.
   *
   * @param sinceMs event time of the earliest states, epoch milliseconds
   */
  public static List<Incident> read(TidegateConfig config, long sinceMs) {
    List<Incident> sent = new ArrayList<>();
    Table table = IcebergTables.load(config, Tables.INCIDENTS);
    Long snapshotId = IcebergTables.newestSnapshot(config, Tables.INCIDENTS);
    if (snapshotId != null) {
      readTable(table, snapshotId, sinceMs, sent);
    }
    UnarchivedRecords.read(
        config,
        config.kafka().topics().incidents(),
        Tables.INCIDENTS,
        snapshotId,
        record -> add(record.value(), sinceMs, sent));
    return sent;
  }

  private static void readTable(Table table, long snapshotId, long sinceMs, List<Incident> sent) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .useSnapshot(snapshotId)
            .select("payload", "event_time")
            .where(Expressions.greaterThanOrEqual("event_time", sinceMs * 1000))
            .build()) {
      for (Record row : rows) {
        add(((String) row.getField("payload")).getBytes(StandardCharsets.UTF_8), sinceMs, sent);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
  }

  private static void add(byte[] message, long sinceMs, List<Incident> sent) {
    try {
      Incident incident = IncidentCodec.decode(message);
      if (incident.eventTimeMs() >= sinceMs) {
        sent.add(incident);
      }
    } catch (IOException e) {
      // Not a message of an incident; the archive makes a dead letter of it.
      return;
    }
  }
}
