package io.tidegate.codec;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/** Builds a schema column by column; every column says what it is. Mutable, used once. */
final class Columns {

  static final Type STRING = Types.StringType.get();
  static final Type TIME = Types.TimestampType.withZone();
  static final Type LONG = Types.LongType.get();
  static final Type INT = Types.IntegerType.get();
  static final Type DOUBLE = Types.DoubleType.get();
  static final Type BOOLEAN = Types.BooleanType.get();
  static final Type BINARY = Types.BinaryType.get();

  /** Sums of fixed-point values, which may pass a long. */
  static final Type WIDE = Types.DecimalType.of(38, 0);

  private final List<NestedField> fields = new ArrayList<>();
  private int lastId;

  Columns required(String name, Type type, String doc) {
    fields.add(NestedField.required(++lastId, name, type, doc));
    return this;
  }

  Columns optional(String name, Type type, String doc) {
    fields.add(NestedField.optional(++lastId, name, type, doc));
    return this;
  }

  Columns stringMap(String name, String doc) {
    int id = ++lastId;
    int key = ++lastId;
    int value = ++lastId;
    Type type = Types.MapType.ofRequired(key, value, STRING, STRING);
    fields.add(NestedField.required(id, name, type, doc));
    return this;
  }

  Columns stringList(String name, String doc) {
    int id = ++lastId;
    fields.add(NestedField.required(id, name, Types.ListType.ofRequired(++lastId, STRING), doc));
    return this;
  }

  /** A list of reasons: code, sentence, observed, threshold. */
  Columns reasons(String name, String doc) {
    int id = ++lastId;
    int element = ++lastId;
    Type reason =
        Types.StructType.of(
            NestedField.required(++lastId, "code", STRING, "stable, in capitals"),
            NestedField.required(++lastId, "sentence", STRING, "for a person, with figures"),
            NestedField.required(++lastId, "observed", STRING, "the figure; empty for none"),
            NestedField.required(
                ++lastId, "threshold", STRING, "what it was held against; empty for none"));
    fields.add(NestedField.required(id, name, Types.ListType.ofRequired(element, reason), doc));
    return this;
  }

  /** Where the row was in Kafka; every row of the table comes from there. */
  Columns fromKafka() {
    return required("record_time", TIME, "timestamp of the Kafka record")
        .required("_topic", STRING, "Kafka topic of the record")
        .required("_topic_partition", INT, "partition of the record in its topic")
        .required("_offset", LONG, "offset of the record in its partition");
  }

  /** Where the row was in Kafka; null in rows that a replay appended. */
  Columns maybeFromKafka() {
    return optional("run_id", STRING, "replay that appended the row; null for a live row")
        .optional("record_time", TIME, "timestamp of the Kafka record; null for a replayed row")
        .optional("_topic", STRING, "Kafka topic of the record; null for a replayed row")
        .optional("_topic_partition", INT, "partition of the record; null for a replayed row")
        .optional("_offset", LONG, "offset of the record; null for a replayed row");
  }

  /** Which run of a batch job made the row, and from which data. */
  Columns stamp() {
    return required("run_id", STRING, "run that made the row; equal inputs have an equal id")
        .required("revision", INT, "1 for the first run; the newest revision is the one to read")
        .required("data_end", TIME, "everything before this instant was known: the last TICK")
        .required("exposures_snapshot_id", LONG, "snapshot of exposures read; 0 if empty")
        .required("outcomes_snapshot_id", LONG, "snapshot of outcomes read; 0 if empty")
        .required("rollout_events_snapshot_id", LONG, "snapshot of rollout_events read");
  }

  Schema schema() {
    return new Schema(fields);
  }
}
