package io.tidegate.connector.imports;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.UserError;
import io.tidegate.spec.ImportMapping.Format;
import io.tidegate.spec.ImportMapping.Input;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of comma- or tab-separated text (RFC 4180). */
final class CsvRows implements Rows {

  private static final ObjectReader READER =
      CsvMapper.builder()
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build()
          .readerFor(String[].class);

  private final Path file;
  private final MappingIterator<String[]> lines;
  private final List<String> columns;
  private long number;

  private CsvRows(Path file, MappingIterator<String[]> lines, List<String> columns) {
    this.file = file;
    this.lines = lines;
    this.columns = columns;
  }

  static CsvRows open(Path file, InputStream in, Input input) throws IOException {
    char separator = input.format() == Format.TSV ? '\t' : ',';
    CsvSchema schema = CsvSchema.emptySchema().withColumnSeparator(separator);
    MappingIterator<String[]> lines =
        READER.with(schema).readValues(new InputStreamReader(in, StandardCharsets.UTF_8));
    List<String> named = List.of();
    if (input.header()) {
      if (!lines.hasNextValue()) {
        throw new UserError(file.toString(), "", "", "a first line that names the columns");
      }
      named = Arrays.stream(lines.nextValue()).map(CsvRows::withoutMark).toList();
    }
    return new CsvRows(file, lines, input.columns().isEmpty() ? named : input.columns());
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public @Nullable Row next() throws BadRow {
    String[] cells;
    try {
      if (!lines.hasNextValue()) {
        return null;
      }
      number++;
      cells = lines.nextValue();
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new UserError(
          file.toString(),
          "row " + (number + 1),
          e.getOriginalMessage(),
          "quotes that are closed and doubled inside");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (cells.length != columns.size()) {
      throw new BadRow(
          DeadLetterReason.MISSING_FIELD,
          "row",
          cells.length + " cells",
          columns.size() + " as in the header");
    }
    return new Row(number, List.of(cells));
  }

  private static String withoutMark(String name) {
    return name.startsWith("\uFEFF") ? name.substring(1) : name;
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
