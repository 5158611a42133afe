package io.tidegate.analysis.detect;

/**
 * Where a bucket lies in the week: between the centres of two hours, {@code share} of the way to
 * the later one. Filled by {@link LocalSlots#locate}.
 */
final class Place {
  int slot;
  int kind;
  int nextSlot;
  int nextKind;
  double share;
}
