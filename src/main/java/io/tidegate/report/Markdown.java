package io.tidegate.report;

import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.List;

/** A page as GitHub-flavoured Markdown; every value is escaped. */
final class Markdown {

  private final StringBuilder out = new StringBuilder();

  String write(Page page) {
    Headline h = page.headline();
    line("# " + escaped(page.subject()) + ": " + escaped(h.label()));
    line("**" + escaped(h.sentence()) + "** " + escaped(h.certainty()));
    bullets("What it is worth", h.worth());
    bullets("What is uncertain", h.uncertain());
    bullets("What happens next", h.next());
    page.facts()
        .forEach(f -> out.append("- ").append(escaped(f.label() + ": " + f.value())).append('\n'));
    out.append('\n');
    page.sections().forEach(this::section);
    return out.toString();
  }

  private void section(Section section) {
    line("## " + escaped(section.title()));
    line(escaped(section.lead()));
    section.charts().forEach(c -> table(c.table()));
    section.tables().forEach(this::table);
    if (!section.notes().isEmpty()) {
      section.notes().forEach(n -> out.append("- ").append(escaped(n)).append('\n'));
      out.append('\n');
    }
    if (!section.text().isEmpty()) {
      line("    " + section.text().stripTrailing().replace("\n", "\n    "));
    }
  }

  private void bullets(String title, List<String> sentences) {
    line("## " + title);
    sentences.forEach(s -> out.append("- ").append(escaped(s)).append('\n'));
    out.append('\n');
  }

  private void table(Table table) {
    line("### " + escaped(table.caption()));
    row(table.columns().stream().map(Column::name).toList());
    row(table.columns().stream().map(c -> c.numeric() ? "---:" : "---").toList());
    table.rows().forEach(this::escapedRow);
    out.append('\n');
  }

  private void escapedRow(List<String> cells) {
    row(cells.stream().map(Markdown::escaped).toList());
  }

  private void row(List<String> cells) {
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private void line(String text) {
    out.append(text).append("\n\n");
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("*", "\\*")
        .replace("_", "\\_")
        .replace("`", "\\`")
        .replace("[", "\\[")
        .replace("\n", " ");
  }
}
