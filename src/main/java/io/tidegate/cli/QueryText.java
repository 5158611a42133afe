package io.tidegate.cli;

import io.tidegate.model.Nearest;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The SQL that a command's argument stands for. */
final class QueryText {

  private QueryText() {}

  /**
   * Everything in a table, a named query or what a file holds; a {@link UserError} where it is none
   * of these.
   *
   * @param tables names that stand for a table; empty where none may
   */
  static String of(String asked, List<String> tables) {
    if (tables.contains(asked)) {
      return "SELECT * FROM `" + asked + "`";
    }
    if (NamedQueries.ALL.contains(asked)) {
      return NamedQueries.text(asked);
    }
    Path file = Path.of(asked);
    if (!Files.isRegularFile(file)) {
      List<String> known = Stream.concat(tables.stream(), NamedQueries.ALL.stream()).toList();
      String table = tables.isEmpty() ? "" : ", a table (" + String.join(", ", tables) + ")";
      String expected =
          "a file" + table + ", or one of the queries " + String.join(", ", NamedQueries.ALL);
      throw new UserError("QUERY", "", asked, Nearest.suggest(expected, asked, known));
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UserError("QUERY", "", asked, "a file that can be read as UTF-8 (" + e + ")");
    }
  }
}
