package io.tidegate.analysis.gate;

import io.tidegate.analysis.attribution.ArrivalFact;
import io.tidegate.model.Reason;
import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * How records arrived in the last day, by hour and source: are some not readable, does a producer's
 * clock go wrong? Facts of the live stream, which a replay does not have. Mutable.
 */
final class Arrivals {

  static final String DEAD_SHARE = "DEAD_SHARE";
  static final String CLOCK_SKEW = "CLOCK_SKEW";

  /** Share of the records that may be unusable, of at least so many. */
  static final double DEAD_LIMIT = 0.01;

  private static final long DEAD_FROM = 1_000;

  /**
   * Skew of a producer's clock that is looked at, of at least so many records in an hour or two.
   */
  static final long SKEW_LIMIT_MS = ArrivalFact.AHEAD_MS;

  private static final long SKEW_FROM = 100;

  /** Share of a producer's events ahead of their records above which its clock is fast. */
  static final double AHEAD_LIMIT = 0.01;

  /**
   * Sources of an hour that are told apart; of those beyond, the producers of a flag or outcome are
   * one.
   */
  static final int MOST_SOURCES = 500;

  private static final int HOURS = HourlyFlow.HOURS;

  /** Key of all records of an hour. */
  private static final String ALL = "";

  private final List<ArrivalFact> pending = new ArrayList<>();
  private final TreeMap<Long, Map<String, ArrivalFact>> hours = new TreeMap<>();

  void add(byte[] fact) {
    try {
      pending.add(ArrivalFact.readFrom(new DataInputStream(new ByteArrayInputStream(fact))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Counts the minutes that are over at a boundary, and forgets those of more than a day ago. */
  void moveTo(long boundaryMs) {
    pending.removeIf(
        fact -> {
          boolean over = fact.lastMs() < boundaryMs;
          if (over) {
            count(hours.computeIfAbsent(hour(fact.minuteMs()), h -> new TreeMap<>()), fact);
          }
          return over;
        });
    hours.headMap(hour(boundaryMs - HOURS * HourlyFlow.HOUR_MS)).clear();
  }

  private static long hour(long timeMs) {
    return Math.floorDiv(timeMs, HourlyFlow.HOUR_MS) * HourlyFlow.HOUR_MS;
  }

  /** Adds to a source of an hour; of the hour's all records where it has no name. */
  private static void count(Map<String, ArrivalFact> sources, ArrivalFact fact) {
    if (fact.name().isEmpty()) {
      sources.merge(ALL, fact, ArrivalFact::plus);
      return;
    }
    boolean toldApart = sources.size() < MOST_SOURCES || sources.containsKey(fact.source());
    ArrivalFact counted = toldApart ? fact : fact.ofOthers();
    sources.merge(counted.source(), counted, ArrivalFact::plus);
  }

  /** Every source since an hour. */
  private Collection<ArrivalFact> since(long hourMs) {
    Map<String, ArrivalFact> sources = new TreeMap<>();
    for (Map<String, ArrivalFact> hour : hours.tailMap(hourMs).values()) {
      hour.forEach((source, fact) -> sources.merge(source, fact, ArrivalFact::plus));
    }
    sources.remove(ALL);
    return sources.values();
  }

  /** Something of all records of the last day. */
  private long all(ToLongFunction<ArrivalFact> count) {
    long sum = 0;
    for (Map<String, ArrivalFact> hour : hours.values()) {
      ArrivalFact fact = hour.get(ALL);
      sum += fact == null ? 0 : count.applyAsLong(fact);
    }
    return sum;
  }

  /** Records of the last day that could not be used. */
  long dead() {
    return all(ArrivalFact::dead);
  }

  /**
   * What is wrong with how records arrive.
   *
   * @param clockSkewMs the largest skew of a clock, positive where it is fast; 0 where none is
   */
  record Fired(List<Reason> reasons, long clockSkewMs) {}

  /** Looks at the records of the day before a boundary, and at clocks in its last hour or two. */
  Fired fired(long boundaryMs) {
    List<Reason> reasons = new ArrayList<>();
    dead(reasons);
    long most = 0;
    for (Skew skew : skews(boundaryMs)) {
      most = StrictMath.abs(skew.byMs()) > StrictMath.abs(most) ? skew.byMs() : most;
      reasons.add(
          new Reason(
              CLOCK_SKEW,
              skew.sentence(),
              Long.toString(StrictMath.abs(skew.byMs())) + " ms",
              SKEW_LIMIT_MS + " ms"));
    }
    return new Fired(reasons, most);
  }

  private void dead(List<Reason> reasons) {
    long records = all(ArrivalFact::records);
    long dead = dead();
    if (records >= DEAD_FROM && dead > DEAD_LIMIT * records) {
      reasons.add(
          new Reason(
              DEAD_SHARE,
              dead
                  + " of the "
                  + records
                  + " records of the last day, whatever they are about, could not be used; the dead"
                  + " letters say why",
              Quality.percent((double) dead / records),
              Quality.percent(DEAD_LIMIT)));
    }
  }

  /** A producer whose clock goes wrong, positive milliseconds where it is fast. */
  private record Skew(long byMs, String sentence) {}

  /**
   * Clocks that go wrong in this hour and the one before: fast ones date events after their
   * records; of slow ones no event arrives as soon after its time as other producers' do.
   */
  private List<Skew> skews(long boundaryMs) {
    List<ArrivalFact> sources =
        since(hour(boundaryMs - 1) - HourlyFlow.HOUR_MS).stream()
            .filter(fact -> fact.records() >= SKEW_FROM)
            .toList();
    long soonestMs =
        Math.max(0, sources.stream().mapToLong(ArrivalFact::leastLagMs).min().orElse(0));
    List<Skew> skews = new ArrayList<>();
    for (ArrivalFact fact : sources) {
      if (fact.ahead() > AHEAD_LIMIT * fact.records()) {
        skews.add(
            new Skew(
                -fact.leastLagMs(),
                fact.ahead()
                    + " of "
                    + fact.records()
                    + " events of "
                    + fact.source()
                    + " carry times up to "
                    + seconds(-fact.leastLagMs())
                    + " after they were written: a clock is fast"));
      } else if (fact.leastLagMs() - soonestMs > SKEW_LIMIT_MS) {
        skews.add(
            new Skew(
                soonestMs - fact.leastLagMs(),
                "no event of "
                    + fact.source()
                    + " was written sooner than "
                    + seconds(fact.leastLagMs())
                    + " after the time it carries, those of others after "
                    + seconds(soonestMs)
                    + ": a clock is slow, or events are held back"));
      }
    }
    return skews;
  }

  private static String seconds(long ms) {
    return Sentences.figure(ms / 1e3, 4) + " s";
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(pending.size());
    for (ArrivalFact fact : pending) {
      fact.writeTo(out);
    }
    out.writeInt(hours.size());
    for (Map.Entry<Long, Map<String, ArrivalFact>> hour : hours.entrySet()) {
      out.writeLong(hour.getKey());
      out.writeInt(hour.getValue().size());
      for (ArrivalFact fact : hour.getValue().values()) {
        fact.writeTo(out);
      }
    }
  }

  static Arrivals readFrom(DataInput in) throws IOException {
    Arrivals arrivals = new Arrivals();
    for (int left = in.readInt(); left > 0; left--) {
      arrivals.pending.add(ArrivalFact.readFrom(in));
    }
    for (int left = in.readInt(); left > 0; left--) {
      Map<String, ArrivalFact> sources = new TreeMap<>();
      arrivals.hours.put(in.readLong(), sources);
      for (int facts = in.readInt(); facts > 0; facts--) {
        ArrivalFact fact = ArrivalFact.readFrom(in);
        sources.put(fact.name().isEmpty() ? ALL : fact.source(), fact);
      }
    }
    return arrivals;
  }
}
