package io.tidegate.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.tidegate.model.UserError;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file with a header, row by row (RFC 4180, UTF-8; {@code .gz} is unpacked). Column names are
 * read without regard to case, {@code -} as {@code _}.
 */
final class CsvRows implements Closeable {

  private static final CsvMapper CSV =
      CsvMapper.builder()
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build();

  private final String name;
  private final MappingIterator<String[]> rows;
  private final Map<String, Integer> columns = new HashMap<>();
  private final List<String> header = new ArrayList<>();
  private String[] row = {};
  private long number = 1;

  /** Opens a file and reads its header; a {@link UserError} where there is none. */
  CsvRows(Path file) {
    name = file.toString();
    if (!Files.isRegularFile(file)) {
      throw new UserError(name, "", Files.isDirectory(file) ? "a folder" : "no file", "a CSV file");
    }
    try {
      InputStream bytes = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
      InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(bytes, 1 << 16) : bytes;
      rows =
          CSV.readerFor(String[].class)
              .readValues(new InputStreamReader(plain, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UserError(name, "", e.toString(), "a readable file");
    }
    if (!read()) {
      throw new UserError(name, "", "an empty file", "a header and rows");
    }
    for (int i = 0; i < row.length; i++) {
      String title = row[i].strip();
      if (i == 0 && title.startsWith("\uFEFF")) {
        title = title.substring(1);
      }
      header.add(title);
      String key = key(title);
      if (columns.putIfAbsent(key, i) != null) {
        throw new UserError(name, "row 1", title, "each column once");
      }
    }
  }

  /** Goes to the next row; false at the end. */
  boolean next() {
    if (!read()) {
      return false;
    }
    number++;
    return true;
  }

  /** The row's number, the header being 1. */
  long number() {
    return number;
  }

  /** Whether the file has the column. */
  boolean has(String column) {
    return columns.containsKey(key(column));
  }

  List<String> header() {
    return header;
  }

  /** Fields of the row. */
  int width() {
    return row.length;
  }

  /** The field without surrounding blanks; null where the column or the value is absent. */
  @Nullable String text(String column) {
    Integer index = columns.get(key(column));
    if (index == null || index >= row.length) {
      return null;
    }
    String text = row[index].strip();
    return text.isEmpty() ? null : text;
  }

  @Override
  public void close() {
    try {
      rows.close();
    } catch (IOException e) {
      throw new UserError(name, "", e.toString(), "a readable file");
    }
  }

  private boolean read() {
    try {
      if (!rows.hasNextValue()) {
        return false;
      }
      row = rows.nextValue();
      return true;
    } catch (JsonProcessingException e) {
      throw new UserError(
          name, "after row " + number, e.getOriginalMessage(), "fields quoted as in RFC 4180");
    } catch (IOException e) {
      throw new UserError(name, "after row " + number, e.toString(), "a readable file");
    }
  }

  private static String key(String column) {
    return column.strip().toLowerCase(Locale.ROOT).replace('-', '_');
  }
}
