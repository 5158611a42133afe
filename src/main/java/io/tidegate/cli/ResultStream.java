package io.tidegate.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A result of any number of rows, written as they come: {@link ResultTable}'s forms. Text takes its
 * widths from the first {@value #SIZED} rows. A cell that is a list of objects is nested in JSON
 * and written by its own text elsewhere.
 */
final class ResultStream implements Closeable {

  static final int SIZED = 500;
  private static final CsvMapper CSV =
      CsvMapper.builder()
          .enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING)
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
          .build();
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);

  /** A cell with a form of its own in JSON. */
  interface Nested {
    /** The JSON form: lists, maps, strings and numbers. */
    Object json();

    /** The form in CSV and text. */
    @Override
    String toString();
  }

  private final List<String> columns;
  private final OutputOption.Format format;
  private final PrintWriter out;
  private final List<List<String>> sized = new ArrayList<>();
  private final String last;
  private int[] widths = {};
  private @Nullable SequenceWriter csv;
  private @Nullable JsonGenerator json;

  ResultStream(OutputOption output, String... columns) {
    this(output, "", columns);
  }

  /**
   * The same.
   *
   * @param last column that ends the line in text, for it is long; empty for none
   */
  ResultStream(OutputOption output, String last, String[] columns) {
    this.last = last;
    this.columns = List.of(columns);
    this.format = output.format();
    this.out = output.out();
    try {
      switch (format) {
        case CSV -> {
          CsvSchema.Builder schema = CsvSchema.builder();
          this.columns.forEach(schema::addColumn);
          csv = CSV.writer(schema.build().withHeader()).writeValues(out);
        }
        case JSON -> {
          json = JSON.createGenerator(out).useDefaultPrettyPrinter();
          json.writeStartArray();
        }
        case TEXT -> sized.add(this.columns);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a row: numbers, booleans, strings, nested cells or null, one a column. */
  void row(@Nullable Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for columns " + columns);
    }
    try {
      if (csv != null) {
        csv.write(object(cells, false));
      } else if (json != null) {
        json.writeObject(object(cells, true));
      } else {
        text(cells);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      if (csv != null) {
        if (empty) {
          out.println(String.join(",", columns));
        }
        csv.close();
      } else if (json != null) {
        json.writeEndArray();
        json.close();
        out.println();
      } else {
        flushText();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.flush();
  }

  private boolean empty = true;

  private Map<String, @Nullable Object> object(@Nullable Object[] cells, boolean nested) {
    empty = false;
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    for (int i = 0; i < cells.length; i++) {
      Object cell = cells[i];
      if (cell instanceof Nested n) {
        cell = nested ? n.json() : n.toString();
      }
      object.put(columns.get(i), cell);
    }
    return object;
  }

  private void text(@Nullable Object[] cells) {
    List<String> line = new ArrayList<>();
    for (Object cell : cells) {
      line.add(cell == null ? "-" : shortened(cell));
    }
    if (widths.length > 0) {
      print(line);
      return;
    }
    sized.add(line);
    if (sized.size() > SIZED) {
      flushText();
    }
  }

  private static String shortened(Object cell) {
    if (cell instanceof Double d) {
      double value = d;
      boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
      return whole
          ? Long.toString((long) value)
          : String.format(java.util.Locale.ROOT, "%.6g", value);
    }
    return cell.toString();
  }

  private void flushText() {
    if (widths.length == 0) {
      widths = new int[columns.size()];
      for (List<String> line : sized) {
        for (int i = 0; i < widths.length; i++) {
          widths[i] = Math.max(widths[i], line.get(i).length());
        }
      }
    }
    sized.forEach(this::print);
    sized.clear();
  }

  private void print(List<String> line) {
    StringBuilder padded = new StringBuilder();
    int atEnd = columns.indexOf(last);
    for (int i = 0; i < widths.length; i++) {
      if (i != atEnd) {
        String cell = line.get(i);
        padded.append(cell).append(" ".repeat(Math.max(0, widths[i] - cell.length()) + 2));
      }
    }
    if (atEnd >= 0) {
      padded.append(line.get(atEnd));
    }
    out.println(padded.toString().stripTrailing());
  }
}
