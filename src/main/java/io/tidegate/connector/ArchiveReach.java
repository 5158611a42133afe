package io.tidegate.connector;

import io.tidegate.codec.Tables;
import io.tidegate.codec.formats.EventFormat;
import io.tidegate.connector.HeldOffsets.Held;
import io.tidegate.connector.KafkaTopics.Range;
import io.tidegate.model.ArchivedOffsets;
import io.tidegate.model.UserError;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Up to which event time pinned tables hold what is on the topics: the watermark of a reader that
 * stands where the tables end. A partition that is read to its end holds nothing back.
 *
 * @param completeMs events before this instant are all in the tables, epoch milliseconds; {@link
 *     Long#MAX_VALUE} where the tables hold everything, or no broker answers
 * @param why which partition the tables lag behind, for a person; empty for none
 */
public record ArchiveReach(long completeMs, String why) {

  private static final ArchiveReach EVERYTHING = new ArchiveReach(Long.MAX_VALUE, "");

  /**
   * Of outcomes alone.
   *
   * @param outcomes snapshot of the table; null for an empty one
   */
  public static ArchiveReach ofOutcomes(TidegateConfig config, @Nullable Long outcomes) {
    return of(config, reading -> reading.outcomes(outcomes));
  }

  /**
   * Compares with the topics as they are now.
   *
   * @param exposures snapshot of the table; null for an empty one
   * @param outcomes snapshot of the table; null for an empty one
   */
  public static ArchiveReach of(
      TidegateConfig config, @Nullable Long exposures, @Nullable Long outcomes) {
    return of(config, reading -> least(reading.exposures(exposures), reading.outcomes(outcomes)));
  }

  private static ArchiveReach of(TidegateConfig config, Function<Reading, ArchiveReach> of) {
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      return of.apply(new Reading(config, topics));
    } catch (UserError unreachable) {
      return new ArchiveReach(
          Long.MAX_VALUE,
          "whether the archive has read everything is not known: " + unreachable.getMessage());
    }
  }

  private static ArchiveReach least(ArchiveReach a, ArchiveReach b) {
    return b.completeMs < a.completeMs ? b : a;
  }

  private record Reading(TidegateConfig config, KafkaTopics topics) {

    ArchiveReach exposures(@Nullable Long snapshotId) {
      return of(
          config.kafka().topics().exposures(),
          Tables.EXPOSURES,
          snapshotId,
          config.events().formats().exposures());
    }

    ArchiveReach outcomes(@Nullable Long snapshotId) {
      return of(
          config.kafka().topics().outcomes(),
          Tables.OUTCOMES,
          snapshotId,
          config.events().formats().outcomes());
    }

    private ArchiveReach of(
        String topic, String table, @Nullable Long snapshotId, EventFormat format) {
      Map<TopicPartition, Range> ranges = topics.ranges(topic);
      Map<TopicPartition, Held> held =
          HeldOffsets.of(IcebergTables.load(config, table), snapshotId, ranges);
      Map<TopicPartition, Range> unread = new HashMap<>();
      ranges.forEach(
          (at, range) -> {
            Held in = held.get(at);
            long from = in == null ? range.first() : Math.max(in.next(), range.first());
            // A message of another format may hold nothing of this stream and leave no row.
            if (from < range.next() && (in != null || format == EventFormat.CANONICAL)) {
              unread.put(at, new Range(from, range.next()));
            }
          });
      if (unread.isEmpty()) {
        return EVERYTHING;
      }
      ArchivedOffsets letters = ArchiveProgress.deadLetters(config.kafka(), topics);
      ArchiveReach reach = EVERYTHING;
      for (Map.Entry<TopicPartition, Range> each : unread.entrySet()) {
        TopicPartition at = each.getKey();
        long next = letters.firstMissing(topic, at.partition(), each.getValue().first());
        if (next < each.getValue().next()) {
          reach = least(reach, behind(table, at, next, each.getValue().next(), held.get(at)));
        }
      }
      return reach;
    }

    private ArchiveReach behind(
        String table, TopicPartition at, long next, long end, @Nullable Held held) {
      long completeMs =
          held == null ? Long.MIN_VALUE : held.timeMs() - config.events().outOfOrderMs();
      String until = held == null ? "nothing" : "only to " + Instant.ofEpochMilli(completeMs);
      return new ArchiveReach(
          completeMs,
          "the archive is behind: of topic %s, partition %d, table %s has %s (offset %d of %d)"
              .formatted(at.topic(), at.partition(), table, until, next, end));
    }
  }
}
