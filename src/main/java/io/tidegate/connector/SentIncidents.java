package io.tidegate.connector;

import io.tidegate.codec.IncidentCodec;
import io.tidegate.codec.Tables;
import io.tidegate.model.Incident;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashSet;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Which states of incidents were told already. What is found anew about a time long before the
 * newest of them stays untold: what was told then stands.
 */
public final class SentIncidents implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Events come late and runs are missed for less than this. */
  private static final Duration STILL_OPEN = Duration.ofDays(2);

  private final HashSet<String> states = new HashSet<>();
  private long newestMs = Long.MIN_VALUE;

  private SentIncidents() {}

  /** Reads table {@code incidents}, then what the topic has beyond it. */
  public static SentIncidents read(TidegateConfig config) {
    SentIncidents sent = new SentIncidents();
    Table table = IcebergTables.load(config, Tables.INCIDENTS);
    Long snapshotId = IcebergTables.newestSnapshot(config, Tables.INCIDENTS);
    if (snapshotId != null) {
      sent.readTable(table, snapshotId);
    }
    UnarchivedRecords.read(
        config.kafka(),
        config.kafka().topics().incidents(),
        table,
        snapshotId,
        record -> sent.add(record.value()));
    return sent;
  }

  private void readTable(Table table, long snapshotId) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .useSnapshot(snapshotId)
            .select("incident_id", "event_time")
            .build()) {
      for (Record row : rows) {
        OffsetDateTime time = (OffsetDateTime) row.getField("event_time");
        add((String) row.getField("incident_id"), time.toInstant().toEpochMilli());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
  }

  private void add(byte[] message) {
    try {
      Incident incident = IncidentCodec.decode(message);
      add(incident.incidentId(), incident.eventTimeMs());
    } catch (IOException e) {
      // Not a message of an incident; the archive makes a dead letter of it.
      return;
    }
  }

  private void add(String incidentId, long eventTimeMs) {
    states.add(key(incidentId, eventTimeMs));
    newestMs = Math.max(newestMs, eventTimeMs);
  }

  /** Whether a state is to be told. */
  public boolean isNews(Incident incident) {
    return !states.contains(key(incident.incidentId(), incident.eventTimeMs()))
        && (states.isEmpty() || incident.eventTimeMs() > newestMs - STILL_OPEN.toMillis());
  }

  private static String key(String incidentId, long eventTimeMs) {
    return incidentId + '@' + eventTimeMs;
  }
}
