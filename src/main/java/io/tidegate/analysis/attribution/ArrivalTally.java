package io.tidegate.analysis.attribution;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts how the records of one stream arrive, by minute and source. Mutable. */
public final class ArrivalTally {

  /** Attributes that may name an event's producer; the first that is there counts. */
  private static final List<String> PRODUCER = List.of("producer", "source");

  /** Producers of a flag or outcome that are told apart within a minute; the others are one. */
  static final int MOST_PRODUCERS = 100;

  /** Minutes that are counted before they are told, where some record is dated far ahead. */
  static final int MOST_MINUTES = 8;

  private final boolean exposures;

  /** Minute → flag or outcome → producer. */
  private final TreeMap<Long, Map<String, Map<String, Count>>> minutes = new TreeMap<>();

  private long lastMs = Long.MIN_VALUE;
  private Map<String, Map<String, Count>> last = Map.of();

  /** What {@link ArrivalFact} tells of a source. */
  private static final class Count {
    private long records;
    private long dead;
    private long ahead;
    private long leastLagMs = Long.MAX_VALUE;
  }

  /**
   * @param exposures whether the stream is that of exposures
   */
  public ArrivalTally(boolean exposures) {
    this.exposures = exposures;
  }

  /**
   * Takes an event.
   *
   * @param recordMs the record's own timestamp; negative where it has none, and nothing is learnt
   */
  public void event(String name, long eventMs, long recordMs, Map<String, String> attributes) {
    if (recordMs < 0) {
      return;
    }
    Count count = count(minuteOf(recordMs), name, producer(attributes));
    long lagMs = recordMs - eventMs;
    count.records++;
    count.ahead += lagMs < -ArrivalFact.AHEAD_MS ? 1 : 0;
    count.leastLagMs = Math.min(count.leastLagMs, lagMs);
  }

  /** Takes a record that cannot be used. */
  public void dead(long recordMs) {
    if (recordMs >= 0) {
      Count count = count(minuteOf(recordMs), "", "");
      count.records++;
      count.dead++;
    }
  }

  /** Takes what was counted before. */
  public void add(ArrivalFact fact) {
    Count count = count(fact.minuteMs(), fact.name(), fact.producer());
    count.records += fact.records();
    count.dead += fact.dead();
    count.ahead += fact.ahead();
    count.leastLagMs = Math.min(count.leastLagMs, fact.leastLagMs());
  }

  private static long minuteOf(long timeMs) {
    return timeMs - Math.floorMod(timeMs, ArrivalFact.MINUTE_MS);
  }

  private Count count(long minuteMs, String name, String producer) {
    if (minuteMs != lastMs) {
      last = minutes.computeIfAbsent(minuteMs, at -> new HashMap<>());
      lastMs = minuteMs;
    }
    Map<String, Count> producers = last.computeIfAbsent(name, n -> new HashMap<>());
    Count known = producers.get(producer);
    if (known != null) {
      return known;
    }
    boolean toldApart = producers.size() < MOST_PRODUCERS;
    return producers.computeIfAbsent(toldApart ? producer : ArrivalFact.OTHERS, p -> new Count());
  }

  private static String producer(Map<String, String> attributes) {
    for (String name : PRODUCER) {
      String producer = attributes.get(name);
      if (producer != null) {
        return producer;
      }
    }
    return "";
  }

  /**
   * Whether a record is of a minute after all that are counted, which are over then, or of one too
   * many.
   */
  public boolean turnsAt(long recordMs) {
    long minuteMs = minuteOf(recordMs);
    if (recordMs < 0 || minuteMs == lastMs || minutes.isEmpty() || minutes.containsKey(minuteMs)) {
      return false;
    }
    return minuteMs > minutes.lastKey() || minutes.size() >= MOST_MINUTES;
  }

  /** Hands over what was counted, and of each minute all records together, with no source. */
  public List<ArrivalFact> take() {
    Map<Long, ArrivalFact> all = new TreeMap<>();
    List<ArrivalFact> facts = new ArrayList<>();
    for (ArrivalFact fact : counted()) {
      all.merge(fact.minuteMs(), fact.ofAll(), ArrivalFact::plus);
      if (!fact.name().isEmpty()) {
        facts.add(fact);
      }
    }
    facts.addAll(all.values());
    minutes.clear();
    lastMs = Long.MIN_VALUE;
    return facts;
  }

  /** What was counted and not handed over. */
  public List<ArrivalFact> counted() {
    List<ArrivalFact> facts = new ArrayList<>();
    minutes.forEach(
        (minuteMs, names) ->
            names.forEach(
                (name, producers) ->
                    producers.forEach(
                        (producer, c) ->
                            facts.add(
                                new ArrivalFact(
                                    minuteMs,
                                    exposures,
                                    name,
                                    producer,
                                    c.records,
                                    c.dead,
                                    c.ahead,
                                    c.leastLagMs)))));
    return facts;
  }
}
