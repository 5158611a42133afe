package io.tidegate.stats.sequence.calibration;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Numbers of users at which the data are looked at. */
final class Grid {

  private Grid() {}

  /** About {@code looks} looks from 100 to {@code n}: half spaced by ratio, half evenly. */
  static int[] looks(int n, int looks) {
    int half = looks / 2;
    DoubleStream all = DoubleStream.concat(ratios(100, n, half), even((double) n / half, n, half));
    return whole(all);
  }

  static int[] ratioLooks(int from, int to, int looks) {
    return whole(ratios(from, to, looks));
  }

  static DoubleStream ratios(double from, double to, int count) {
    return IntStream.range(0, count)
        .mapToDouble(i -> from * Math.pow(to / from, i / (count - 1.0)));
  }

  static DoubleStream even(double from, double to, int count) {
    return IntStream.range(0, count).mapToDouble(i -> from + (to - from) * i / (count - 1.0));
  }

  static int[] steps(int[] looks) {
    int[] steps = looks.clone();
    for (int i = looks.length - 1; i > 0; i--) {
      steps[i] -= looks[i - 1];
    }
    return steps;
  }

  private static int[] whole(DoubleStream values) {
    return values.mapToInt(v -> (int) Math.rint(v)).sorted().distinct().toArray();
  }
}
