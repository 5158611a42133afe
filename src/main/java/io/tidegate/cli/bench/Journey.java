package io.tidegate.cli.bench;

import java.util.Arrays;

/**
 * From the cart to a purchase, whatever the order in which a unit's events came: the rivals' answer
 * to metrics that depend on the order in which they happened. Public fields: it is a state type.
 */
public class Journey {

  /** When carts were viewed, in ascending order. */
  public long[] carts = {};

  /** When purchases were made, in ascending order. */
  public long[] purchases = {};

  void add(String name, long timeMs) {
    if (name.equals("view_cart")) {
      carts = with(carts, timeMs);
    } else if (name.equals("purchase")) {
      purchases = with(purchases, timeMs);
    }
  }

  void remove(String name, long timeMs) {
    if (name.equals("view_cart")) {
      carts = without(carts, timeMs);
    } else if (name.equals("purchase")) {
      purchases = without(purchases, timeMs);
    }
  }

  void add(Journey other) {
    for (long cart : other.carts) {
      carts = with(carts, cart);
    }
    for (long purchase : other.purchases) {
      purchases = with(purchases, purchase);
    }
  }

  private static long[] without(long[] times, long timeMs) {
    int at = Arrays.binarySearch(times, timeMs);
    if (at < 0) {
      throw new IllegalArgumentException("nothing at " + timeMs + " to be taken back");
    }
    long[] fewer = Arrays.copyOf(times, times.length - 1);
    System.arraycopy(times, at + 1, fewer, at, fewer.length - at);
    return fewer;
  }

  private static long[] with(long[] times, long timeMs) {
    long[] more = Arrays.copyOf(times, times.length + 1);
    int at = times.length;
    while (at > 0 && more[at - 1] > timeMs) {
      more[at] = more[at - 1];
      at--;
    }
    more[at] = timeMs;
    return more;
  }

  /** 1 with a purchase less than an hour after a view of the cart. */
  long funnel() {
    for (long purchase : purchases) {
      for (long cart : carts) {
        if (cart <= purchase && purchase - cart < UnitNumbers.HOUR_MS) {
          return 1;
        }
      }
    }
    return 0;
  }

  /**
   * Milliseconds from the first view of the cart to the first purchase after it, at most an hour.
   */
  long elapsedMs() {
    if (carts.length == 0) {
      return 0;
    }
    for (long purchase : purchases) {
      if (purchase >= carts[0]) {
        return Math.min(UnitNumbers.HOUR_MS, purchase - carts[0]);
      }
    }
    return UnitNumbers.HOUR_MS;
  }

  /** 1 with a view of the cart. */
  long started() {
    return carts.length == 0 ? 0 : 1;
  }
}
