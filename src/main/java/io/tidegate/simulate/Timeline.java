package io.tidegate.simulate;

import java.util.ArrayList;
import java.util.List;

/** Which stage was in force when; fed from outside in the order of time. */
final class Timeline {

  /** No stage: before the first one or after a rollback. */
  static final int NONE = -1;

  private final List<Truth.Entry> entries = new ArrayList<>();

  void add(int stage, String name, long timeMs) {
    if (!entries.isEmpty() && timeMs < last().fromMs()) {
      throw new IllegalArgumentException(
          "a stage cannot begin at " + timeMs + ", before the last one at " + last().fromMs());
    }
    entries.add(new Truth.Entry(stage, name, timeMs));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Stage in force at an instant, or {@link #NONE}. */
  int stageAt(long timeMs) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).fromMs() <= timeMs) {
        return entries.get(i).stage();
      }
    }
    return NONE;
  }

  /** When what is in force at an instant began; {@link Long#MIN_VALUE} before the first stage. */
  long since(long timeMs) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).fromMs() <= timeMs) {
        return entries.get(i).fromMs();
      }
    }
    return Long.MIN_VALUE;
  }

  List<Truth.Entry> entries() {
    return List.copyOf(entries);
  }

  private Truth.Entry last() {
    return entries.get(entries.size() - 1);
  }
}
