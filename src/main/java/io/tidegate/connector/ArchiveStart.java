package io.tidegate.connector;

import io.tidegate.codec.DeadLetterCodec;
import io.tidegate.connector.HeldOffsets.Held;
import io.tidegate.connector.KafkaTopics.Range;
import io.tidegate.model.DeadLetter;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Problem;
import io.tidegate.model.ReadPosition;
import io.tidegate.model.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an archive that is started finds tables and topics.
 *
 * @param read how far each partition was read, as far as its table has it; where nothing was, where
 *     it begins
 * @param dropped records that are in neither, a letter a partition
 */
public record ArchiveStart(List<ReadPosition> read, List<DeadLetter> dropped) {

  private static final Logger LOG = LoggerFactory.getLogger(ArchiveStart.class);

  public ArchiveStart {
    read = List.copyOf(read);
    dropped = List.copyOf(dropped);
  }

  /**
   * Compares the newest tables with the topics. Throws a UserError that names every partition whose
   * topic ends before what is archived of it: new records would pass for archived ones.
   */
  public static ArchiveStart of(TidegateConfig config, ArchiveProgress progress) {
    Builder start = new Builder(progress);
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      ArchiveProgress.tablesByTopic(config.kafka().topics())
          .forEach(
              (topic, table) -> {
                // First the table: an archive that still commits is behind the topic then.
                Long newest = IcebergTables.newestSnapshot(config, table);
                Map<TopicPartition, Range> ranges = topics.ranges(topic);
                start.add(table, ranges, ArchivedEnds.of(config, table, newest, ranges));
              });
    }
    if (!start.problems.isEmpty()) {
      throw new UserError(start.problems);
    }
    return new ArchiveStart(start.read, start.dropped);
  }

  /**
   * Writes down what was dropped unread, in the log and among the dead letters, at every start
   * until the tables go on. Such a letter has no key: it stands for no record that somebody could
   * read.
   */
  public void tell(TidegateConfig config) {
    if (dropped.isEmpty()) {
      return;
    }
    DeadLetterCodec codec = new DeadLetterCodec();
    try (EventProducer letters = new EventProducer(config.kafka())) {
      for (DeadLetter letter : dropped) {
        LOG.warn("topic {}, partition {}: {}", letter.topic(), letter.partition(), letter.detail());
        letters.send(
            config.kafka().topics().deadLetters(), letter.recordTimeMs(), "", codec.encode(letter));
      }
      letters.flush();
    }
  }

  private static final class Builder {
    private final ArchiveProgress progress;
    private final List<ReadPosition> read = new ArrayList<>();
    private final List<DeadLetter> dropped = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    Builder(ArchiveProgress progress) {
      this.progress = progress;
    }

    void add(String table, Map<TopicPartition, Range> ranges, Map<TopicPartition, Held> ends) {
      boolean isNew = ends.isEmpty() && ranges.keySet().stream().allMatch(at -> archived(at) == 0);
      ranges.forEach(
          (at, range) -> {
            Held held = ends.get(at);
            long end = held == null ? 0 : held.next();
            if (Math.max(end, archived(at)) > range.next()) {
              problems.add(endsEarly(at, range.next(), Math.max(end, archived(at)), table));
            }
            long missing = progress.deadLetters().firstMissing(at.topic(), at.partition(), end);
            if (!isNew && missing < range.first()) {
              dropped.add(dropped(at, missing, range.first()));
            }
            long kept = progress.rows().end(at.topic(), at.partition()) - 1;
            read.add(
                new ReadPosition(
                    at.topic(), at.partition(), end == 0 ? range.first() : end, kept, 0));
          });
    }

    private long archived(TopicPartition at) {
      return progress.archived().end(at.topic(), at.partition());
    }

    private static DeadLetter dropped(TopicPartition at, long from, long until) {
      return new DeadLetter(
          at.topic(),
          at.partition(),
          from,
          System.currentTimeMillis(),
          DeadLetterReason.DROPPED,
          "offsets %d to %d are in neither table nor topic, which has dropped them"
              .formatted(from, until - 1),
          "");
    }

    private static Problem endsEarly(TopicPartition at, long next, long archived, String table) {
      return TopicStarts.problem(
          at,
          "an end at offset " + next,
          "one at or after offset "
              + archived
              + ", where table "
              + table
              + " ends: was the topic made anew? Its records would be taken for those of before;"
              + " give it another name");
    }
  }
}
