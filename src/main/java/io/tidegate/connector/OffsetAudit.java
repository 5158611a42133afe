package io.tidegate.connector;

import io.tidegate.codec.Decoded;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.model.ArchivedOffsets;
import io.tidegate.model.Received;
import io.tidegate.model.RolloutEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Whether table and dead letters together hold every record of an input exactly once. Offsets that
 * are no records (the marks of transactions), records that concern another stream and ticks that
 * separate nothing need not be held.
 */
public final class OffsetAudit {

  /**
   * What was found of one partition.
   *
   * @param first first offset that the broker still has
   * @param next offset after the last committed record
   * @param rows offsets in [first, next) that the table holds
   * @param deadLetters offsets in [first, next) among the dead letters
   * @param ticksLeftOut ticks that separate nothing
   * @param unrelated records that concern another stream
   * @param missing records held nowhere
   * @param repeated records held more than once, wherever
   */
  public record Partition(
      String topic,
      int partition,
      long first,
      long next,
      long rows,
      long deadLetters,
      long ticksLeftOut,
      long unrelated,
      long missing,
      long repeated) {

    public boolean sound() {
      return missing == 0 && repeated == 0;
    }
  }

  private OffsetAudit() {}

  /** Audits every topic that the archive reads, as they are now. */
  public static List<Partition> run(TidegateConfig config) {
    ArchiveProgress progress = ArchiveProgress.read(config);
    List<Partition> found = new ArrayList<>();
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      for (String topic : ArchiveProgress.tablesByTopic(config.kafka().topics()).keySet()) {
        topics
            .ranges(topic)
            .forEach((partition, range) -> found.add(audit(config, progress, partition, range)));
      }
    }
    return found;
  }

  private static Partition audit(
      TidegateConfig config, ArchiveProgress progress, TopicPartition at, KafkaTopics.Range range) {
    long held = progress.archived().count(at.topic(), at.partition(), range.first(), range.next());
    Absent absent = new Absent(config, at.topic());
    if (held < range.next() - range.first()) {
      TopicReader.read(config.kafka(), Map.of(at, range), record -> absent.look(record, progress));
    }
    return new Partition(
        at.topic(),
        at.partition(),
        range.first(),
        range.next(),
        count(progress.rows(), at, range),
        count(progress.deadLetters(), at, range),
        absent.ticks,
        absent.unrelated,
        absent.others,
        progress.archived().repeated(at.topic(), at.partition()));
  }

  private static long count(ArchivedOffsets offsets, TopicPartition at, KafkaTopics.Range range) {
    return offsets.count(at.topic(), at.partition(), range.first(), range.next());
  }

  /** Counts the records that are held nowhere. */
  private static final class Absent {
    private final @Nullable RecordDecoder<? extends Received> events;
    private long ticks;
    private long unrelated;
    private long others;

    Absent(TidegateConfig config, String topic) {
      Topics topics = config.kafka().topics();
      boolean ofEvents = topic.equals(topics.exposures()) || topic.equals(topics.outcomes());
      events = ofEvents ? RecordDecoder.ready(config, topic) : null;
    }

    void look(ConsumerRecord<byte[], byte[]> record, ArchiveProgress progress) {
      if (progress.archived().contains(record.topic(), record.partition(), record.offset())) {
        return;
      }
      if (events != null && events.read(record).isEmpty()) {
        unrelated++;
      } else if (events == null && tick(record.value())) {
        ticks++;
      } else {
        others++;
      }
    }

    private static boolean tick(byte[] value) {
      return value != null
          && RolloutEventCodec.decode(value) instanceof Decoded.Event<RolloutEvent> decoded
          && decoded.event().kind() == RolloutEvent.Kind.TICK;
    }
  }
}
