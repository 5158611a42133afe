package io.tidegate.connector.results;

import io.tidegate.codec.Tables;
import io.tidegate.model.ReportData.Health;
import io.tidegate.model.RolloutSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.expressions.Expressions;

/** Counts what arrived for a rollout and what of the topics is in no table. */
final class HealthReader {

  private static final long MOST_ROWS_FOR_OFFSETS = 3_000_000;

  private final ResultScans scans;

  HealthReader(ResultScans scans) {
    this.scans = scans;
  }

  /** Offsets of one partition. */
  private static final class Offsets {
    private long rows;
    private long first = Long.MAX_VALUE;
    private long last = -1;

    private void add(long offset) {
      rows++;
      first = Math.min(first, offset);
      last = Math.max(last, offset);
    }

    /** Offsets within the range that no row has; 0 where rows repeat offsets. */
    private long missing() {
      return last < 0 ? 0 : Math.max(0, last - first + 1 - rows);
    }
  }

  /** Counts from {@code startMs} on; offsets over the whole of a table of moderate size. */
  Health read(RolloutSpec spec, long startMs) {
    Map<String, Map<Integer, Offsets>> offsets = new TreeMap<>();
    Set<String> flag = Set.of(spec.flag().key());
    long exposures = count(Tables.EXPOSURES, "flag_key", flag, startMs, offsets);
    long outcomes = count(Tables.OUTCOMES, "outcome_name", spec.outcomeNames(), startMs, offsets);
    Map<String, Long> missing = new TreeMap<>();
    offsets.forEach(
        (topic, partitions) ->
            missing.put(topic, partitions.values().stream().mapToLong(Offsets::missing).sum()));
    missing.values().removeIf(n -> n == 0);
    return new Health(exposures, outcomes, missing, late(spec, startMs), incidents(spec));
  }

  private long count(
      String table,
      String column,
      Set<String> wanted,
      long startMs,
      Map<String, Map<Integer, Offsets>> offsets) {
    long[] rows = {0};
    boolean whole = scans.size(table) <= MOST_ROWS_FOR_OFFSETS;
    scans.each(
        table,
        whole
            ? Expressions.alwaysTrue()
            : Expressions.greaterThanOrEqual("event_time", startMs * 1000),
        row -> {
          if (whole) {
            offsets
                .computeIfAbsent(row.text("_topic"), k -> new HashMap<>())
                .computeIfAbsent(row.integer("_topic_partition"), k -> new Offsets())
                .add(row.number("_offset"));
          }
          if (wanted.contains(row.text(column)) && row.timeMs("event_time") >= startMs) {
            rows[0]++;
          }
        },
        column,
        "event_time",
        "_topic",
        "_topic_partition",
        "_offset");
    return rows[0];
  }

  private Map<String, Long> late(RolloutSpec spec, long startMs) {
    Map<String, Long> late = new TreeMap<>();
    scans.each(
        Tables.LATE_EVENTS,
        Expressions.greaterThanOrEqual("event_time", startMs * 1000),
        row -> {
          String stream = row.text("stream_name");
          String name = row.text("event_name");
          boolean used =
              stream.equals("exposures")
                  ? name.equals(spec.flag().key())
                  : spec.outcomeNames().contains(name);
          if (used) {
            late.merge(stream, 1L, Long::sum);
          }
        });
    return late;
  }

  private List<String> incidents(RolloutSpec spec) {
    Map<String, String> sentences = new TreeMap<>();
    scans.each(
        Tables.INCIDENTS,
        "rollout_id",
        spec.id(),
        row -> sentences.put(row.text("incident_id"), row.text("sentence")));
    return new ArrayList<>(sentences.values());
  }
}
