package io.tidegate.stats;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;

/**
 * Published data in the folder named by the system property {@code tidegate.data}. Absent data fail
 * a test where {@code CI=true}; elsewhere they skip it with a notice.
 */
public final class RealData {
  private static final Path FOLDER = Path.of(System.getProperty("tidegate.data", "../shared/data"));

  private RealData() {}

  /** A file of the folder. */
  public static Path file(String name) {
    Path file = FOLDER.resolve(name);
    if (Files.notExists(file)) {
      String notice = "real data absent: " + file.toAbsolutePath();
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError(notice);
      }
      System.err.println("SKIPPED, " + notice);
      Assumptions.abort(notice);
    }
    return file;
  }

  /** The rows of a comma-separated file, the header first; {@code .gz} is unpacked. */
  public static List<String[]> rows(String name) {
    Path file = file(name);
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = name.endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        MappingIterator<String[]> rows =
            new CsvMapper()
                .readerFor(String[].class)
                .with(CsvParser.Feature.WRAP_AS_ARRAY)
                .readValues(in)) {
      return rows.readAll();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The place of a column in the header. */
  public static int column(String[] header, String name) {
    int at = Arrays.asList(header).indexOf(name);
    if (at < 0) {
      throw new IllegalArgumentException(name + " is not among " + Arrays.toString(header));
    }
    return at;
  }
}
