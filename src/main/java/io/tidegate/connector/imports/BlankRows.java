package io.tidegate.connector.imports;

import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.UserError;
import io.tidegate.spec.ImportMapping.Input;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of text whose columns are parted by blanks; empty lines are none. */
final class BlankRows implements Rows {

  private final BufferedReader lines;
  private final List<String> columns;
  private long number;

  private BlankRows(BufferedReader lines, List<String> columns) {
    this.lines = lines;
    this.columns = columns;
  }

  static BlankRows open(Path file, InputStream in, Input input) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
    List<String> named = List.of();
    if (input.header()) {
      String first = line(lines);
      if (first == null) {
        throw new UserError(file.toString(), "", "", "a first line that names the columns");
      }
      named = split(first);
    }
    return new BlankRows(lines, input.columns().isEmpty() ? named : input.columns());
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public @Nullable Row next() throws BadRow {
    String line;
    try {
      line = line(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (line == null) {
      return null;
    }
    number++;
    List<String> cells = split(line);
    if (cells.size() != columns.size()) {
      throw new BadRow(
          DeadLetterReason.MISSING_FIELD,
          "row",
          cells.size() + " cells",
          columns.size() + " as in the header");
    }
    return new Row(number, cells);
  }

  private static @Nullable String line(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    while (line != null && line.isBlank()) {
      line = lines.readLine();
    }
    return line;
  }

  private static List<String> split(String line) {
    return List.of(line.strip().split("\\s+"));
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
