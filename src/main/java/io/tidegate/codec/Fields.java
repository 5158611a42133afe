package io.tidegate.codec;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.jspecify.annotations.Nullable;

/** Single fields of rows. */
final class Fields {

  private static final int MICROS = 6;

  private Fields() {}

  static StringData string(String value) {
    return StringData.fromString(value);
  }

  /** Null for empty text. */
  static @Nullable StringData stringOrNull(String value) {
    return value.isEmpty() ? null : StringData.fromString(value);
  }

  static TimestampData time(long epochMs) {
    return TimestampData.fromEpochMillis(epochMs);
  }

  static long time(RowData row, int at) {
    return row.getTimestamp(at, MICROS).getMillisecond();
  }

  static GenericMapData map(Map<String, String> entries) {
    Map<StringData, StringData> map = new HashMap<>();
    entries.forEach((key, value) -> map.put(string(key), string(value)));
    return new GenericMapData(map);
  }

  static Map<String, String> map(MapData data) {
    ArrayData keys = data.keyArray();
    ArrayData values = data.valueArray();
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < data.size(); i++) {
      map.put(keys.getString(i).toString(), values.getString(i).toString());
    }
    return map;
  }

  static GenericArrayData list(List<String> items) {
    return new GenericArrayData(items.stream().map(Fields::string).toArray());
  }

  static List<String> list(ArrayData data) {
    String[] items = new String[data.size()];
    for (int i = 0; i < items.length; i++) {
      items[i] = data.getString(i).toString();
    }
    return List.of(items);
  }
}
