package io.tidegate.job;

import io.tidegate.analysis.archive.HourlyTally;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.codec.Tables;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import io.tidegate.model.RolloutEvent;
import io.tidegate.simulate.Arrival;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Events put into the tables as the archive would, one commit each time. */
final class ArchivedEvents {

  private final TableFixture tables;
  private final List<Map<String, Object>> exposures = new ArrayList<>();
  private final List<Map<String, Object>> outcomes = new ArrayList<>();
  private final HourlyTally hours = new HourlyTally(List.of("device"));
  private long rolloutEvents;

  ArchivedEvents(TableFixture tables) {
    this.tables = tables;
  }

  void add(Arrival arrival) {
    if (arrival instanceof Arrival.Exposed exposed) {
      add(exposed.event());
    } else if (arrival instanceof Arrival.Happened happened) {
      add(happened.event());
    }
  }

  void add(Exposure event) {
    exposures.add(
        Map.of(
            "event_id", event.eventId(),
            "event_time", event.eventTimeMs(),
            "unit_id", event.unitId(),
            "flag_key", event.flagKey(),
            "variant_id", event.variant(),
            "attributes", event.attributes()));
  }

  void add(Outcome event) {
    hours.add(event);
    Map<String, Object> row = new HashMap<>();
    row.put("event_id", event.eventId());
    row.put("event_time", event.eventTimeMs());
    row.put("unit_id", event.unitId());
    row.put("outcome_name", event.name());
    row.put("outcome_value", event.hasValue() ? event.valueMicros() / 1e6 : null);
    row.put("outcome_value_micros", event.hasValue() ? event.valueMicros() : null);
    row.put("attributes", event.attributes());
    outcomes.add(row);
  }

  /** Appends a rollout's events. */
  void rollout(RolloutEvent... events) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (RolloutEvent event : events) {
      rows.add(
          Map.of(
              "event_id",
              event.eventId(),
              "event_time",
              event.eventTimeMs(),
              "payload",
              new String(RolloutEventCodec.encode(event), StandardCharsets.UTF_8),
              "_topic",
              "rollouts",
              "_offset",
              rolloutEvents++));
    }
    tables.append(Tables.ROLLOUT_EVENTS, rows);
  }

  /** Appends what was added since. */
  void commit() {
    append(Tables.EXPOSURES, exposures);
    append(Tables.OUTCOMES, outcomes);
    List<Map<String, Object>> counts = new ArrayList<>();
    hours.drain(
        part ->
            counts.add(
                Map.of(
                    "hour_start", part.hourStartMs(),
                    "outcome_name", part.outcomeName(),
                    "dimension", part.dimension(),
                    "segment", part.segment(),
                    "outcome_count", part.count(),
                    "value_count", part.valueCount(),
                    "value_sum_micros", new BigDecimal(part.valueSumMicros()))));
    append(Tables.METRIC_HOURLY, counts);
  }

  private void append(String table, List<Map<String, Object>> rows) {
    if (!rows.isEmpty()) {
      tables.append(table, rows);
      rows.clear();
    }
  }
}
