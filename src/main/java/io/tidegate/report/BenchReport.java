package io.tidegate.report;

import io.tidegate.report.Page.Chart;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Fact;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Figures of a benchmark, for people: one self-contained file. Takes them section by section. */
public final class BenchReport {

  private final String sentence;
  private final String certainty;
  private final List<Fact> facts = new ArrayList<>();
  private final List<Section> sections = new ArrayList<>();

  /**
   * A figure over several runs.
   *
   * @param aim the least it should be, or the most; null where there is no aim
   */
  public record Bar(String name, double median, double min, double max, @Nullable Double aim) {}

  /** A figure of a line, at a place along it. */
  public record Point(String line, double at, double median, double min, double max) {}

  /**
   * @param sentence what it showed
   * @param certainty how it was measured
   */
  public BenchReport(String sentence, String certainty) {
    this.sentence = sentence;
    this.certainty = certainty;
  }

  /** Adds a line under the headline. */
  public void fact(String label, long value) {
    facts.add(new Fact(label, Figures.count(value)));
  }

  /**
   * Adds figures of one unit, longest name at most some 30 characters.
   *
   * @param id anchor, unique in the page
   */
  public void bars(String id, String title, String lead, String unit, List<Bar> bars) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    List<List<String>> cells = new ArrayList<>();
    for (Bar bar : bars) {
      rows.add(
          Rows.of(
              "name", bar.name,
              "median", bar.median,
              "min", bar.min,
              "max", bar.max,
              "text", Figures.number(bar.median),
              "range", range(bar.min, bar.max)));
      cells.add(
          List.of(
              bar.name,
              Figures.number(bar.median),
              range(bar.min, bar.max),
              bar.aim == null ? Figures.NONE : Figures.number(bar.aim)));
    }
    add(
        id,
        title,
        lead,
        ChartSpec.load("bars").rows("rows", rows).set("unit", unit),
        List.of(
            Column.text("what"),
            Column.number(unit + ", median"),
            Column.number("least to most"),
            Column.number("aim")),
        cells);
  }

  /**
   * Adds lines.
   *
   * @param id anchor, unique in the page
   * @param along what is on the horizontal axis
   */
  public void lines(
      String id, String title, String lead, String along, String unit, List<Point> points) {
    List<String> names = points.stream().map(Point::line).distinct().toList();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    List<List<String>> cells = new ArrayList<>();
    for (Point point : points) {
      rows.add(
          Rows.of(
              "name", point.line,
              "at", point.at,
              "median", point.median,
              "min", point.min,
              "max", point.max,
              "text", Figures.number(point.median),
              "range", range(point.min, point.max)));
      cells.add(
          List.of(
              point.line,
              Figures.number(point.at),
              Figures.number(point.median),
              range(point.min, point.max)));
    }
    add(
        id,
        title,
        lead,
        ChartSpec.load("growth")
            .rows("rows", rows)
            .set("unit", unit)
            .set("along", along)
            .set("names", names)
            .set("colors", Palette.treatments(names.size()))
            .set("shapes", Palette.shapes(names.size())),
        List.of(
            Column.text("what"),
            Column.number(along),
            Column.number(unit + ", median"),
            Column.number("least to most")),
        cells);
  }

  private static String range(double min, double max) {
    return Figures.number(min) + " to " + Figures.number(max);
  }

  private void add(
      String id,
      String title,
      String lead,
      ChartSpec spec,
      List<Column> columns,
      List<List<String>> cells) {
    sections.add(
        new Section(
            id,
            title,
            lead,
            List.of(
                new Chart(
                    "chart-" + id,
                    title,
                    lead,
                    spec.describe(lead).json(),
                    true,
                    new Table(title, columns, cells))),
            List.of(),
            List.of(),
            ""));
  }

  /** The page. */
  public String html() {
    return Html.render(
        "plain.jte",
        new Page(
            "Bench",
            "tidegate bench",
            sentence,
            new Headline("none", "Measured", sentence, certainty, List.of(), List.of(), List.of()),
            facts,
            sections));
  }
}
