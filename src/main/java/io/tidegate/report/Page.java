package io.tidegate.report;

import java.util.List;

/**
 * A report ready to be laid out: every string is final, nothing is escaped yet.
 *
 * @param kind what it is about, such as {@code Series}
 * @param subject which one
 * @param facts label and value, for the line under the headline
 */
public record Page(
    String kind,
    String subject,
    String description,
    Headline headline,
    List<Fact> facts,
    List<Section> sections) {

  public Page {
    facts = List.copyOf(facts);
    sections = List.copyOf(sections);
  }

  /** A label and its value. */
  public record Fact(String label, String value) {}

  /**
   * One question and its answer.
   *
   * @param id anchor
   * @param lead the answer in a sentence
   * @param text verbatim text such as a configuration; empty where none
   */
  public record Section(
      String id,
      String title,
      String lead,
      List<Chart> charts,
      List<Table> tables,
      List<String> notes,
      String text) {
    public Section {
      charts = List.copyOf(charts);
      tables = List.copyOf(tables);
      notes = List.copyOf(notes);
    }
  }

  /**
   * A picture and the table behind it.
   *
   * @param id anchor, unique in the page
   * @param summary what it shows, for who cannot see it
   * @param spec Vega-Lite as JSON
   * @param wide whether it takes the page's whole width
   */
  public record Chart(
      String id, String title, String summary, String spec, boolean wide, Table table) {}

  /** Rows of text under named columns; {@code numeric} aligns a column right. */
  public record Table(String caption, List<Column> columns, List<List<String>> rows) {
    public Table {
      columns = List.copyOf(columns);
      rows = rows.stream().map(List::copyOf).toList();
      for (List<String> row : rows) {
        if (row.size() != columns.size()) {
          throw new IllegalArgumentException(row.size() + " cells for " + columns);
        }
      }
    }
  }

  /**
   * A column's heading.
   *
   * @param linked whether each cell names a rollout whose report lies beside the page
   */
  public record Column(String name, boolean numeric, boolean linked) {
    static Column text(String name) {
      return new Column(name, false, false);
    }

    static Column number(String name) {
      return new Column(name, true, false);
    }

    static Column link(String name) {
      return new Column(name, false, true);
    }
  }
}
