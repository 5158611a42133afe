package io.tidegate.cli;

import org.jspecify.annotations.Nullable;

/** Fields of a CSV row as numbers; what cannot be read becomes a problem of its row. */
final class Cells {

  private static final double LARGEST_COUNT = 1e15;

  private Cells() {}

  /** A whole number from 0 up; null, and a problem, where it is none. */
  static @Nullable Long count(CsvRows rows, String column, RowProblems problems) {
    String text = rows.text(column);
    Double value = text == null ? null : parse(text);
    if (value == null || value < 0 || value != Math.rint(value) || value > LARGEST_COUNT) {
      problems.add(rows.number(), column, text, "a whole number from 0 up");
      return null;
    }
    return value.longValue();
  }

  /** A finite number; null, and a problem, where it is none. */
  static @Nullable Double number(
      CsvRows rows, String column, RowProblems problems, String expected) {
    String text = rows.text(column);
    Double value = text == null ? null : parse(text);
    if (value == null || !Double.isFinite(value)) {
      problems.add(rows.number(), column, text, expected);
      return null;
    }
    return value;
  }

  static @Nullable Double parse(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
