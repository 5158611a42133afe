package io.tidegate.analysis.archive;

import io.tidegate.model.HourlyCount;
import io.tidegate.model.Outcome;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Counts and sums outcomes by hour, name and segment until it is drained. Mutable. */
public final class HourlyTally {

  /** Dimension and segment of the whole. */
  public static final String ALL = "all";

  public static final String EVERYTHING = "*";

  private static final long HOUR_MS = 3_600_000L;

  private final List<String> dimensions;
  private final Map<Key, Sums> sums = new LinkedHashMap<>();

  private record Key(long hourStartMs, String outcomeName, String dimension, String segment) {}

  private static final class Sums {
    private long count;
    private long valueCount;
    private long partMicros;
    private BigInteger wholeMicros = BigInteger.ZERO;

    void add(Outcome outcome) {
      count++;
      if (!outcome.hasValue()) {
        return;
      }
      valueCount++;
      partMicros += outcome.valueMicros();
      if (Math.abs(partMicros) > Outcome.MAX_VALUE_MICROS) {
        carry();
      }
    }

    BigInteger carry() {
      wholeMicros = wholeMicros.add(BigInteger.valueOf(partMicros));
      partMicros = 0;
      return wholeMicros;
    }
  }

  /**
   * @param dimensions attributes to break down by; an outcome without one is counted in the whole
   *     only
   */
  public HourlyTally(List<String> dimensions) {
    this.dimensions = List.copyOf(dimensions);
  }

  public void add(Outcome outcome) {
    long hour = Math.floorDiv(outcome.eventTimeMs(), HOUR_MS) * HOUR_MS;
    count(new Key(hour, outcome.name(), ALL, EVERYTHING), outcome);
    for (String dimension : dimensions) {
      String segment = outcome.attributes().get(dimension);
      if (segment != null) {
        count(new Key(hour, outcome.name(), dimension, segment), outcome);
      }
    }
  }

  private void count(Key key, Outcome outcome) {
    sums.computeIfAbsent(key, k -> new Sums()).add(outcome);
  }

  /** Number of keys held. */
  public int size() {
    return sums.size();
  }

  /** Hands out what was counted, in order of first sight, and starts again from nothing. */
  public void drain(Consumer<HourlyCount> out) {
    sums.forEach(
        (key, sum) ->
            out.accept(
                new HourlyCount(
                    key.hourStartMs(),
                    key.outcomeName(),
                    key.dimension(),
                    key.segment(),
                    sum.count,
                    sum.valueCount,
                    sum.carry())));
    sums.clear();
  }
}
