package io.tidegate.connector.results;

import java.time.OffsetDateTime;
import java.util.List;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;

/** Typed access to one row by column name; a column that an old table lacks reads as null. */
record ResultRow(Record row) {

  String text(String column) {
    Object value = value(column);
    return value == null ? "" : value.toString();
  }

  int integer(String column) {
    return value(column) instanceof Number n ? n.intValue() : 0;
  }

  long number(String column) {
    return value(column) instanceof Number n ? n.longValue() : 0;
  }

  double real(String column) {
    return value(column) instanceof Number n ? n.doubleValue() : 0;
  }

  @Nullable Double maybeReal(String column) {
    return value(column) instanceof Number n ? Double.valueOf(n.doubleValue()) : null;
  }

  boolean flag(String column) {
    return value(column) instanceof Boolean b && b;
  }

  /** Epoch milliseconds; 0 for null. */
  long timeMs(String column) {
    Long time = maybeTimeMs(column);
    return time == null ? 0 : time;
  }

  @Nullable Long maybeTimeMs(String column) {
    return value(column) instanceof OffsetDateTime t
        ? Long.valueOf(t.toInstant().toEpochMilli())
        : null;
  }

  List<String> texts(String column) {
    return value(column) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  List<ResultRow> rows(String column) {
    return value(column) instanceof List<?> list
        ? list.stream().map(r -> new ResultRow((Record) r)).toList()
        : List.of();
  }

  @Nullable Object value(String column) {
    return row.struct().field(column) == null ? null : row.getField(column);
  }
}
