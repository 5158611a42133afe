package io.tidegate.operator;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.UnitState;

/**
 * A few events with the states of their units, which are looked up together: among many units each
 * state lies where no cache has it, and waits for memory that come together overlap. Mutable,
 * reused.
 */
@SuppressWarnings("NullAway.Init")
final class UnitGroup {

  /** So many that their waits overlap, so few that what was read is still in the caches. */
  static final int MOST = 32;

  private final Point[] points;
  private final UnitState[] states;
  private int size;

  /**
   * @param most how many events it holds
   */
  UnitGroup(int most) {
    points = new Point[most];
    states = new UnitState[most];
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean isFull() {
    return size == points.length;
  }

  int size() {
    return size;
  }

  void add(Point point) {
    points[size++] = point;
  }

  Point point(int i) {
    return points[i];
  }

  long key(int i) {
    return points[i].unitKey;
  }

  /** The place of the first event of an event's unit. */
  int first(int i) {
    int first = 0;
    while (key(first) != key(i)) {
      first++;
    }
    return first;
  }

  /** By event; events of one unit share its state. */
  UnitState[] states() {
    return states;
  }

  void clear() {
    size = 0;
  }
}
