package io.tidegate.cli.bench;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that every engine must find alike. Of a variant of a rollout there are five: units
 * exposed, units with a purchase after their first exposure, requests after it, revenue after it in
 * millionths, errors after it. Of a cell, which is a variant in a segment, there are those of
 * {@link UnitNumbers#sums}. Public fields: it is a stream type; not to be changed.
 */
public final class Totals {

  static final Totals NONE = new Totals();

  public long[] numbers = {};

  public Totals() {}

  static Totals of(long... numbers) {
    Totals totals = new Totals();
    totals.numbers = numbers;
    return totals;
  }

  long get(int index) {
    return numbers[index];
  }

  /** Number by number; one that an operand lacks is 0. */
  Totals plus(Totals other) {
    return combined(other, 1);
  }

  Totals minus(Totals other) {
    return combined(other, -1);
  }

  private Totals combined(Totals other, long sign) {
    long[] sums = Arrays.copyOf(numbers, Math.max(numbers.length, other.numbers.length));
    for (int i = 0; i < other.numbers.length; i++) {
      sums[i] += sign * other.numbers[i];
    }
    return of(sums);
  }

  /** Numbers separated by commas. */
  String encode() {
    return Arrays.stream(numbers).mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  static Totals decode(String text) {
    return of(Arrays.stream(text.split(",", -1)).mapToLong(Long::parseLong).toArray());
  }

  /** Of one variant of one rollout. */
  static String key(String rollout, String variant) {
    return rollout + "/" + variant;
  }

  /** Adds up what several parts found. */
  static void merge(Map<String, Totals> into, Map<String, Totals> part) {
    part.forEach((key, totals) -> into.merge(key, totals, Totals::plus));
  }

  /** Throws an IllegalStateException, naming the engine, where it did not find what is there. */
  static void require(String engine, Map<String, Totals> found, Map<String, Totals> expected) {
    Map<String, String> differing = new TreeMap<>();
    expected.forEach(
        (key, totals) -> {
          if (!totals.equals(found.get(key))) {
            differing.put(key, found.get(key) + " instead of " + totals);
          }
        });
    if (expected.isEmpty() || !differing.isEmpty()) {
      throw new IllegalStateException(
          engine
              + " found another result for "
              + differing.size()
              + " of "
              + expected.size()
              + " variants: "
              + differing.entrySet().stream().limit(4).toList());
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Totals that && Arrays.equals(numbers, that.numbers);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers);
  }

  @Override
  public String toString() {
    return Arrays.toString(numbers);
  }
}
