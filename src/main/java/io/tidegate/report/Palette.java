package io.tidegate.report;

import java.util.List;
import java.util.stream.IntStream;

/** Colours and shapes by name; the page's style sheet gives them their value in light and dark. */
final class Palette {

  private static final int TREATMENT_COLORS = 5;
  private static final List<String> SHAPES =
      List.of("circle", "square", "triangle-up", "diamond", "cross", "triangle-down");

  private Palette() {}

  static List<String> treatments(int n) {
    return IntStream.range(0, n)
        .mapToObj(i -> "var(--t" + (1 + i % TREATMENT_COLORS) + ")")
        .toList();
  }

  /** Control's colour, then the treatments'. */
  static List<String> variants(int n) {
    return IntStream.range(0, n)
        .mapToObj(i -> i == 0 ? "var(--control)" : treatments(i).get(i - 1))
        .toList();
  }

  static List<String> shapes(int n) {
    return IntStream.range(0, n).mapToObj(i -> SHAPES.get(i % SHAPES.size())).toList();
  }
}
