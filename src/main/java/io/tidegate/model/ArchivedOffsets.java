package io.tidegate.model;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The offsets of Kafka records that are kept already, per topic and partition, as ranges. Mutable
 * while it is filled, read-only afterwards.
 */
public final class ArchivedOffsets implements Serializable {

  private static final long serialVersionUID = 1L;

  /** {@code topic-partition} → first of a range → last of it, inclusive; ranges never touch. */
  private final Map<String, TreeMap<Long, Long>> ranges = new HashMap<>();

  private final Map<String, Long> repeated = new HashMap<>();

  /** Adds an offset; one that is there already is counted as repeated. */
  public void add(String topic, int partition, long offset) {
    String key = key(topic, partition);
    TreeMap<Long, Long> mine = ranges.computeIfAbsent(key, k -> new TreeMap<>());
    Map.Entry<Long, Long> before = mine.floorEntry(offset);
    if (before != null && before.getValue() >= offset) {
      repeated.merge(key, 1L, Long::sum);
      return;
    }
    long first = offset;
    long last = offset;
    if (before != null && before.getValue() == offset - 1) {
      first = before.getKey();
    }
    Long after = mine.remove(offset + 1);
    if (after != null) {
      last = after;
    }
    mine.put(first, last);
  }

  public boolean contains(String topic, int partition, long offset) {
    TreeMap<Long, Long> mine = ranges.get(key(topic, partition));
    if (mine == null) {
      return false;
    }
    Map.Entry<Long, Long> range = mine.floorEntry(offset);
    return range != null && range.getValue() >= offset;
  }

  /** Those of topics other than some. */
  public ArchivedOffsets without(Set<String> topics) {
    ArchivedOffsets others = new ArchivedOffsets();
    ranges.forEach(
        (key, theirs) -> {
          if (!topics.contains(key.substring(0, key.lastIndexOf('-')))) {
            others.ranges.put(key, new TreeMap<>(theirs));
          }
        });
    return others;
  }

  /** Adds another's offsets of a partition from {@code first} on, which must not be there yet. */
  public void addFrom(ArchivedOffsets other, String topic, int partition, long first) {
    TreeMap<Long, Long> mine = new TreeMap<>();
    other
        .mine(topic, partition)
        .forEach(
            (from, last) -> {
              if (last >= first) {
                mine.put(Math.max(from, first), last);
              }
            });
    ranges.put(key(topic, partition), mine);
  }

  /** Adds every offset of another; those that are in both count as repeated. */
  public void addAll(ArchivedOffsets other) {
    other.ranges.forEach(
        (key, theirs) -> {
          int dash = key.lastIndexOf('-');
          String topic = key.substring(0, dash);
          int partition = Integer.parseInt(key.substring(dash + 1));
          theirs.forEach(
              (first, last) -> {
                for (long offset = first; offset <= last; offset++) {
                  add(topic, partition, offset);
                }
              });
        });
    other.repeated.forEach((key, count) -> repeated.merge(key, count, Long::sum));
  }

  public boolean contains(Origin origin) {
    return contains(origin.topic(), origin.partition(), origin.offset());
  }

  /** The smallest offset from {@code first} on that is not there. */
  public long firstMissing(String topic, int partition, long first) {
    TreeMap<Long, Long> mine = ranges.get(key(topic, partition));
    Map.Entry<Long, Long> range = mine == null ? null : mine.floorEntry(first);
    return range == null || range.getValue() < first ? first : range.getValue() + 1;
  }

  /** How many offsets in {@code [first, next)} are there, each counted once. */
  public long count(String topic, int partition, long first, long next) {
    long count = 0;
    for (Map.Entry<Long, Long> range : mine(topic, partition).entrySet()) {
      long from = Math.max(range.getKey(), first);
      long to = Math.min(range.getValue(), next - 1);
      count += Math.max(0, to - from + 1);
    }
    return count;
  }

  /** How many offsets were added again. */
  public long repeated(String topic, int partition) {
    return repeated.getOrDefault(key(topic, partition), 0L);
  }

  /** One more than the largest offset; 0 where there is none. */
  public long end(String topic, int partition) {
    NavigableMap<Long, Long> mine = mine(topic, partition);
    return mine.isEmpty() ? 0 : mine.lastEntry().getValue() + 1;
  }

  private NavigableMap<Long, Long> mine(String topic, int partition) {
    return ranges.getOrDefault(key(topic, partition), new TreeMap<>());
  }

  private static String key(String topic, int partition) {
    return topic + "-" + partition;
  }
}
