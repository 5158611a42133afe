package io.tidegate.cli.bench.impact;

import io.tidegate.connector.Catalogs;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.UnitKeys;
import io.tidegate.connector.imports.IcebergEvents;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import java.io.IOException;
import java.util.Map;

/**
 * Units that come to a shop for months: in the first two weeks each is exposed once, then it comes
 * back ever more rarely, buys on one visit in seven and sends something back on one in a hundred.
 * One outcome in a thousand is there twice. Seeded: equal sizes give equal files.
 */
final class VisitHistory {

  static final String FLAG = "bench-impact";
  static final long DAY_MS = 86_400_000L;

  /** A Monday. */
  static final long START_MS = 1_767_571_200_000L;

  /** First exposures fall into so many days. */
  static final int ENTRY_DAYS = 14;

  private static final String[] VARIANTS = {"off", "on"};
  private static final String[] DEVICES = {"mobile", "desktop"};
  private static final long DIGITS = 1L << 20;

  private final int units;
  private final int days;
  private long outcomes;
  private long rows;

  VisitHistory(int units, int days) {
    this.units = units;
    this.days = days;
  }

  /** Writes both tables, one snapshot each; how many rows. */
  long write(TidegateConfig config) throws IOException {
    try (IcebergEvents events =
        new IcebergEvents(
            config.catalog(),
            Catalogs.open(config.catalog()),
            config.events().limits(),
            UnitKeys.pseudonymiser(config.privacy()),
            "bench")) {
      for (int day = 0; day < days; day++) {
        for (int unit = 0; unit < units; unit++) {
          live(events, unit, day);
        }
      }
      events.commit();
    }
    return rows;
  }

  private void live(IcebergEvents events, int unit, int day) throws IOException {
    long who = draw(unit, 1);
    int age = day - (int) (below(who, DIGITS) % ENTRY_DAYS);
    if (age < 0) {
      return;
    }
    long what = draw(unit, 100L + day);
    long timeMs = START_MS + day * DAY_MS + below(what, DAY_MS / 2);
    if (age == 0) {
      expose(events, unit, who, timeMs);
      visit(events, unit, timeMs + 1_000, what);
    } else if (below(what >>> 27, DIGITS) < comesBack(who, age) * DIGITS) {
      visit(events, unit, timeMs, what);
    }
  }

  /** Chance of a visit on a day: half of the units are three times as keen as the others. */
  private static double comesBack(long who, int age) {
    double keen = (who >>> 40 & 1) == 0 ? 0.15 : 0.45;
    return keen / (1 + age / 6.0);
  }

  private void expose(IcebergEvents events, int unit, long who, long timeMs) throws IOException {
    events.write(
        new Exposure(
            "e" + unit,
            timeMs,
            id(unit),
            FLAG,
            VARIANTS[(int) (who >>> 41 & 1)],
            "",
            "split",
            Map.of("device", DEVICES[(int) (who >>> 42 & 1)])));
    rows++;
  }

  private void visit(IcebergEvents events, int unit, long timeMs, long what) throws IOException {
    outcome(events, unit, timeMs, "session_start", 0);
    int chance = (int) (below(what >>> 47, 1 << 17) % 100);
    if (chance < 15) {
      long cents = chance == 14 ? -1_000 : 500 + below(what >>> 10, 8_192);
      outcome(events, unit, timeMs + 60_000, "purchase", cents * 10_000);
    }
  }

  private void outcome(IcebergEvents events, int unit, long timeMs, String name, long micros)
      throws IOException {
    long number = outcomes++;
    Outcome outcome =
        new Outcome("o" + number, timeMs, id(unit), name, micros, micros != 0, Map.of());
    int copies = number % 1_000 == 0 ? 2 : 1;
    for (int copy = 0; copy < copies; copy++) {
      events.write(outcome);
      rows++;
    }
  }

  /** As a pseudonym looks: 32 hexadecimal digits. */
  private static String id(int unit) {
    return hex(draw(unit, 2)) + hex(draw(unit, 3));
  }

  private static String hex(long bits) {
    return java.util.HexFormat.of().toHexDigits(bits);
  }

  private static long below(long bits, long bound) {
    return (bits & Long.MAX_VALUE) % bound;
  }

  /** Sixty-four bits by SplitMix64's finaliser (Steele, Lea and Flood 2014). */
  private static long draw(long of, long salt) {
    long z = (of + 1) * 0x9e3779b97f4a7c15L + salt * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
