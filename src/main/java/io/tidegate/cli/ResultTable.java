package io.tidegate.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command's result: named columns and rows. As JSON an array of objects, as CSV with a header
 * (RFC 4180), as text aligned. A null cell is JSON's null, empty in CSV, {@code -} in text.
 */
final class ResultTable {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final CsvMapper CSV =
      CsvMapper.builder()
          .enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING)
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();
  private static final double LEAST_PLAIN = 1e-9;
  private static final double MOST_PLAIN = 1e15;

  private final List<String> columns;
  private final List<List<@Nullable Object>> rows = new ArrayList<>();

  ResultTable(String... columns) {
    this.columns = List.of(columns);
  }

  /** Adds a row: numbers, booleans, strings or null, one a column. */
  ResultTable row(@Nullable Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for columns " + columns);
    }
    List<@Nullable Object> row = new ArrayList<>();
    Collections.addAll(row, cells);
    rows.add(row);
    return this;
  }

  int size() {
    return rows.size();
  }

  String render(OutputOption.Format format) {
    try {
      return switch (format) {
        case JSON -> JSON.writeValueAsString(objects()) + "\n";
        case CSV -> csv();
        case TEXT -> text();
      };
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a cell is no number, boolean or string", e);
    }
  }

  private List<Map<String, @Nullable Object>> objects() {
    List<Map<String, @Nullable Object>> objects = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        object.put(columns.get(i), row.get(i));
      }
      objects.add(object);
    }
    return objects;
  }

  private String csv() throws JsonProcessingException {
    CsvSchema.Builder schema = CsvSchema.builder();
    columns.forEach(schema::addColumn);
    return CSV.writer(schema.build().withHeader()).writeValueAsString(objects());
  }

  /** A cell for people: decimals with all their digits, without an exponent unless it is far. */
  private static String plain(@Nullable Object cell) {
    if (cell instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    } else if (cell instanceof Double number) {
      double size = Math.abs(number);
      return size >= LEAST_PLAIN && size < MOST_PLAIN
          ? BigDecimal.valueOf(number).toPlainString()
          : number.toString();
    }
    return cell == null ? "-" : cell.toString();
  }

  private String text() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(columns);
    rows.forEach(r -> lines.add(r.stream().map(ResultTable::plain).toList()));
    int[] width = new int[columns.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < width.length; i++) {
        width[i] = Math.max(width[i], line.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder padded = new StringBuilder();
      for (int i = 0; i < width.length; i++) {
        padded.append(line.get(i)).append(" ".repeat(width[i] - line.get(i).length() + 2));
      }
      text.append(padded.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
