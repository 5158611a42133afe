package io.tidegate.cli.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;

/** A cell of Flink's answer as text. */
public final class CellText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private CellText() {}

  /**
   * Times as ISO 8601, with Z where the type is a point in time; decimals with all their digits and
   * no exponent; bytes in hexadecimal; lists, maps and rows as JSON, keys of maps in order.
   */
  public static String of(Object cell) {
    if (cell instanceof LocalDateTime time) {
      return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
    } else if (cell instanceof LocalTime time) {
      return DateTimeFormatter.ISO_LOCAL_TIME.format(time);
    } else if (cell instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    } else if (cell instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    } else if (cell instanceof Object[] || cell instanceof Map || cell instanceof Row) {
      return json(cell);
    }
    return cell.toString();
  }

  private static String json(Object cell) {
    try {
      return JSON.writeValueAsString(tree(cell));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of maps, lists, numbers and texts", e);
    }
  }

  private static @Nullable Object tree(@Nullable Object cell) {
    if (cell == null || cell instanceof Number || cell instanceof Boolean) {
      return cell;
    } else if (cell instanceof Object[] list) {
      return Arrays.stream(list).map(CellText::tree).toArray();
    } else if (cell instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> ordered = new TreeMap<>();
      map.forEach((key, value) -> ordered.put(key == null ? "" : of(key), tree(value)));
      return ordered;
    } else if (cell instanceof Row row) {
      return fields(row);
    }
    return of(cell);
  }

  private static Map<String, @Nullable Object> fields(Row row) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (String name : row.getFieldNames(true)) {
      fields.put(name, tree(row.getField(name)));
    }
    return fields;
  }
}
