package io.tidegate.spec;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The problems found in one file so far, and the lines of its fields. Mutable. */
final class Findings {

  private final String file;
  private final Map<String, Integer> lines = new HashMap<>();
  private final Set<Problem> problems = new LinkedHashSet<>();

  Findings(String file) {
    this.file = file;
  }

  /** Notes where a field is. */
  void line(String path, int line) {
    lines.put(path, line);
  }

  void add(String path, String value, String expected) {
    problems.add(new Problem(file, lineOf(path), path, value, expected));
  }

  void add(String path, JsonNode value, String expected) {
    add(path, show(value), expected);
  }

  void addAtLine(int line, String value, String expected) {
    problems.add(new Problem(file, line, "", value, expected));
  }

  boolean none() {
    return problems.isEmpty();
  }

  /** Throws a UserError holding every problem in the order of the file, if there is one. */
  void throwIfAny() {
    if (!problems.isEmpty()) {
      List<Problem> ordered =
          problems.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
      throw new UserError(ordered);
    }
  }

  static String show(JsonNode value) {
    if (value.isMissingNode()) {
      return "";
    }
    return value.isNull() ? "nothing" : value.isTextual() ? value.textValue() : value.toString();
  }

  static String child(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  static String child(String path, int index) {
    return path + "[" + index + "]";
  }

  private int lineOf(String path) {
    String at = path;
    while (!at.isEmpty()) {
      Integer line = lines.get(at);
      if (line != null) {
        return line;
      }
      int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
      at = cut < 0 ? "" : at.substring(0, cut);
    }
    return 0;
  }
}
