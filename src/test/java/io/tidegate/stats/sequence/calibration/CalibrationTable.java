package io.tidegate.stats.sequence.calibration;

import java.util.List;
import java.util.Locale;

/** Measured figures beside their anchors. */
final class CalibrationTable {

  private CalibrationTable() {}

  static String markdown(List<Row> rows) {
    StringBuilder text = new StringBuilder();
    text.append("| scenario | method | figure | here | anchor |\n|---|---|---|---|---|\n");
    for (Row r : rows) {
      text.append("| ")
          .append(String.join(" | ", r.section(), r.method(), r.figure()))
          .append(" | ")
          .append(figure(r, r.measured(), r.error()))
          .append(" | ")
          .append(r.anchored() ? figure(r, r.anchor(), r.anchorError()) : "–")
          .append(" |\n");
    }
    return text.toString();
  }

  private static String figure(Row row, double value, double error) {
    if (row.figure().equals(Row.DELAY)) {
      return Double.isInfinite(value)
          ? "not reached"
          : String.format(Locale.ROOT, "%.0f ± %.0f", value, error);
    }
    return String.format(Locale.ROOT, "%.2f ± %.2f", value, error);
  }
}
