package io.tidegate.connector;

import io.tidegate.codec.DeadLetterCodec;
import io.tidegate.codec.Tables;
import io.tidegate.model.Archived;
import io.tidegate.model.ArchivedOffsets;
import io.tidegate.model.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the archive is: which offsets of its input topics the tables and the dead letters hold.
 *
 * @param rows offsets held by tables
 * @param deadLetters offsets held by dead letters
 * @param archived both together
 * @param severalEach topics of which one record may hold several events
 * @param start per partition the first offset that may not be held, or not with all of its events,
 *     from which the archive must read
 */
public record ArchiveProgress(
    ArchivedOffsets rows,
    ArchivedOffsets deadLetters,
    ArchivedOffsets archived,
    Set<String> severalEach,
    Map<TopicPartition, Long> start) {

  private static final String TOPIC = "_topic";
  private static final String PARTITION = "_topic_partition";
  private static final String OFFSET = "_offset";

  public ArchiveProgress {
    severalEach = Set.copyOf(severalEach);
    start = Map.copyOf(start);
  }

  /** What need not be kept again. */
  public Archived held() {
    return new Archived(archived.without(severalEach), toCome(rows), toCome(deadLetters));
  }

  /** Of topics of which one record may hold several events, what may come again. */
  private ArchivedOffsets toCome(ArchivedOffsets offsets) {
    ArchivedOffsets some = new ArchivedOffsets();
    start.forEach(
        (at, first) -> {
          if (severalEach.contains(at.topic())) {
            some.addFrom(offsets, at.topic(), at.partition(), first);
          }
        });
    return some;
  }

  private static Set<String> severalEach(TidegateConfig config) {
    Topics topics = config.kafka().topics();
    EventsConfig.Formats formats = config.events().formats();
    Set<String> several = new HashSet<>();
    if (formats.exposures().severalEach()) {
      several.add(topics.exposures());
    }
    if (formats.outcomes().severalEach()) {
      several.add(topics.outcomes());
    }
    return several;
  }

  /** Topics that the archive reads, each with the table that has a row for each of its records. */
  public static Map<String, String> tablesByTopic(Topics topics) {
    Map<String, String> tables = new LinkedHashMap<>();
    tables.put(topics.exposures(), Tables.EXPOSURES);
    tables.put(topics.outcomes(), Tables.OUTCOMES);
    tables.put(topics.rollouts(), Tables.ROLLOUT_EVENTS);
    tables.put(topics.gateSignals(), Tables.GATE_SIGNALS);
    tables.put(topics.gateEvidence(), Tables.STAGE_ESTIMATES);
    tables.put(topics.lateEvents(), Tables.LATE_EVENTS);
    tables.put(topics.incidents(), Tables.INCIDENTS);
    return tables;
  }

  /** Reads the tables and the dead letters. Throws a UserError where either is unreachable. */
  public static ArchiveProgress read(TidegateConfig config) {
    ArchivedOffsets rows = new ArchivedOffsets();
    Catalog catalog = Catalogs.shared(config.catalog());
    Catalogs.createMissing(config.catalog(), catalog);
    tablesByTopic(config.kafka().topics())
        .values()
        .forEach(
            table ->
                addRows(catalog.loadTable(Catalogs.identifier(config.catalog(), table)), rows));
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      ArchivedOffsets letters = deadLetters(config.kafka(), topics);
      ArchivedOffsets archived = new ArchivedOffsets();
      archived.addAll(rows);
      archived.addAll(letters);
      Set<String> several = severalEach(config);
      return new ArchiveProgress(
          rows,
          letters,
          archived,
          several,
          start(config.kafka().topics(), topics, archived, several));
    }
  }

  private static Map<TopicPartition, Long> start(
      Topics names, KafkaTopics topics, ArchivedOffsets archived, Set<String> several) {
    Map<TopicPartition, Long> start = new HashMap<>();
    for (String topic : tablesByTopic(names).keySet()) {
      topics
          .ranges(topic)
          .forEach(
              (partition, range) ->
                  start.put(
                      partition,
                      several.contains(topic) // an offset that is held may not be so with all
                          ? range.first()
                          : archived.firstMissing(topic, partition.partition(), range.first())));
    }
    return start;
  }

  private static void addRows(Table table, ArchivedOffsets archived) {
    // One message of evidence makes many rows; of the other topics each makes one.
    boolean oneRowEach = !table.name().endsWith("." + Tables.STAGE_ESTIMATES);
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .select(TOPIC, PARTITION, OFFSET)
            .where(Expressions.notNull(OFFSET))
            .build()) {
      for (Record row : rows) {
        String topic = (String) row.getField(TOPIC);
        int partition = (int) row.getField(PARTITION);
        long offset = (long) row.getField(OFFSET);
        if (oneRowEach || !archived.contains(topic, partition, offset)) {
          archived.add(topic, partition, offset);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("table " + table.name() + " cannot be read", e);
    }
  }

  /** The offsets that are among the dead letters. */
  static ArchivedOffsets deadLetters(KafkaConfig config, KafkaTopics topics) {
    ArchivedOffsets letters = new ArchivedOffsets();
    eachDeadLetter(
        config, topics, origin -> letters.add(origin.topic(), origin.partition(), origin.offset()));
    return letters;
  }

  /** Hands out the record of every dead letter that stands for one. */
  static void eachDeadLetter(KafkaConfig config, KafkaTopics topics, Consumer<Origin> out) {
    TopicReader.read(
        config,
        topics.ranges(config.topics().deadLetters()),
        record -> {
          if (record.key() != null) {
            out.accept(DeadLetterCodec.origin(record.key(), record.timestamp()));
          }
        });
  }
}
