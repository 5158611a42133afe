package io.tidegate.connector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.codec.Tables;
import io.tidegate.model.BaselineVersion;
import io.tidegate.model.History;
import io.tidegate.model.Metric;
import io.tidegate.model.Resolved.MetricBase;
import io.tidegate.model.SegmentDimension;
import io.tidegate.spec.RolloutSpecs;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/**
 * What table {@code baselines} says of whole weeks: the rows with {@code hour_of_week} −1, all of a
 * metric's newest run. A quantile's threshold is {@code threshold} in {@code details}. Metrics are
 * found by the hash of their definition.
 */
public final class BaselineHistory implements History {

  private static final int WHOLE_WEEK = -1;
  private static final int HOURS_PER_DAY = 24;
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Key(String metricKey, String dimension, String segment) {}

  private record Row(
      BaselineVersion version,
      @Nullable Double mean,
      @Nullable Double variance,
      @Nullable Double rate,
      @Nullable Double unitsPerHour,
      @Nullable Double threshold) {}

  private final long snapshotId;
  private final Map<Key, Row> rows;

  private BaselineHistory(long snapshotId, Map<Key, Row> rows) {
    this.snapshotId = snapshotId;
    this.rows = rows;
  }

  /** Reads the table's current snapshot; {@link History#NONE} where there is none. */
  public static History read(CatalogConfig config) {
    Catalog catalog = Catalogs.open(config);
    try {
      return read(config, catalog);
    } finally {
      close(catalog);
    }
  }

  private static History read(CatalogConfig config, Catalog catalog) {
    TableIdentifier identifier = Catalogs.identifier(config, Tables.BASELINES);
    if (!catalog.tableExists(identifier)) {
      return History.NONE;
    }
    Table table = catalog.loadTable(identifier);
    Snapshot snapshot = table.currentSnapshot();
    if (snapshot == null) {
      return History.NONE;
    }
    Map<String, BaselineVersion> newest = new HashMap<>();
    Map<Key, Row> rows = new HashMap<>();
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(table)
            .useSnapshot(snapshot.snapshotId())
            .where(Expressions.equal("hour_of_week", WHOLE_WEEK))
            .build()) {
      for (Record record : records) {
        Key key = key(record);
        Row row = row(record);
        newest.merge(key.metricKey(), row.version(), BaselineHistory::newer);
        rows.merge(key, row, (a, b) -> a.version().compareTo(b.version()) > 0 ? a : b);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rows.entrySet()
        .removeIf(row -> !row.getValue().version().equals(newest.get(row.getKey().metricKey())));
    return rows.isEmpty() ? History.NONE : new BaselineHistory(snapshot.snapshotId(), rows);
  }

  @Override
  public long snapshotId() {
    return snapshotId;
  }

  @Override
  public double unitsPerDay() {
    double most = 0;
    for (Map.Entry<Key, Row> row : rows.entrySet()) {
      Double units = row.getValue().unitsPerHour();
      if (row.getKey().dimension().equals(SegmentDimension.ALL) && units != null) {
        most = Math.max(most, units * HOURS_PER_DAY);
      }
    }
    return most;
  }

  @Override
  public @Nullable MetricBase base(Metric metric) {
    String metricKey = RolloutSpecs.definitionHash(metric.kind());
    Row whole = rows.get(new Key(metricKey, SegmentDimension.ALL, SegmentDimension.EVERY_UNIT));
    if (whole == null || whole.mean() == null || whole.variance() == null) {
      return null;
    }
    Map<String, Double> thresholds = new TreeMap<>();
    rows.forEach(
        (key, row) -> {
          if (key.metricKey().equals(metricKey) && row.threshold() != null) {
            thresholds.put(key.dimension() + "=" + key.segment(), row.threshold());
          }
        });
    double rate = whole.rate() == null ? 0 : whole.rate();
    return new MetricBase(whole.mean(), whole.variance(), rate, thresholds);
  }

  @Override
  public List<String> largest(String dimension, int count) {
    Map<String, Double> units = new TreeMap<>();
    rows.forEach(
        (key, row) -> {
          boolean named =
              !key.segment().equals(SegmentDimension.OTHER)
                  && !key.segment().equals(SegmentDimension.UNKNOWN);
          if (key.dimension().equals(dimension) && named && row.unitsPerHour() != null) {
            units.merge(key.segment(), row.unitsPerHour(), Math::max);
          }
        });
    return units.entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
        .limit(count)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static void close(Catalog catalog) {
    if (catalog instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Key key(Record record) {
    return new Key(text(record, "metric_key"), text(record, "dimension"), text(record, "segment"));
  }

  private static Row row(Record record) {
    return new Row(
        version(record),
        (Double) record.getField("unit_mean"),
        (Double) record.getField("unit_variance"),
        (Double) record.getField("unit_rate"),
        (Double) record.getField("units_per_hour"),
        threshold(text(record, "details")));
  }

  private static BaselineVersion version(Record record) {
    OffsetDateTime validFrom = (OffsetDateTime) record.getField("valid_from");
    int revision =
        record.struct().field("revision") != null
                && record.getField("revision") instanceof Integer n
            ? n
            : 0;
    return new BaselineVersion(
        revision, validFrom.toInstant().toEpochMilli(), text(record, "run_id"));
  }

  private static BaselineVersion newer(BaselineVersion a, BaselineVersion b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static String text(Record record, String column) {
    return String.valueOf(record.getField(column));
  }

  private static @Nullable Double threshold(String details) {
    try {
      JsonNode threshold = JSON.readTree(details).path("threshold");
      return threshold.isNumber() ? Double.valueOf(threshold.doubleValue()) : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
