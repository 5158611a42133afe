package io.tidegate.connector.imports;

import io.tidegate.model.UserError;
import io.tidegate.spec.ImportMapping.Format;
import io.tidegate.spec.ImportMapping.Input;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The rows of a file, one after the other. Not thread-safe. */
interface Rows extends AutoCloseable {

  /** Names of the columns. */
  List<String> columns();

  /**
   * The next row, or null after the last one. Throws BadRow for a row that does not fit the
   * columns; the row after it can be read.
   */
  @Nullable Row next() throws BadRow;

  @Override
  void close();

  /** Opens a file; gzip is known by its first bytes. */
  static Rows open(Path file, Input input) {
    if (!Files.isRegularFile(file)) {
      throw new UserError(file.toString(), "", "", "a file to import, but there is none");
    }
    try {
      if (input.format() == Format.PARQUET) {
        return ParquetRows.open(file, input.columns());
      }
      InputStream bytes = plain(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
      return input.format() == Format.WHITESPACE
          ? BlankRows.open(file, bytes, input)
          : CsvRows.open(file, bytes, input);
    } catch (IOException e) {
      throw new UserError(file.toString(), "", e.toString(), "a readable file");
    }
  }

  private static InputStream plain(BufferedInputStream in) throws IOException {
    in.mark(2);
    int magic = in.read() | in.read() << 8;
    in.reset();
    return magic == GZIPInputStream.GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in;
  }
}
