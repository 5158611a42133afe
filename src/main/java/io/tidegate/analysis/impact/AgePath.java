package io.tidegate.analysis.impact;

import java.util.Arrays;

/**
 * How a unit's cumulative number (y, d) changed with its age: values to start with and after each
 * day that changed them. Mutable and reusable, so that a unit allocates nothing.
 */
public final class AgePath {

  private long startY;
  private long startD;
  private long endY;
  private long endD;
  private int steps;
  private int[] ages = new int[16];
  private long[] ys = new long[16];
  private long[] ds = new long[16];

  /** Begins a unit whose number is (y, d) before anything happened. */
  public void begin(long y, long d) {
    startY = y;
    startD = d;
    endY = y;
    endD = d;
    steps = 0;
  }

  /**
   * The number is (y, d) from {@code age} on; ages must not decrease, the last one given for an age
   * stays.
   */
  public void reach(int age, long y, long d) {
    endY = y;
    endD = d;
    if (steps > 0 && ages[steps - 1] > age) {
      throw new IllegalArgumentException("age " + age + " after age " + ages[steps - 1]);
    }
    if (steps == 0 || ages[steps - 1] < age) {
      grow();
      steps++;
    }
    ages[steps - 1] = age;
    ys[steps - 1] = y;
    ds[steps - 1] = d;
  }

  private void grow() {
    if (steps == ages.length) {
      ages = Arrays.copyOf(ages, 2 * steps);
      ys = Arrays.copyOf(ys, 2 * steps);
      ds = Arrays.copyOf(ds, 2 * steps);
    }
  }

  long startY() {
    return startY;
  }

  long startD() {
    return startD;
  }

  /** Numerator to date. */
  public long endY() {
    return endY;
  }

  /** Denominator to date. */
  public long endD() {
    return endD;
  }

  /** The numerator at the end of the first {@code age} days. */
  long yAt(int age) {
    long y = startY;
    for (int i = 0; i < steps && ages[i] <= age; i++) {
      y = ys[i];
    }
    return y;
  }

  int steps() {
    return steps;
  }

  int age(int step) {
    return ages[step];
  }

  long y(int step) {
    return ys[step];
  }

  long d(int step) {
    return ds[step];
  }
}
