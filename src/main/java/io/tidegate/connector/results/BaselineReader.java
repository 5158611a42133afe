package io.tidegate.connector.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.codec.Tables;
import io.tidegate.model.BaselineRow;
import io.tidegate.model.BaselineVersion;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReportData.BaselineHour;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.SegmentDimension;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.expressions.Expressions;

/** Hours of a rollout against what its outcomes' history expects of such an hour of the week. */
final class BaselineReader {

  private static final long HOUR_MS = TimeUnit.HOURS.toMillis(1);
  private static final int HOURS_A_DAY = 24;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ResultScans scans;

  BaselineReader(ResultScans scans) {
    this.scans = scans;
  }

  private record Band(double expected, double lower, double upper, ZoneId zone) {}

  /** Empty without a baseline of the outcomes' counts. */
  List<BaselineHour> hours(RolloutSpec spec, List<GateSignal> signals) {
    if (signals.isEmpty()) {
      return List.of();
    }
    long from = floor(signals.get(0).boundaryMs());
    long to = floor(signals.get(signals.size() - 1).boundaryMs());
    Map<String, Map<Integer, Band>> bands = bands(spec.outcomeNames(), from);
    if (bands.isEmpty()) {
      return List.of();
    }
    Map<String, Map<Long, Double>> observed = observed(bands.keySet(), from, to);
    List<BaselineHour> hours = new ArrayList<>();
    observed.forEach(
        (outcome, counts) ->
            counts.forEach(
                (hourMs, count) -> {
                  Map<Integer, Band> own = bands.getOrDefault(outcome, Map.of());
                  Band any = own.values().stream().findAny().orElse(null);
                  Band band = any == null ? null : own.get(hourOfWeek(hourMs, any.zone));
                  if (band != null) {
                    hours.add(
                        new BaselineHour(
                            hourMs, outcome, count, band.expected, band.lower, band.upper));
                  }
                }));
    return hours;
  }

  private Map<String, Map<Integer, Band>> bands(Set<String> outcomes, long before) {
    Map<String, TreeMap<BaselineVersion, Map<Integer, Band>>> runs = new TreeMap<>();
    scans.each(
        Tables.BASELINES,
        "dimension",
        SegmentDimension.ALL,
        row -> {
          String metric = row.text("metric");
          Double expected = row.maybeReal("expected");
          Double lower = row.maybeReal("expected_lower");
          Double upper = row.maybeReal("expected_upper");
          if (outcomes.contains(metric)
              && row.text("metric_key").equals(BaselineRow.volumeKey(metric))
              && row.timeMs("valid_from") <= before + HOUR_MS
              && row.integer("hour_of_week") >= 0
              && expected != null
              && lower != null
              && upper != null) {
            BaselineVersion run =
                new BaselineVersion(
                    row.integer("revision"), row.timeMs("valid_from"), row.text("run_id"));
            runs.computeIfAbsent(metric, k -> new TreeMap<>())
                .computeIfAbsent(run, k -> new HashMap<>())
                .put(
                    row.integer("hour_of_week"),
                    new Band(expected, lower, upper, zone(row.text("details"))));
          }
        });
    Map<String, Map<Integer, Band>> bands = new TreeMap<>();
    runs.forEach((metric, known) -> bands.put(metric, known.lastEntry().getValue()));
    return bands;
  }

  private Map<String, Map<Long, Double>> observed(Set<String> outcomes, long from, long to) {
    Map<String, Map<Long, Double>> observed = new TreeMap<>();
    scans.each(
        Tables.METRIC_HOURLY,
        Expressions.and(
            Expressions.greaterThanOrEqual("hour_start", from * 1000),
            Expressions.lessThan("hour_start", to * 1000),
            Expressions.equal("dimension", SegmentDimension.ALL)),
        row -> {
          if (outcomes.contains(row.text("outcome_name"))) {
            observed
                .computeIfAbsent(row.text("outcome_name"), k -> new TreeMap<>())
                .merge(row.timeMs("hour_start"), (double) row.number("outcome_count"), Double::sum);
          }
        });
    return observed;
  }

  private static long floor(long timeMs) {
    return Math.floorDiv(timeMs, HOUR_MS) * HOUR_MS;
  }

  static int hourOfWeek(long timeMs, ZoneId zone) {
    ZonedDateTime local = Instant.ofEpochMilli(timeMs).atZone(zone);
    return (local.getDayOfWeek().getValue() - 1) * HOURS_A_DAY + local.getHour();
  }

  private static ZoneId zone(String details) {
    try {
      return ZoneId.of(JSON.readTree(details).path("time_zone").asText("UTC"));
    } catch (JsonProcessingException e) {
      return ZoneOffset.UTC;
    }
  }
}
