package io.tidegate.analysis.impact;

import java.util.stream.IntStream;

/** Which ages are reported: every one at first, then every seventh. */
final class Ages {

  private Ages() {}

  /** Ages from {@code first} to {@code last}: all up to {@code dense}, then multiples of 7. */
  static int[] of(int first, int last, int dense) {
    return IntStream.rangeClosed(first, last).filter(a -> a <= dense || a % 7 == 0).toArray();
  }
}
