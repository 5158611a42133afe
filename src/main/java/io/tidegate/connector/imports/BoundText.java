package io.tidegate.connector.imports;

import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Nearest;
import io.tidegate.model.Problem;
import io.tidegate.spec.ImportMapping.Text;
import java.util.ArrayList;
import java.util.List;

/** A mapping's text with its references resolved to the columns of a file. */
final class BoundText {

  private static final String ROW = "row";
  private static final int ROW_NUMBER = -1;

  private final Text text;
  private final List<String> literals = new ArrayList<>();
  private final List<Integer> references = new ArrayList<>();

  private BoundText(Text text) {
    this.text = text;
  }

  /** Resolves a text; a column that the file does not have is added to {@code problems}. */
  static BoundText bind(String file, Text text, List<String> columns, List<Problem> problems) {
    BoundText bound = new BoundText(text);
    String template = text.template();
    int from = 0;
    for (int open = template.indexOf("${"); open >= 0; open = template.indexOf("${", from)) {
      int close = template.indexOf('}', open);
      String name = template.substring(open + 2, close);
      int column = columns.indexOf(name);
      if (column < 0 && !name.equals(ROW)) {
        String expected = "one of the columns " + String.join(", ", columns);
        problems.add(
            new Problem(file, text.path(), name, Nearest.suggest(expected, name, columns)));
      }
      bound.literals.add(template.substring(from, open));
      bound.references.add(column < 0 ? ROW_NUMBER : column);
      from = close + 1;
    }
    bound.literals.add(template.substring(from));
    return bound;
  }

  /** The text for a row. */
  String of(Row row) throws BadRow {
    String value = plain(row);
    if (text.replacements().isEmpty()) {
      return value;
    }
    String replaced = text.replacements().get(value);
    if (replaced == null) {
      throw new BadRow(
          DeadLetterReason.UNKNOWN_VALUE,
          text.path(),
          value,
          "one of " + String.join(", ", text.replacements().keySet()));
    }
    return replaced;
  }

  private String plain(Row row) {
    if (references.size() == 1 && literals.get(0).isEmpty() && literals.get(1).isEmpty()) {
      return cell(row, references.get(0));
    }
    StringBuilder value = new StringBuilder(literals.get(0));
    for (int i = 0; i < references.size(); i++) {
      value.append(cell(row, references.get(i))).append(literals.get(i + 1));
    }
    return value.toString();
  }

  private static String cell(Row row, int column) {
    return column == ROW_NUMBER ? Long.toString(row.number()) : row.cells().get(column).strip();
  }

  /** Where the mapping has it. */
  String path() {
    return text.path();
  }
}
