package io.tidegate.codec;

import java.util.Locale;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Writes table definitions as Flink SQL, for people who read or query them there. */
public final class TableDdl {

  private static final String HEAD =
      """
      -- The tables of Tidegate as Flink SQL sees them: every column with its meaning.
      -- Generated from io.tidegate.codec.Tables; a test holds the two in step.
      -- Tidegate creates the tables itself, partitioned by UTC day as noted, which Flink's
      -- CREATE TABLE cannot say; run catalog.sql first and these statements change nothing.
      """;

  private TableDdl() {}

  /** Every table, in one script. */
  public static String flinkScript() {
    StringBuilder out = new StringBuilder(HEAD);
    for (TableDefinition table : Tables.ALL) {
      out.append('\n').append(flink(table)).append(";\n");
    }
    return out.toString();
  }

  /** One {@code CREATE TABLE IF NOT EXISTS} statement, column names unquoted. */
  public static String flink(TableDefinition table) {
    StringBuilder out = new StringBuilder();
    out.append("-- One row is ").append(table.rowIs()).append(".\n");
    if (!table.dayColumn().isEmpty()) {
      out.append("-- Partitioned by the day of ").append(table.dayColumn()).append(".\n");
    }
    out.append("CREATE TABLE IF NOT EXISTS ").append(table.name()).append(" (\n");
    String separator = "";
    for (Types.NestedField column : table.schema().columns()) {
      out.append(separator)
          .append("  ")
          .append(column.name())
          .append(' ')
          .append(type(column.type()))
          .append(column.isRequired() ? " NOT NULL" : "")
          .append(" COMMENT ")
          .append(quoted(column.doc()));
      separator = ",\n";
    }
    return out.append("\n) COMMENT ").append(quoted(table.rowIs())).toString();
  }

  private static String type(Type type) {
    return switch (type.typeId()) {
      case STRING -> "STRING";
      case LONG -> "BIGINT";
      case INTEGER -> "INT";
      case DOUBLE -> "DOUBLE";
      case BOOLEAN -> "BOOLEAN";
      case BINARY -> "BYTES";
      case TIMESTAMP -> "TIMESTAMP_LTZ(6)";
      case DECIMAL -> type.toString().toUpperCase(Locale.ROOT);
      case MAP ->
          "MAP<%s, %s>"
              .formatted(type(type.asMapType().keyType()), type(type.asMapType().valueType()));
      case LIST -> "ARRAY<%s>".formatted(type(type.asListType().elementType()));
      case STRUCT -> row(type.asStructType());
      default -> throw new IllegalArgumentException("no Flink SQL type for " + type);
    };
  }

  private static String row(Types.StructType struct) {
    StringBuilder out = new StringBuilder("ROW<");
    String separator = "";
    for (Types.NestedField field : struct.fields()) {
      out.append(separator).append(field.name()).append(' ').append(type(field.type()));
      separator = ", ";
    }
    return out.append('>').toString();
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
