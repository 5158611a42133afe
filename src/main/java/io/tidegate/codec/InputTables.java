package io.tidegate.codec;

import static io.tidegate.codec.Columns.BOOLEAN;
import static io.tidegate.codec.Columns.DOUBLE;
import static io.tidegate.codec.Columns.INT;
import static io.tidegate.codec.Columns.LONG;
import static io.tidegate.codec.Columns.STRING;
import static io.tidegate.codec.Columns.TIME;
import static io.tidegate.codec.Columns.WIDE;

/** Tables of what came in. */
final class InputTables {

  private InputTables() {}

  static final TableDefinition EXPOSURES =
      new TableDefinition(
          Tables.EXPOSURES,
          "one exposure as received, duplicates included",
          new Columns()
              .required("event_id", STRING, "id by which duplicates are known")
              .required("event_time", TIME, "when the variant was served")
              .required("unit_id", STRING, "pseudonym of the unit, 32 hexadecimal digits")
              .required("flag_key", STRING, "flag that was evaluated")
              .required("variant_id", STRING, "variant served")
              .required("flag_version", STRING, "version of the flag's rules; empty if not given")
              .required("reason", STRING, "why this variant was served; empty if not given")
              .stringMap("attributes", "what was known about the unit, such as country")
              .fromKafka()
              .schema(),
          "event_time");

  static final TableDefinition OUTCOMES =
      new TableDefinition(
          Tables.OUTCOMES,
          "one outcome as received, duplicates included",
          new Columns()
              .required("event_id", STRING, "id by which duplicates are known")
              .required("event_time", TIME, "when it happened")
              .required("unit_id", STRING, "pseudonym of the unit, 32 hexadecimal digits")
              .required("outcome_name", STRING, "what happened, such as purchase")
              .optional("outcome_value", DOUBLE, "value as given; null if none")
              .optional("outcome_value_micros", LONG, "the same ×10⁶, exact; null if none")
              .stringMap("attributes", "what was known about the event")
              .fromKafka()
              .schema(),
          "event_time");

  static final TableDefinition ROLLOUT_EVENTS =
      new TableDefinition(
          Tables.ROLLOUT_EVENTS,
          "one event of a rollout, or a tick of the clock that separates two of them",
          new Columns()
              .required("event_id", STRING, "id of the event")
              .required("event_time", TIME, "when it happened")
              .required("rollout_id", STRING, "rollout; empty on a TICK")
              .required("kind", STRING, "DEFINED, STAGE_ENTERED, … NOTE or TICK")
              .required("stage", STRING, "stage entered; empty elsewhere")
              .required("actor", STRING, "who or what caused it")
              .required("attempt", INT, "attempt it belongs to; 0 if not stated")
              .required("note", STRING, "free text; empty if none")
              .stringList("links", "addresses of the discussion")
              .optional("action_items", STRING, "JSON list of {text, owner, due}")
              .optional("spec", STRING, "JSON of the rollout's spec, on DEFINED")
              .optional("resolved", STRING, "JSON of the quantities frozen by history, on DEFINED")
              .optional("decision", STRING, "JSON of {action, codes, verdict, sign_off}")
              .optional("environment", STRING, "JSON of {deployment_version, flags, routing}")
              .required("payload", STRING, "JSON of the whole event")
              .fromKafka()
              .schema(),
          "event_time");

  static final TableDefinition METRIC_HOURLY =
      new TableDefinition(
          Tables.METRIC_HOURLY,
          "a part of the count and sum of an outcome in an hour; parts of a key add up",
          new Columns()
              .required("hour_start", TIME, "start of the UTC hour of the event times")
              .required("outcome_name", STRING, "outcome counted")
              .required("dimension", STRING, "attribute broken down by; all for the whole")
              .required("segment", STRING, "its value; * for the whole")
              .required("outcome_count", LONG, "outcomes received, duplicates included")
              .required("value_count", LONG, "outcomes among them that have a value")
              .required("value_sum_micros", WIDE, "sum of the values ×10⁶, exact")
              .schema(),
          "hour_start");

  static final TableDefinition LATE_EVENTS =
      new TableDefinition(
          Tables.LATE_EVENTS,
          "one event that came too late to change a result",
          new Columns()
              .required("event_id", STRING, "hash of the event's id, 16 hexadecimal digits")
              .required("event_time", TIME, "when it happened")
              .required("unit_id", STRING, "hash of the unit's pseudonym, 16 hexadecimal digits")
              .required("stream_name", STRING, "exposures or outcomes")
              .required("event_name", STRING, "flag key of an exposure, name of an outcome")
              .required("frontier", TIME, "event time already evaluated when it came")
              .required("lateness_ms", LONG, "how far it trailed the frontier, milliseconds")
              .maybeFromKafka()
              .schema(),
          "event_time");

  static final TableDefinition INCIDENTS =
      new TableDefinition(
          Tables.INCIDENTS,
          "one state of an incident: something abnormal, with its likeliest cause",
          new Columns()
              .required("incident_id", STRING, "id of the incident; its states share it")
              .required("event_time", TIME, "event time of this state")
              .required("opened_at", TIME, "event time at which it began")
              .optional("closed_at", TIME, "event time at which it ended; null while open")
              .required("rollout_id", STRING, "rollout concerned; empty for none")
              .required("kind", STRING, "what is abnormal, such as SHOCK or MISSING_DATA")
              .required("severity", STRING, "info, warning or critical")
              .required("sentence", STRING, "for a person, with figures")
              .stringList("metrics", "metrics that are abnormal together")
              .stringMap("common_cause", "dimension to value that the abnormal series share")
              .required("blames_rollout", BOOLEAN, "false where control is hit as well")
              .required("owner", STRING, "who answers for it")
              .optional("respond_by", TIME, "when somebody must have answered")
              .required("payload", STRING, "JSON of the message")
              .maybeFromKafka()
              .schema(),
          "event_time");

  static final TableDefinition READ_POSITIONS =
      new TableDefinition(
          Tables.READ_POSITIONS,
          "how far the archive had read a partition at one of its checkpoints",
          new Columns()
              .required("_topic", STRING, "Kafka topic")
              .required("_topic_partition", INT, "partition of the topic")
              .required("next_offset", LONG, "offset before which every record was read")
              .required("kept_offset", LONG, "largest one before it that has a row; -1 for none")
              .required("read_at", TIME, "when it was so, by the archive's clock")
              .schema(),
          "read_at");
}
