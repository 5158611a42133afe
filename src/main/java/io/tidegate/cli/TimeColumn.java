package io.tidegate.cli;

import io.tidegate.analysis.judge.RowTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The column {@code time}: all numbers, or all ISO-8601 dates and times. */
final class TimeColumn {

  private final CsvRows rows;
  private final RowProblems problems;
  private @Nullable Boolean numeric;

  TimeColumn(CsvRows rows, RowProblems problems) {
    this.rows = rows;
    this.problems = problems;
  }

  /** The row's time; null, and a problem, where there is none. */
  @Nullable RowTime read() {
    String text = rows.text("time");
    Optional<RowTime> time = text == null ? Optional.empty() : RowTime.parse(text);
    if (time.isEmpty()) {
      problems.add(rows.number(), "time", text, "a number or an ISO-8601 date or time");
      return null;
    }
    RowTime found = time.get();
    if (numeric == null) {
      numeric = found.numeric();
    } else if (numeric != found.numeric()) {
      String expected =
          numeric ? "a number as in earlier rows" : "an ISO-8601 time as in earlier rows";
      problems.add(rows.number(), "time", text, expected);
      return null;
    }
    return found;
  }
}
