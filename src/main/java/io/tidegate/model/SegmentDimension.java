package io.tidegate.model;

import java.util.List;

/**
 * An attribute by which units are split at entry.
 *
 * @param name the attribute
 * @param values the values told apart; anything else is {@code (other)}; empty until history has
 *     named the largest
 * @param top how many of history's largest values to tell apart; 0 where values are listed
 */
public record SegmentDimension(String name, List<String> values, int top) {

  public static final String ALL = "all";
  public static final String EVERY_UNIT = "*";
  public static final String OTHER = "(other)";
  public static final String UNKNOWN = "(unknown)";

  public SegmentDimension {
    // Interned as the names of outcomes are.
    name = name.intern();
    values = values.stream().map(String::intern).toList();
  }

  /** The segment of a unit whose attribute has this value; an empty value is absent. */
  public String segmentOf(String value) {
    if (value.isEmpty()) {
      return UNKNOWN;
    }
    return values.contains(value) ? value : OTHER;
  }
}
