package io.tidegate.report;

import io.tidegate.report.Page.Chart;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Fact;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A series, what was expected of it and what was flagged, for people: one self-contained file.
 * Takes the rows one by one and keeps a bounded number. Not thread-safe.
 */
public final class DetectionReport {

  private static final int MOST_BINS = 700;
  private static final int RECENT = 500;
  private static final int MOST_ANOMALIES = 300;
  private static final int TABLE_ROWS = 24;

  private final String name;
  private final long rowsInAll;
  private final long perBin;
  private final Bin bin = new Bin();
  private final List<Row> whole = new ArrayList<>();
  private final Deque<Row> recent = new ArrayDeque<>();
  private final List<Row> anomalies = new ArrayList<>();
  private long rows;
  private long flagged;
  private long judged;
  private long inside;

  /** A row, or the mean of several; NaN where nothing can be said. */
  private record Row(
      long at, double value, double expected, double lower, double upper, String cause) {}

  /** The mean of consecutive rows. */
  private static final class Bin {
    private long at;
    private int count;
    private final double[] sums = new double[4];
    private final int[] counts = new int[4];

    void add(Row row) {
      at = count++ == 0 ? row.at : at;
      double[] values = {row.value, row.expected, row.lower, row.upper};
      for (int i = 0; i < values.length; i++) {
        if (!Double.isNaN(values[i])) {
          sums[i] += values[i];
          counts[i]++;
        }
      }
    }

    Row mean() {
      double[] m = new double[4];
      for (int i = 0; i < m.length; i++) {
        m[i] = counts[i] == 0 ? Double.NaN : sums[i] / counts[i];
        sums[i] = 0;
        counts[i] = 0;
      }
      count = 0;
      return new Row(at, m[0], m[1], m[2], m[3], "");
    }
  }

  /**
   * A report on a series.
   *
   * @param name of its file
   * @param rows it has
   */
  public DetectionReport(String name, long rows) {
    this.name = name;
    rowsInAll = rows;
    perBin = (rows + MOST_BINS - 1) / MOST_BINS;
  }

  /**
   * Adds the next row.
   *
   * @param value NaN where it has none
   * @param expected NaN where nothing could be said, as for the others
   * @param score in [0, 1]
   * @param cause of the alarm; empty where none was raised
   */
  public void add(
      long epochMs,
      double value,
      double expected,
      double lower,
      double upper,
      double score,
      String cause) {
    Row row = new Row(epochMs, value, expected, lower, upper, cause);
    rows++;
    if (!Double.isNaN(lower) && !Double.isNaN(score)) {
      judged++;
      inside += value >= lower && value <= upper ? 1 : 0;
    }
    bin.add(row);
    if (bin.count >= perBin || rows == rowsInAll) {
      whole.add(bin.mean());
    }
    recent.add(row);
    if (recent.size() > RECENT) {
      recent.remove();
    }
    if (!cause.isEmpty()) {
      flagged++;
      anomalies.add(row);
      if (anomalies.size() > MOST_ANOMALIES) {
        anomalies.remove(0);
      }
    }
  }

  /** The page. */
  public String html() {
    String sentence =
        judged == 0
            ? "Too little history to say what is normal"
            : flagged == 0
                ? "Nothing unusual in " + Figures.count(rows) + " rows"
                : Figures.count(flagged) + " of " + Figures.count(rows) + " rows are anomalies";
    List<Section> sections = new ArrayList<>();
    sections.add(section("whole", "The whole series", wholeLead(), List.copyOf(whole)));
    if (perBin > 1) {
      sections.add(
          section(
              "recent",
              "The last " + Figures.count(recent.size()) + " rows",
              "Every row on its own.",
              List.copyOf(recent)));
    }
    sections.add(
        new Section(
            "anomalies",
            "What was flagged",
            flagged > anomalies.size()
                ? "The last " + anomalies.size() + " of " + Figures.count(flagged) + "."
                : flagged == 0 ? "Nothing." : "Each alarm with what earlier rows made expect.",
            List.of(),
            anomalies.isEmpty() ? List.of() : List.of(table("Anomalies", anomalies)),
            List.of(
                "outlier: the row itself is too far out. shift: rows up to this one have left their"
                    + " level. gap: rows before this one are missing as never before."),
            ""));
    return Html.render(
        "plain.jte",
        new Page(
            "Series",
            name,
            sentence,
            new Headline(
                flagged > 0 ? "look" : judged == 0 ? "none" : "good",
                flagged > 0 ? "Anomalies" : judged == 0 ? "Cannot say" : "Normal",
                sentence,
                "Each row is judged from earlier rows only.",
                List.of(),
                List.of(),
                List.of()),
            facts(),
            sections));
  }

  private String wholeLead() {
    return perBin == 1
        ? "The line is what was seen, the band where 95 % of rows should lie."
        : "Means of "
            + Figures.count(perBin)
            + " rows: the line is what was seen, the band where 95 % of rows should lie.";
  }

  private List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Series", name));
    facts.add(new Fact("Rows", Figures.count(rows)));
    facts.add(new Fact("Flagged", Figures.count(flagged)));
    facts.add(
        new Fact(
            "Inside the interval",
            judged == 0 ? Figures.NONE : Figures.share((double) inside / judged)));
    return facts;
  }

  private Section section(String id, String title, String lead, List<Row> shown) {
    List<Map<String, @Nullable Object>> points = new ArrayList<>();
    shown.forEach(row -> points.add(point(row)));
    List<Map<String, @Nullable Object>> marks = new ArrayList<>();
    for (Row row : anomalies) {
      if (!shown.isEmpty() && row.at >= shown.get(0).at) {
        marks.add(point(row));
      }
    }
    String summary = name + ": seen, expected, and where 95 % should lie.";
    return new Section(
        id,
        title,
        lead,
        List.of(
            new Chart(
                "chart-" + id,
                title,
                summary,
                ChartSpec.load("detect")
                    .rows("rows", points)
                    .rows("anomalies", marks)
                    .set("unit", "value")
                    .describe(summary)
                    .json(),
                true,
                table(summary, ChartSpec.thinned(shown, TABLE_ROWS)))),
        List.of(),
        List.of(),
        "");
  }

  private static Map<String, @Nullable Object> point(Row row) {
    return Rows.of(
        "at", row.at,
        "when", Figures.time(row.at),
        "value", number(row.value),
        "expected", number(row.expected),
        "lower", number(row.lower),
        "upper", number(row.upper),
        "cause", row.cause);
  }

  private static Table table(String caption, List<Row> shown) {
    List<List<String>> cells = new ArrayList<>();
    for (Row row : shown) {
      cells.add(
          List.of(
              Figures.tableTime(row.at),
              figure(row.value),
              figure(row.expected),
              Figures.interval(figure(row.lower), figure(row.upper)),
              row.cause));
    }
    return new Table(
        caption,
        List.of(
            Column.text("time (UTC)"),
            Column.number("seen"),
            Column.number("expected"),
            Column.number("95 % interval"),
            Column.text("flagged as")),
        cells);
  }

  private static @Nullable Double number(double value) {
    return Double.isFinite(value) ? Double.valueOf(value) : null;
  }

  private static String figure(double value) {
    return Double.isFinite(value) ? Figures.number(value) : Figures.NONE;
  }
}
