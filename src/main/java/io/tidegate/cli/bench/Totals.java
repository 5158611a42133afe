package io.tidegate.cli.bench;

import java.util.Map;
import java.util.TreeMap;

/**
 * What every engine must find of one variant of one rollout.
 *
 * @param units units exposed
 * @param converted units with a purchase after their first exposure
 * @param requests requests after it
 * @param revenueMicros sum of purchases after it, in millionths
 * @param errors errors after it
 */
public record Totals(long units, long converted, long requests, long revenueMicros, long errors) {

  static final Totals NONE = new Totals(0, 0, 0, 0, 0);

  Totals plus(Totals other) {
    return new Totals(
        units + other.units,
        converted + other.converted,
        requests + other.requests,
        revenueMicros + other.revenueMicros,
        errors + other.errors);
  }

  /** Numbers separated by commas, in the order of the components. */
  String encode() {
    return units + "," + converted + "," + requests + "," + revenueMicros + "," + errors;
  }

  static Totals decode(String text) {
    String[] n = text.split(",", -1);
    return new Totals(number(n[0]), number(n[1]), number(n[2]), number(n[3]), number(n[4]));
  }

  private static long number(String text) {
    return Long.parseLong(text);
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
}
