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

/**
 * Whether table and dead letters together hold each record of an input exactly once, of one with
 * several events as many as it has. Offsets that are no records (the marks of transactions),
 * records that concern another stream and ticks that separate nothing need not be held. What a
 * record holds is what the present configuration reads in it.
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
   * @param missing records held nowhere; where a record may hold several events, events that are
   *     held fewer than it has
   * @param repeated times that records are held more than once, wherever; where a record may hold
   *     several events, those held more than it has, of records that the broker still has
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
      EventCounts counts = EventCounts.read(config, topics, progress.severalEach());
      for (String topic : ArchiveProgress.tablesByTopic(config.kafka().topics()).keySet()) {
        topics
            .ranges(topic)
            .forEach(
                (partition, range) ->
                    found.add(
                        progress.severalEach().contains(topic)
                            ? auditEvents(config, progress, counts, partition, range)
                            : audit(config, progress, partition, range)));
      }
    }
    return found;
  }

  private static Partition audit(
      TidegateConfig config, ArchiveProgress progress, TopicPartition at, KafkaTopics.Range range) {
    long held = progress.archived().count(at.topic(), at.partition(), range.first(), range.next());
    Absent absent = new Absent(at.topic().equals(config.kafka().topics().rollouts()));
    if (held < range.next() - range.first()) {
      TopicReader.read(config.kafka(), Map.of(at, range), record -> absent.look(record, progress));
    }
    return partition(
        progress,
        at,
        range,
        absent.ticks,
        0,
        absent.others,
        progress.archived().repeated(at.topic(), at.partition()));
  }

  private static Partition auditEvents(
      TidegateConfig config,
      ArchiveProgress progress,
      EventCounts counts,
      TopicPartition at,
      KafkaTopics.Range range) {
    Events events = new Events(RecordDecoder.ready(config, at.topic()), counts, at);
    TopicReader.read(config.kafka(), Map.of(at, range), events::look);
    return partition(progress, at, range, 0, events.unrelated, events.missing, events.repeated);
  }

  private static Partition partition(
      ArchiveProgress progress,
      TopicPartition at,
      KafkaTopics.Range range,
      long ticks,
      long unrelated,
      long missing,
      long repeated) {
    return new Partition(
        at.topic(),
        at.partition(),
        range.first(),
        range.next(),
        count(progress.rows(), at, range),
        count(progress.deadLetters(), at, range),
        ticks,
        unrelated,
        missing,
        repeated);
  }

  private static long count(ArchivedOffsets offsets, TopicPartition at, KafkaTopics.Range range) {
    return offsets.count(at.topic(), at.partition(), range.first(), range.next());
  }

  /** Compares every record, of which one may hold several events, with what is held of it. */
  private static final class Events {
    private final RecordDecoder<? extends Received> decoder;
    private final EventCounts counts;
    private final TopicPartition at;
    private long unrelated;
    private long missing;
    private long repeated;

    Events(RecordDecoder<? extends Received> decoder, EventCounts counts, TopicPartition at) {
      this.decoder = decoder;
      this.counts = counts;
      this.at = at;
    }

    void look(ConsumerRecord<byte[], byte[]> record) {
      List<? extends Received> events = decoder.read(record);
      if (events.isEmpty()) {
        unrelated++;
      }
      EventCounts.Difference found = counts.compare(at, record.offset(), events);
      missing += found.missing();
      repeated += found.repeated();
    }
  }

  /** Counts the records that are held nowhere. */
  private static final class Absent {
    private final boolean mayBeTicks;
    private long ticks;
    private long others;

    Absent(boolean mayBeTicks) {
      this.mayBeTicks = mayBeTicks;
    }

    void look(ConsumerRecord<byte[], byte[]> record, ArchiveProgress progress) {
      if (progress.archived().contains(record.topic(), record.partition(), record.offset())) {
        return;
      }
      if (mayBeTicks && tick(record.value())) {
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
