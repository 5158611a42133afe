package io.tidegate.connector;

import io.tidegate.codec.Tables;
import io.tidegate.connector.HeldOffsets.Held;
import io.tidegate.connector.KafkaTopics.Range;
import io.tidegate.model.Received;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.model.UserError;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Up to which event time pinned tables hold what is on the topics: the watermark of a reader that
 * stands where the archive has read. A partition of which nothing usable is left holds nothing
 * back.
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
      return of(config.kafka().topics().exposures(), Tables.EXPOSURES, snapshotId);
    }

    ArchiveReach outcomes(@Nullable Long snapshotId) {
      return of(config.kafka().topics().outcomes(), Tables.OUTCOMES, snapshotId);
    }

    private ArchiveReach of(String topic, String table, @Nullable Long snapshotId) {
      Map<TopicPartition, Range> ranges = topics.ranges(topic);
      Map<TopicPartition, Held> ends = ArchivedEnds.of(config, table, snapshotId, ranges);
      Map<TopicPartition, Range> unread = new HashMap<>();
      ranges.forEach(
          (at, range) -> {
            Held end = ends.get(at);
            long from = end == null ? range.first() : Math.max(end.next(), range.first());
            if (from < range.next()) {
              unread.put(at, new Range(from, range.next()));
            }
          });
      ArchiveReach reach = EVERYTHING;
      for (Map.Entry<TopicPartition, First> each : firstUsable(topic, unread).entrySet()) {
        TopicPartition at = each.getKey();
        Range range = Objects.requireNonNull(ranges.get(at));
        reach = least(reach, behind(table, at, each.getValue(), range.next(), ends.get(at)));
      }
      return reach;
    }

    /** What cannot be used, and marks of transactions, are not missing from the table. */
    private Map<TopicPartition, First> firstUsable(
        String topic, Map<TopicPartition, Range> unread) {
      Map<TopicPartition, First> firsts = new HashMap<>();
      if (!unread.isEmpty()) {
        RecordDecoder<? extends Received> decoder = RecordDecoder.ready(config, topic);
        TopicReader.readUntil(
            config.kafka(),
            unread,
            record -> {
              for (Received received : decoder.read(record)) {
                if (received.refused() == null) {
                  firsts.put(
                      new TopicPartition(record.topic(), record.partition()),
                      new First(record.offset(), Math.min(eventMs(received), record.timestamp())));
                  return true;
                }
              }
              return false;
            });
      }
      return firsts;
    }

    private static long eventMs(Received received) {
      return received instanceof ReceivedExposure exposure
          ? exposure.usable().eventTimeMs()
          : ((ReceivedOutcome) received).usable().eventTimeMs();
    }

    /** Where records were read and none had a row, time is that of the first that has one. */
    private ArchiveReach behind(
        String table, TopicPartition at, First first, long end, @Nullable Held held) {
      long completeMs = Long.MIN_VALUE;
      if (held != null) {
        long timeMs = held.timeMs() == Long.MIN_VALUE ? first.timeMs() : held.timeMs();
        completeMs = timeMs - config.events().outOfOrderMs();
      }
      String until = held == null ? "nothing" : "only to " + Instant.ofEpochMilli(completeMs);
      return new ArchiveReach(
          completeMs,
          "the archive is behind: of topic %s, partition %d, table %s has %s (offset %d of %d)"
              .formatted(at.topic(), at.partition(), table, until, first.offset(), end));
    }

    /** The first usable record that the archive has not read. */
    private record First(long offset, long timeMs) {}
  }
}
