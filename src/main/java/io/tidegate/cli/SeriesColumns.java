package io.tidegate.cli;

import io.tidegate.model.UserError;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a file are its times and its values: the ones named by options, else those of a
 * usual name, else the first of each kind by the file's first row.
 *
 * @param chosen what was chosen without being named, for the reader to check; empty where nothing
 *     was
 */
record SeriesColumns(String timestamp, String value, String chosen) {

  private static final List<String> TIMES =
      List.of("timestamp", "time", "datetime", "date_time", "ts", "date", "ds", "at", "event_time");
  private static final List<String> VALUES = List.of("value", "y", "count", "cnt", "metric");

  /** Of a file at its first row. */
  static SeriesColumns of(
      CsvRows rows, String file, @Nullable String timestamp, @Nullable String value, ZoneId zone) {
    RowProblems problems = new RowProblems(file);
    for (String title : rows.header()) {
      if (title.length() >= 8 && new Timestamps(zone).read(title) != Timestamps.NONE) {
        problems.add(1, "", String.join(",", rows.header()), "a header that names the columns");
      }
    }
    problems.throwIfAny();
    for (String name : new String[] {timestamp, value}) {
      if (name != null && !rows.has(name)) {
        problems.add(1, "", String.join(",", rows.header()), "a column named " + name);
      }
    }
    problems.throwIfAny();
    String at = timestamp != null ? timestamp : named(rows, TIMES, value);
    for (String each : rows.header()) {
      if (at == null && !each.equals(value) && isTime(rows, each, zone)) {
        at = each;
      }
    }
    String of = value != null ? value : named(rows, VALUES, at);
    boolean guessed = of == null;
    for (String each : rows.header()) {
      if (of == null && at != null && !same(each, at) && isNumber(rows.text(each))) {
        of = each;
      }
    }
    if (at == null || of == null) {
      throw new UserError(
          file,
          "row 1",
          String.join(",", rows.header()),
          at == null
              ? "a header with a column timestamp; --timestamp names another"
              : "a header with a column value; --value names another");
    }
    boolean others = rows.header().size() > 2;
    return new SeriesColumns(
        at, of, guessed && others ? "values are column " + of + "; --value names another" : "");
  }

  private static @Nullable String named(CsvRows rows, List<String> names, @Nullable String not) {
    for (String name : names) {
      if (rows.has(name) && !(not != null && same(name, not))) {
        return name;
      }
    }
    return null;
  }

  private static boolean isTime(CsvRows rows, String column, ZoneId zone) {
    String text = rows.text(column);
    return text != null && text.length() >= 8 && new Timestamps(zone).read(text) != Timestamps.NONE;
  }

  private static boolean isNumber(@Nullable String text) {
    return text != null && Cells.parse(text) != null;
  }

  private static boolean same(String a, String b) {
    return a.toLowerCase(Locale.ROOT).equals(b.toLowerCase(Locale.ROOT));
  }
}
