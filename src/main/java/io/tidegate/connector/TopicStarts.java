package io.tidegate.connector;

import io.tidegate.connector.HeldOffsets.Held;
import io.tidegate.connector.KafkaTopics.Range;
import io.tidegate.model.ArchivedOffsets;
import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Where topics go on after what pinned tables hold: no record twice, none left out. */
public final class TopicStarts {

  private final TidegateConfig config;
  private final KafkaTopics topics;
  private final Map<TopicPartition, Long> starts = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private @Nullable ArchivedOffsets letters;

  private TopicStarts(TidegateConfig config, KafkaTopics topics) {
    this.config = config;
    this.topics = topics;
  }

  /**
   * Per partition the offset before which the archive has read everything, as far as its table has
   * it; a partition of which it has read nothing is left out. Throws a UserError that names every
   * partition of which records are in neither table nor topic, and every one whose topic ends
   * before its table.
   *
   * @param pinned snapshot of each table that has a row for each record of a topic; null for an
   *     empty one
   */
  public static Map<TopicPartition, Long> after(
      TidegateConfig config, Map<String, @Nullable Long> pinned) {
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      TopicStarts starts = new TopicStarts(config, topics);
      ArchiveProgress.tablesByTopic(config.kafka().topics())
          .forEach(
              (topic, table) -> {
                if (pinned.containsKey(table)) {
                  starts.add(topic, table, pinned.get(table));
                }
              });
      if (!starts.problems.isEmpty()) {
        throw new UserError(starts.problems);
      }
      return starts.starts;
    }
  }

  private void add(String topic, String table, @Nullable Long snapshotId) {
    Map<TopicPartition, Range> ranges = topics.ranges(topic);
    Map<TopicPartition, Held> ends = ArchivedEnds.of(config, table, snapshotId, ranges);
    ranges.forEach(
        (partition, range) -> {
          Held held = ends.get(partition);
          if (held != null) {
            add(partition, range, held, table);
          } else if (!ends.isEmpty()) { // else the archive has not begun with the topic
            addUnread(partition, range, table);
          }
        });
  }

  /** It came since the archive was there last: all that it ever had counts. */
  private void addUnread(TopicPartition partition, Range range, String table) {
    // Where nothing is left the archive may never have had a position to note.
    if (range.first() > 0
        && range.first() < range.next()
        && !setAside(partition, 0, range.first())) {
      problems.add(missing(partition, range, 0, table));
    }
  }

  private void add(TopicPartition partition, Range range, Held held, String table) {
    if (held.next() > range.next()) {
      problems.add(
          problem(
              partition,
              "an end at offset " + range.next(),
              "one at or after offset "
                  + held.next()
                  + ", where table "
                  + table
                  + " ends: was the topic made anew?"));
    } else if (held.next() < range.first() && !setAside(partition, held.next(), range.first())) {
      problems.add(missing(partition, range, held.next(), table));
    } else {
      starts.put(partition, Math.max(held.next(), range.first()));
    }
  }

  private static Problem missing(TopicPartition partition, Range range, long next, String table) {
    return problem(
        partition,
        "earliest offset " + range.first(),
        "offset "
            + next
            + ", the next after what table "
            + table
            + " holds: offsets "
            + next
            + " to "
            + (range.first() - 1)
            + " are in neither; gate.bootstrap: none judges from the topics alone");
  }

  /** Whether all of some offsets are among the dead letters. */
  private boolean setAside(TopicPartition partition, long from, long until) {
    ArchivedOffsets known = letters;
    if (known == null) {
      known = ArchiveProgress.deadLetters(config.kafka(), topics);
      letters = known;
    }
    return known.firstMissing(partition.topic(), partition.partition(), from) >= until;
  }

  static Problem problem(TopicPartition partition, String found, String expected) {
    return new Problem(
        "topic " + partition.topic(), "partition " + partition.partition(), found, expected);
  }
}
