package io.tidegate.connector.imports;

import io.tidegate.codec.DecodeLimits;
import io.tidegate.codec.Decoded;
import io.tidegate.codec.EventDecoder;
import io.tidegate.codec.Pseudonymiser;
import io.tidegate.codec.Tables;
import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.Catalogs;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.data.Record;

/**
 * Appends imported events to the tables {@code exposures} and {@code outcomes}, past Kafka; unit
 * ids are pseudonymised on the way. Nothing is visible before {@link #commit()}.
 */
public final class IcebergEvents implements Importer.Sink, AutoCloseable {

  private final String origin;
  private final EventDecoder decoder;
  private final DayWriter exposures;
  private final DayWriter outcomes;
  private long exposureCount;
  private long outcomeCount;

  /** Opens the tables; {@code origin} stands in {@code _topic} of every row. */
  public IcebergEvents(
      CatalogConfig config,
      Catalog catalog,
      DecodeLimits limits,
      Pseudonymiser pseudonymiser,
      String origin) {
    this.origin = origin;
    this.decoder = new EventDecoder(limits, pseudonymiser);
    Catalogs.createMissing(config, catalog);
    this.exposures = new DayWriter(config, catalog, Tables.EXPOSURES);
    this.outcomes = new DayWriter(config, catalog, Tables.OUTCOMES);
  }

  @Override
  public void event(boolean exposure, long timeMs, String unitId, byte[] json) throws IOException {
    if (exposure) {
      write(known(decoder.exposure(json, timeMs)));
    } else {
      write(known(decoder.outcome(json, timeMs)));
    }
  }

  /** Appends an exposure whose unit id is a pseudonym; days must not decrease. */
  public void write(Exposure event) throws IOException {
    exposures.write(row(event));
  }

  /** Appends an outcome whose unit id is a pseudonym; days must not decrease. */
  public void write(Outcome event) throws IOException {
    outcomes.write(row(event));
  }

  /** Makes everything visible: one snapshot a table. */
  public void commit() throws IOException {
    exposures.commit();
    outcomes.commit();
  }

  @Override
  public void close() throws IOException {
    exposures.close();
    outcomes.close();
  }

  private Record row(Exposure event) {
    Record row = exposures.row();
    row.setField("event_id", event.eventId());
    row.setField("event_time", time(event.eventTimeMs()));
    row.setField("unit_id", event.unitId());
    row.setField("flag_key", event.flagKey());
    row.setField("variant_id", event.variant());
    row.setField("flag_version", event.flagVersion());
    row.setField("reason", event.reason());
    row.setField("attributes", event.attributes());
    return from(row, event.eventTimeMs(), exposureCount++);
  }

  private Record row(Outcome event) {
    Record row = outcomes.row();
    row.setField("event_id", event.eventId());
    row.setField("event_time", time(event.eventTimeMs()));
    row.setField("unit_id", event.unitId());
    row.setField("outcome_name", event.name());
    if (event.hasValue()) {
      row.setField("outcome_value", event.valueMicros() / 1e6);
      row.setField("outcome_value_micros", event.valueMicros());
    }
    row.setField("attributes", event.attributes());
    return from(row, event.eventTimeMs(), outcomeCount++);
  }

  private Record from(Record row, long timeMs, long offset) {
    row.setField("record_time", time(timeMs));
    row.setField("_topic", origin);
    row.setField("_topic_partition", 0);
    row.setField("_offset", offset);
    return row;
  }

  private static OffsetDateTime time(long timeMs) {
    return Instant.ofEpochMilli(timeMs).atOffset(ZoneOffset.UTC);
  }

  private static <T> T known(Decoded<T> decoded) {
    if (decoded instanceof Decoded.Event<T> event) {
      return event.event();
    }
    throw new IllegalStateException("an event of the import cannot be used: " + decoded);
  }
}
