package io.tidegate.cli.bench;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * What the units of a world did, noted as it is written, which is in the order of event time: the
 * truth behind all ten metrics. Mutable.
 */
final class Journal {

  private static final int NEVER = -1;

  private final Unit[] units;

  Journal(int units) {
    this.units = new Unit[units];
  }

  /** One unit from its first exposure on; times are ages, −1 for never. */
  private static final class Unit {
    private final long firstMs;
    private boolean converted;
    private int requests;
    private long cents;
    private int errors;
    private int slow;
    private int slower;
    private int purchases;
    private long firstCart = NEVER;
    private long latestCart = NEVER;
    private long elapsedMs = UnitNumbers.HOUR_MS;
    private boolean finished;
    private boolean funnel;
    private int days;

    Unit(long firstMs) {
      this.firstMs = firstMs;
    }

    void request(long ageMs, long latencyMs) {
      requests++;
      slow += latencyMs > UnitNumbers.THRESHOLD_MS ? 1 : 0;
      slower += latencyMs > UnitNumbers.MARGIN_MS ? 1 : 0;
      if (ageMs < 2 * UnitNumbers.DAY_MS) {
        days |= 1 << (ageMs / UnitNumbers.DAY_MS);
      }
    }

    void cart(long ageMs) {
      latestCart = ageMs;
      firstCart = firstCart == NEVER ? ageMs : firstCart;
    }

    void purchase(long ageMs, long micros) {
      purchases++;
      cents += micros / 10_000;
      converted |= ageMs < UnitNumbers.DAY_MS;
      funnel |= latestCart != NEVER && ageMs - latestCart < UnitNumbers.HOUR_MS;
      if (firstCart != NEVER && !finished) {
        finished = true;
        elapsedMs = Math.min(UnitNumbers.HOUR_MS, ageMs - firstCart);
      }
    }

    UnitNumbers numbers() {
      return new UnitNumbers(
          converted ? 1 : 0,
          requests,
          cents,
          errors,
          slow,
          slower,
          requests,
          purchases,
          funnel ? 1 : 0,
          firstCart == NEVER ? 0 : elapsedMs,
          firstCart == NEVER ? 0 : 1,
          days >> 1,
          Integer.bitCount(days));
    }
  }

  void exposure(int unit, long timeMs) {
    if (units[unit] == null) {
      units[unit] = new Unit(timeMs);
    }
  }

  void outcome(int number, long timeMs, String name, long micros, long latencyMs) {
    Unit unit = units[number];
    if (unit == null) {
      return;
    }
    long ageMs = timeMs - unit.firstMs;
    switch (name) {
      case "request" -> unit.request(ageMs, latencyMs);
      case "error" -> unit.errors++;
      case "view_cart" -> unit.cart(ageMs);
      case "purchase" -> unit.purchase(ageMs, micros);
      default -> {}
    }
  }

  /**
   * Sums by cell.
   *
   * @param cells keys of the cells that a unit is in
   */
  Map<String, Totals> cells(IntFunction<List<String>> cells) {
    Map<String, Totals> sums = new TreeMap<>();
    for (int u = 0; u < units.length; u++) {
      if (units[u] != null) {
        Totals own = units[u].numbers().sums();
        cells.apply(u).forEach(cell -> sums.merge(cell, own, Totals::plus));
      }
    }
    return sums;
  }
}
