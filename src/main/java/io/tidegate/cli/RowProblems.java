package io.tidegate.cli;

import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a table, row by row: all is counted, of a kind the first {@value #ALIKE} are
 * shown, in all {@value #SHOWN}.
 */
final class RowProblems {

  static final int SHOWN = 50;
  static final int ALIKE = 5;

  private final String file;
  private final List<Problem> shown = new ArrayList<>();
  private final Map<Kind, Long> unseen = new LinkedHashMap<>();
  private final Map<Kind, Integer> seen = new HashMap<>();

  /** What problems of different rows share. */
  private record Kind(String where, String expected) {}

  private long count;

  RowProblems(String file) {
    this.file = file;
  }

  void add(long row, String column, @Nullable String value, String expected) {
    String where = column.isEmpty() ? "" : "column " + column;
    String path = "row " + row + (where.isEmpty() ? "" : ", " + where);
    add(new Kind(where, expected), path, value);
  }

  void add(String path, @Nullable String value, String expected) {
    add(new Kind(path, expected), path, value);
  }

  private void add(Kind kind, String path, @Nullable String value) {
    count++;
    int alike = seen.getOrDefault(kind, 0);
    if (alike < ALIKE && shown.size() < SHOWN) {
      shown.add(new Problem(file, path, value == null ? "nothing" : value, kind.expected()));
      seen.put(kind, alike + 1);
    } else if (alike > 0) {
      unseen.merge(kind, 1L, Long::sum);
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
    long told = shown.size();
    for (Map.Entry<Kind, Long> kind : unseen.entrySet()) {
      String found = kind.getValue() + " more rows like these";
      all.add(new Problem(file, kind.getKey().where(), found, kind.getKey().expected()));
      told += kind.getValue();
    }
    if (count > told) {
      all.add(new Problem(file, "", count - told + " more problems", "none"));
    }
    throw new UserError(all);
  }
}
