package io.tidegate.report;

import java.util.List;

/**
 * The first screen: what to know if nothing else is read.
 *
 * @param tone {@code good}, {@code bad}, {@code look}, {@code wait} or {@code none}
 * @param label one or two words for the verdict
 * @param sentence the verdict in one plain sentence: direction, size
 * @param certainty how sure that is
 * @param worth what the change is worth
 * @param uncertain what is not known, most important first
 * @param next what happens next
 */
public record Headline(
    String tone,
    String label,
    String sentence,
    String certainty,
    List<String> worth,
    List<String> uncertain,
    List<String> next) {

  public Headline {
    worth = List.copyOf(worth);
    uncertain = List.copyOf(uncertain);
    next = List.copyOf(next);
  }
}
