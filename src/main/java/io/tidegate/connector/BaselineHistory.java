package io.tidegate.connector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.codec.Tables;
import io.tidegate.model.BaselineRow;
import io.tidegate.model.BaselineVersion;
import io.tidegate.model.History;
import io.tidegate.model.Metric;
import io.tidegate.model.Resolved.MetricBase;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Seasonal;
import io.tidegate.model.SegmentDimension;
import io.tidegate.spec.RolloutSpecs;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
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
 * metric's newest run. A quantile's threshold is {@code threshold} in {@code details}. A rollout
 * reads of each metric one series: that of its own flag's exposures, else that of any outcome; none
 * of another flag. Which segment values are the largest is asked of all rows.
 */
public final class BaselineHistory implements History {

  private static final int WHOLE_WEEK = -1;
  private static final int HOURS_PER_DAY = 24;

  /** For so long a flag's own rows hold where newer ones are of any outcome. */
  private static final long OWN_MS = Duration.ofDays(7).toMillis();

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A metric's rows; {@code whole} is of every unit. */
  private record Series(String metricKey, Row whole) {}

  private record Key(String metricKey, String dimension, String segment) {}

  private record Row(
      BaselineVersion version,
      @Nullable Double mean,
      @Nullable Double variance,
      @Nullable Double rate,
      @Nullable Double unitsPerHour,
      @Nullable Double expected,
      Details details) {}

  /**
   * Parameters of the model.
   *
   * @param weeks weeks with a level
   * @param entry how units entered; empty where the run did not tell
   * @param reason why there is no level; empty where there is one
   */
  private record Details(
      @Nullable Double threshold,
      @Nullable Double dispersion,
      @Nullable Double weeks,
      String zone,
      List<Long> holidays,
      String entry,
      String reason) {}

  private final long snapshotId;
  private final Map<Key, Row> rows;
  private final SeasonRows hours;

  private BaselineHistory(long snapshotId, Map<Key, Row> rows, SeasonRows hours) {
    this.snapshotId = snapshotId;
    this.rows = rows;
    this.hours = hours;
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
    SeasonRows hours = new SeasonRows();
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(table)
            .useSnapshot(snapshot.snapshotId())
            .where(
                Expressions.or(
                    Expressions.equal("hour_of_week", WHOLE_WEEK),
                    Expressions.equal("dimension", SegmentDimension.ALL)))
            .build()) {
      for (Record record : records) {
        Key key = key(record);
        int hour = (Integer) record.getField("hour_of_week");
        if (hour != WHOLE_WEEK) {
          hours.add(
              key.metricKey(),
              version(record),
              hour,
              (Double) record.getField("expected"),
              (Double) record.getField("units_per_hour"));
          continue;
        }
        Row row = row(record);
        newest.merge(key.metricKey(), row.version(), BaselineHistory::newer);
        rows.merge(key, row, (a, b) -> a.version().compareTo(b.version()) > 0 ? a : b);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rows.entrySet()
        .removeIf(row -> !row.getValue().version().equals(newest.get(row.getKey().metricKey())));
    return rows.isEmpty() ? History.NONE : new BaselineHistory(snapshot.snapshotId(), rows, hours);
  }

  @Override
  public long snapshotId() {
    return snapshotId;
  }

  @Override
  public double unitsPerDay(RolloutSpec spec) {
    Set<String> read = new HashSet<>();
    for (Metric metric : spec.metrics()) {
      Series series = series(spec, metric);
      if (series != null) {
        read.add(series.metricKey());
      }
    }
    if (spec.trigger() != null) {
      return mostUnitsPerDay((key, entry) -> read.contains(key));
    }
    String asked = Seasonal.entry(spec, true);
    List<BiPredicate<String, String>> bestFirst =
        List.of(
            (key, entry) -> read.contains(key) && entry.equals(asked),
            (key, entry) -> read.contains(key),
            (key, entry) -> entry.equals(asked),
            (key, entry) -> !Seasonal.isOfAnotherFlag(spec, entry));
    return bestFirst.stream()
        .mapToDouble(this::mostUnitsPerDay)
        .filter(units -> units > 0)
        .findFirst()
        .orElse(0);
  }

  /** The most of the series whose key and entry are wanted; 0 for none. */
  private double mostUnitsPerDay(BiPredicate<String, String> wanted) {
    double most = 0;
    for (Map.Entry<Key, Row> each : rows.entrySet()) {
      Double units = each.getValue().unitsPerHour();
      if (each.getKey().dimension().equals(SegmentDimension.ALL)
          && units != null
          && wanted.test(each.getKey().metricKey(), each.getValue().details().entry())) {
        most = Math.max(most, units * HOURS_PER_DAY);
      }
    }
    return most;
  }

  /**
   * What a rollout reads of a metric. Earlier versions wrote rows of a flag's exposures under the
   * key of any outcome: those of another flag are left out.
   */
  private @Nullable Series series(RolloutSpec spec, Metric metric) {
    Series own = series(RolloutSpecs.baselineKey(spec, metric, true));
    Series other = series(RolloutSpecs.baselineKey(spec, metric, false));
    if (other == null || Seasonal.isOfAnotherFlag(spec, other.whole().details().entry())) {
      return own;
    }
    return own == null
            || own.whole().version().validFromMs() + OWN_MS < other.whole().version().validFromMs()
        ? other
        : own;
  }

  private @Nullable Series series(String metricKey) {
    Row whole = rows.get(new Key(metricKey, SegmentDimension.ALL, SegmentDimension.EVERY_UNIT));
    return whole == null ? null : new Series(metricKey, whole);
  }

  @Override
  public @Nullable MetricBase base(RolloutSpec spec, Metric metric) {
    Series series = series(spec, metric);
    Row whole = series == null ? null : series.whole();
    if (series == null || whole == null || whole.mean() == null || whole.variance() == null) {
      return null;
    }
    Map<String, Double> thresholds = new TreeMap<>();
    rows.forEach(
        (key, row) -> {
          Double threshold = row.details().threshold();
          if (key.metricKey().equals(series.metricKey()) && threshold != null) {
            thresholds.put(key.dimension() + "=" + key.segment(), threshold);
          }
        });
    double rate = whole.rate() == null ? 0 : whole.rate();
    return new MetricBase(whole.mean(), whole.variance(), rate, thresholds);
  }

  @Override
  public String refusal(RolloutSpec spec, Metric metric) {
    Series series = series(spec, metric);
    return series == null ? "" : series.whole().details().reason();
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

  @Override
  public Seasonal seasonal(RolloutSpec spec, Map<String, List<String>> segments) {
    Map<String, Seasonal.Profile> profiles = new TreeMap<>();
    List<Double> units = List.of();
    double weeks = 0;
    String widest = "";
    boolean ofAsked = false;
    Details calendar = null;
    for (Metric metric : spec.metrics()) {
      Series series = series(spec, metric);
      Seasonal.Profile profile =
          series == null ? null : profile(series.metricKey(), series.whole(), segments);
      if (series != null && profile != null) {
        Row whole = series.whole();
        // One run learns all metrics of a spec; of an older one only what has its clock is used.
        if (calendar != null && !calendar.zone().equals(whole.details().zone())) {
          continue;
        }
        calendar = whole.details();
        profiles.put(metric.name(), profile);
        Double behind = whole.details().weeks();
        weeks = Math.max(weeks, behind == null ? 0 : behind);
        List<Double> own = hours.units(series.metricKey());
        boolean asked = whole.details().entry().equals(Seasonal.entry(spec, true));
        boolean more = asked == ofAsked ? sum(own) > sum(units) : asked;
        if (!own.isEmpty() && (units.isEmpty() || more)) {
          units = own;
          ofAsked = asked;
          widest = series.metricKey();
        }
      }
    }
    return calendar == null
        ? Seasonal.NONE
        : new Seasonal(
            calendar.zone(),
            weeks,
            units,
            mix(widest, segments),
            profiles,
            volumes(spec, calendar.zone()),
            calendar.holidays());
  }

  private Map<String, Seasonal.Volume> volumes(RolloutSpec spec, String zone) {
    Map<String, Seasonal.Volume> volumes = new TreeMap<>();
    for (String outcome : spec.outcomeNames()) {
      String key = BaselineRow.volumeKey(outcome);
      Series series = series(key);
      Details details = series == null ? null : series.whole().details();
      List<Double> perHour = hours.expected(key);
      boolean sameClock = details != null && details.zone().equals(zone);
      Double dispersion = details == null || !sameClock ? null : details.dispersion();
      if (!perHour.isEmpty() && dispersion != null) {
        volumes.put(outcome, new Seasonal.Volume(perHour, SeasonRows.rounded(dispersion)));
      }
    }
    return volumes;
  }

  private Seasonal.@Nullable Profile profile(
      String metricKey, Row whole, Map<String, List<String>> segments) {
    List<Double> expected = hours.expected(metricKey);
    Double level = whole.expected();
    if (expected.isEmpty() || level == null || !(level > 0)) {
      return null;
    }
    Map<String, Double> levels = new TreeMap<>();
    segments.forEach(
        (dimension, values) -> {
          for (String value : values) {
            Row row = rows.get(new Key(metricKey, dimension, value));
            if (row != null && row.expected() != null) {
              levels.put(dimension + "=" + value, SeasonRows.rounded(row.expected()));
            }
          }
        });
    Double dispersion = whole.details().dispersion();
    return new Seasonal.Profile(
        expected,
        SeasonRows.rounded(level),
        SeasonRows.rounded(dispersion == null ? 0 : dispersion),
        levels,
        whole.details().entry());
  }

  /** Shares of units by value; values not told apart go to {@code (other)}. */
  private Map<String, Map<String, Double>> mix(
      String metricKey, Map<String, List<String>> segments) {
    Map<String, Map<String, Double>> mix = new TreeMap<>();
    segments.forEach(
        (dimension, values) -> {
          Map<String, Double> units = new TreeMap<>();
          rows.forEach(
              (key, row) -> {
                boolean wanted =
                    key.metricKey().equals(metricKey) && key.dimension().equals(dimension);
                if (wanted && row.unitsPerHour() != null && row.unitsPerHour() > 0) {
                  boolean apart =
                      values.contains(key.segment())
                          || key.segment().equals(SegmentDimension.UNKNOWN);
                  units.merge(
                      apart ? key.segment() : SegmentDimension.OTHER,
                      row.unitsPerHour(),
                      Double::sum);
                }
              });
          double total = sum(units.values());
          if (total > 0) {
            units.replaceAll((value, each) -> SeasonRows.rounded(each / total));
            mix.put(dimension, units);
          }
        });
    return mix;
  }

  private static double sum(Collection<Double> numbers) {
    double sum = 0;
    for (double number : numbers) {
      sum += number;
    }
    return sum;
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
        (Double) record.getField("expected"),
        details(text(record, "details")));
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

  private static Details details(String json) {
    try {
      JsonNode details = JSON.readTree(json);
      return new Details(
          number(details, "threshold"),
          number(details, "dispersion"),
          number(details, "weeks"),
          details.path("time_zone").asText("UTC"),
          days(details.path("holidays")),
          details.path("entry").asText(""),
          details.path("reason").asText(""));
    } catch (JsonProcessingException e) {
      return new Details(null, null, null, "UTC", List.of(), "", "");
    }
  }

  private static List<Long> days(JsonNode list) {
    List<Long> days = new ArrayList<>();
    list.forEach(day -> days.add(day.asLong()));
    return days;
  }

  private static @Nullable Double number(JsonNode details, String name) {
    JsonNode number = details.path(name);
    return number.isNumber() ? Double.valueOf(number.doubleValue()) : null;
  }
}
