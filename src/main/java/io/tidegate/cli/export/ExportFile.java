package io.tidegate.cli.export;

import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.types.Row;

/**
 * A file that is there whole or not at all: rows go to a hidden file beside it, which takes its
 * name at the end. A {@link UserError} where it could not be put there.
 *
 * @param replace whether it takes the place of a file of that name
 * @param raw whether CSV keeps text that a spreadsheet would take for a formula as it is
 */
public record ExportFile(Path path, Format format, boolean replace, boolean raw) {

  private static final String PART = ".part";

  /** A hidden file that nobody wrote to for so long may be one that was left over. */
  private static final Duration UNTOUCHED = Duration.ofHours(1);

  /** What an export is written in. */
  public enum Format {
    CSV,
    PARQUET;

    /** By the ending of a file's name. */
    public static Optional<Format> of(Path file) {
      String name = file.toString().toLowerCase(Locale.ROOT);
      return Arrays.stream(values())
          .filter(format -> name.endsWith("." + format.name().toLowerCase(Locale.ROOT)))
          .findFirst();
    }
  }

  /**
   * What was written.
   *
   * @param rows without the header
   * @param guarded texts that got an apostrophe
   */
  public record Written(long rows, long guarded) {}

  public ExportFile {
    if (!Files.isDirectory(folder(path))) {
      throw refused(path, "a file in a folder that exists");
    } else if (Files.isDirectory(path)) {
      throw refused(path, "a file, not a folder");
    } else if (Files.exists(path) && !replace) {
      throw refused(path, "a file that is not there yet, or --force to replace it");
    }
  }

  /**
   * Writes all rows.
   *
   * @param progress told the number of rows after each
   */
  public Written write(ResolvedSchema schema, Iterator<Row> rows, LongConsumer progress)
      throws IOException {
    removeLeftOvers();
    String hidden = hidden() + ProcessHandle.current().pid() + PART;
    Path part = folder(path).resolve(hidden);
    Thread ifStopped = new Thread(() -> deleteQuietly(part), "export-cleanup");
    Runtime.getRuntime().addShutdownHook(ifStopped);
    try {
      Written written = write(part, schema, rows, progress);
      if (replace) {
        Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.move(part, path);
      }
      return written;
    } finally {
      Files.deleteIfExists(part);
      forget(ifStopped);
    }
  }

  private String hidden() {
    return "." + path.getFileName() + ".";
  }

  /**
   * What exports to this file left that were killed without warning: files of no process that are
   * old besides, for the number of a process in another container says nothing here.
   */
  private void removeLeftOvers() throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            folder(path),
            file -> isLeftOver(String.valueOf(file.getFileName())) && isUntouched(file))) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static boolean isUntouched(Path file) throws IOException {
    try {
      Instant touched = Files.getLastModifiedTime(file).toInstant();
      return touched.isBefore(Instant.now().minus(UNTOUCHED));
    } catch (NoSuchFileException e) {
      return false; // its export has ended meanwhile
    }
  }

  private boolean isLeftOver(String name) {
    if (!name.startsWith(hidden()) || !name.endsWith(PART)) {
      return false;
    }
    int from = hidden().length();
    String pid = name.substring(from, Math.max(from, name.length() - PART.length()));
    return pid.matches("[0-9]{1,18}")
        && ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isEmpty();
  }

  private static void deleteQuietly(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // An export to this file takes it away later.
    }
  }

  private static void forget(Thread ifStopped) {
    try {
      Runtime.getRuntime().removeShutdownHook(ifStopped);
    } catch (IllegalStateException e) {
      // The JVM is stopping and runs it.
    }
  }

  private Written write(Path part, ResolvedSchema schema, Iterator<Row> rows, LongConsumer progress)
      throws IOException {
    try (RowSink sink =
        switch (format) {
          case CSV -> new CsvSink(part, schema.getColumnNames(), raw);
          case PARQUET -> new ParquetSink(part, schema);
        }) {
      long count = 0;
      while (rows.hasNext()) {
        sink.write(rows.next());
        progress.accept(++count);
      }
      return new Written(count, sink.guarded());
    }
  }

  private static Path folder(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? path : parent;
  }

  private static UserError refused(Path path, String expected) {
    return new UserError("--out", "", path.toString(), expected);
  }
}
