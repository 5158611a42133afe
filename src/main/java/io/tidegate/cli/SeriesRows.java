package io.tidegate.cli;

import java.io.Closeable;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The times and values of a CSV file, row by row. */
final class SeriesRows implements Closeable {

  private static final Set<String> MISSING = Set.of("nan", "null", "na", "n/a", "none", "-");

  private final CsvRows rows;
  private final SeriesColumns columns;
  private final RowProblems problems;
  private final Timestamps times;
  private boolean first = true;
  private final boolean any;
  private String text = "";
  private long at = Timestamps.NONE;
  private double value;

  SeriesRows(
      Path file,
      @Nullable String timestamp,
      @Nullable String value,
      ZoneId zone,
      RowProblems problems) {
    this.problems = problems;
    times = new Timestamps(zone);
    rows = new CsvRows(file);
    any = rows.next();
    if (!any) {
      problems.add("", "a header alone", "rows");
      problems.throwIfAny();
    }
    columns = SeriesColumns.of(rows, file.toString(), timestamp, value, zone);
  }

  SeriesColumns columns() {
    return columns;
  }

  /** Goes to the next row that can be used; the others become problems. False at the end. */
  boolean next() {
    while (first || rows.next()) {
      first = false;
      if (read()) {
        return true;
      }
    }
    return false;
  }

  /** Milliseconds since 1970. */
  long at() {
    return at;
  }

  /** The time as written. */
  String text() {
    return text;
  }

  /** NaN where the row has none. */
  double value() {
    return value;
  }

  /** The row's number, the header being 1. */
  long number() {
    return rows.number();
  }

  private boolean read() {
    String time = rows.text(columns.timestamp());
    long now = time == null ? Timestamps.NONE : times.read(time);
    if (time == null || now == Timestamps.NONE) {
      problems.add(
          rows.number(),
          columns.timestamp(),
          time,
          "an ISO-8601 date or time, or seconds or milliseconds since 1970");
      return false;
    }
    String number = rows.text(columns.value());
    boolean missing = number == null || MISSING.contains(number.toLowerCase(Locale.ROOT));
    Double found = number == null || missing ? Double.valueOf(Double.NaN) : Cells.parse(number);
    if (found == null || Double.isInfinite(found)) {
      problems.add(rows.number(), columns.value(), number, "a finite number, or nothing");
      return false;
    }
    if (now <= at) {
      problems.add(
          rows.number(),
          columns.timestamp(),
          time,
          now == at ? "each time once" : "rows in time order, after " + text);
      return false;
    }
    at = now;
    text = time;
    value = found;
    return true;
  }

  @Override
  public void close() {
    rows.close();
  }
}
