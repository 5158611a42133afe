package io.tidegate.cli;

import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with a table, row by row: all is counted, the first {@value #SHOWN} are shown. */
final class RowProblems {

  static final int SHOWN = 50;

  private final String file;
  private final List<Problem> shown = new ArrayList<>();
  private long count;

  RowProblems(String file) {
    this.file = file;
  }

  void add(long row, String column, @Nullable String value, String expected) {
    add("row " + row + (column.isEmpty() ? "" : ", column " + column), value, expected);
  }

  void add(String path, @Nullable String value, String expected) {
    count++;
    if (shown.size() < SHOWN) {
      shown.add(new Problem(file, path, value == null ? "nothing" : value, expected));
    }
  }

  long count() {
    return count;
  }

  /** Ends the command where anything was wrong. */
  void throwIfAny() {
    if (count == 0) {
      return;
    }
    List<Problem> all = new ArrayList<>(shown);
    if (count > shown.size()) {
      all.add(new Problem(file, "", count - shown.size() + " more problems", "none"));
    }
    throw new UserError(all);
  }
}
