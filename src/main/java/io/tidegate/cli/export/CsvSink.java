package io.tidegate.cli.export;

import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;

/**
 * CSV as RFC 4180 has it, in UTF-8 with a header; cells as {@link CellText}. Null is an empty
 * field, the empty text a quoted one. A text that a spreadsheet would take for a formula gets an
 * apostrophe, as OWASP advises under "CSV injection".
 */
final class CsvSink implements RowSink {

  private static final String FORMULA_BEGINS = "=+-@\t\r\n＝＋－＠";

  private static final CsvMapper CSV =
      CsvMapper.builder().enable(CsvGenerator.Feature.ALWAYS_QUOTE_EMPTY_STRINGS).build();

  private final List<String> columns;
  private final SequenceWriter lines;
  private final boolean raw;
  private long guarded;

  CsvSink(Path file, List<String> columns, boolean raw) throws IOException {
    this.columns = columns;
    this.raw = raw;
    CsvSchema.Builder schema = CsvSchema.builder().setLineSeparator("\r\n");
    columns.forEach(schema::addColumn);
    lines =
        CSV.writer(schema.build())
            .writeValues(Files.newBufferedWriter(file, StandardCharsets.UTF_8));
    lines.write(columns);
  }

  @Override
  public void write(Row row) throws IOException {
    Map<String, @Nullable String> fields = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      fields.put(columns.get(i), field(row.getField(i)));
    }
    lines.write(fields);
  }

  @Override
  public long guarded() {
    return guarded;
  }

  private @Nullable String field(@Nullable Object cell) {
    if (cell == null) {
      return null;
    }
    String text = CellText.of(cell);
    if (raw
        || !(cell instanceof String)
        || text.isEmpty()
        || FORMULA_BEGINS.indexOf(text.charAt(0)) < 0) {
      return text;
    }
    guarded++;
    return "'" + text;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
