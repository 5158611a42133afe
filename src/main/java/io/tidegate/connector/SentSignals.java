package io.tidegate.connector;

import io.tidegate.codec.SignalCodec;
import io.tidegate.codec.Tables;
import io.tidegate.model.GateSignal;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.flink.TableLoader;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Which signals are on the topic, or were until it dropped them, by id and content, with all that
 * goes out beside them. Each is eight bytes of a hash: a million fit in 8 MB, and one new signal is
 * taken for a sent one in 10¹³. Table {@code gate_signals} is read when a signal is asked for, from
 * the day of its boundary on: a job that goes on from its state reads the days since, however long
 * the table is. Mutable, of one thread.
 */
public final class SentSignals implements Serializable {

  private static final long serialVersionUID = 1L;

  public static final SentSignals NONE =
      new SentSignals(null, "", Map.of(), new long[0], Long.MIN_VALUE, 0);

  /** Property of how long a producer tries to deliver a record. */
  static final String DELIVERY_TIMEOUT = "delivery.timeout.ms";

  /** The same unless configured otherwise. */
  private static final String DELIVERY_TIMEOUT_MS = "120000";

  private static final long DAY_MS = 86_400_000;

  /**
   * A signal that was sent.
   *
   * @param recordMs time of its record on the topic
   */
  record Sent(String signalId, String dataHash, long recordMs) {}

  private final @Nullable TableLoader table;
  private final String topic;
  private final HashMap<Integer, Long> ends;
  private final long[] unarchived;
  private final long newestMs;
  private final long doubtfulMs;
  private transient @Nullable Archived archived;

  private SentSignals(
      @Nullable TableLoader table,
      String topic,
      Map<Integer, Long> ends,
      long[] unarchived,
      long newestMs,
      long doubtfulMs) {
    this.table = table;
    this.topic = topic;
    this.ends = new HashMap<>(ends);
    this.unarchived = unarchived;
    this.newestMs = newestMs;
    this.doubtfulMs = doubtfulMs;
  }

  /** Those that are sent by now: reads what the topic has beyond table {@code gate_signals}. */
  public static SentSignals read(TidegateConfig config) {
    String topic = config.kafka().topics().gateSignals();
    Map<Integer, Long> ends = new HashMap<>();
    long newestMs;
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      topics.ranges(topic).forEach((at, range) -> ends.put(at.partition(), range.next()));
      newestMs = topics.newestRecordMs(topic);
    }
    List<Sent> beyond = new ArrayList<>();
    UnarchivedRecords.read(
        config,
        topic,
        Tables.GATE_SIGNALS,
        IcebergTables.newestSnapshot(config, Tables.GATE_SIGNALS),
        record -> add(record, beyond));
    return of(
        Catalogs.table(config.catalog(), Tables.GATE_SIGNALS),
        topic,
        ends,
        beyond,
        newestMs,
        doubtfulMs(config));
  }

  /**
   * Of the signals those whose verdict and evidence are out too: without transactions they go in
   * batches of their own, of which a producer that ends may leave some behind.
   *
   * @param table null for none
   * @param ends per partition of the topic the offset before which the table's rows count
   * @param beyond what the topic has beyond the table
   * @param newestMs time of the topic's newest record; {@link Long#MIN_VALUE} without one
   * @param doubtfulMs within how long of the newest signal its evidence may not be out
   */
  static SentSignals of(
      @Nullable TableLoader table,
      String topic,
      Map<Integer, Long> ends,
      List<Sent> beyond,
      long newestMs,
      long doubtfulMs) {
    long newest = beyond.stream().mapToLong(Sent::recordMs).reduce(newestMs, Math::max);
    return new SentSignals(
        table, topic, ends, certain(beyond, newest, doubtfulMs), newest, doubtfulMs);
  }

  private static long[] certain(List<Sent> sent, long newestMs, long doubtfulMs) {
    return sent.stream()
        .filter(s -> s.recordMs() <= newestMs - doubtfulMs)
        .mapToLong(s -> hash(s.signalId(), s.dataHash()))
        .sorted()
        .toArray();
  }

  private static long doubtfulMs(TidegateConfig config) {
    return switch (config.gate().signals()) {
      case EXACTLY_ONCE -> 0;
      case AT_LEAST_ONCE ->
          Long.parseLong(
              config.kafka().properties().getOrDefault(DELIVERY_TIMEOUT, DELIVERY_TIMEOUT_MS));
    };
  }

  private static void add(ConsumerRecord<byte[], byte[]> record, List<Sent> sent) {
    try {
      GateSignal signal = SignalCodec.readSignal(record.value());
      sent.add(new Sent(signal.signalId(), signal.dataHash(), record.timestamp()));
    } catch (IOException e) {
      // Not a message of the gate; the archive makes a dead letter of it.
      return;
    }
  }

  /** Whether a signal of this id and content was sent. */
  public boolean contains(GateSignal signal) {
    long wanted = hash(signal.signalId(), signal.dataHash());
    if (Arrays.binarySearch(unarchived, wanted) >= 0) {
      return true;
    }
    if (table == null) {
      return false;
    }
    if (archived == null) {
      archived = new Archived(newestMs);
    }
    if (signal.boundaryMs() < archived.fromMs) {
      load(table, archived, Math.floorDiv(signal.boundaryMs(), DAY_MS) * DAY_MS);
    }
    return archived.contains(wanted);
  }

  /** Rows of the table that were read. */
  long rowsRead() {
    return archived == null ? 0 : archived.rowsRead;
  }

  private void load(TableLoader from, Archived into, long fromMs) {
    List<Sent> sent = new ArrayList<>();
    try (TableLoader open = from.clone()) {
      open.open();
      try (CloseableIterable<Record> rows =
          IcebergGenerics.read(open.loadTable())
              .select(
                  "signal_id",
                  "data_hash",
                  "record_time",
                  "_topic",
                  "_topic_partition",
                  "_offset",
                  "boundary")
              .where(into.missingFrom(fromMs, topic))
              .build()) {
        for (Record row : rows) {
          into.rowsRead++;
          if ((long) row.getField("_offset")
              < ends.getOrDefault((int) row.getField("_topic_partition"), 0L)) {
            sent.add(
                new Sent(
                    (String) row.getField("signal_id"),
                    (String) row.getField("data_hash"),
                    ((OffsetDateTime) row.getField("record_time")).toInstant().toEpochMilli()));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("table " + Tables.GATE_SIGNALS + " cannot be read", e);
    }
    into.add(sent, fromMs, doubtfulMs);
  }

  /** What was read of the table: all rows from a boundary on. Mutable. */
  private static final class Archived {
    private long fromMs = Long.MAX_VALUE;
    private long newestMs;
    private long rowsRead;
    private final List<long[]> parts = new ArrayList<>();

    Archived(long newestMs) {
      this.newestMs = newestMs;
    }

    Expression missingFrom(long earlierMs, String topic) {
      Expression of =
          Expressions.and(
              Expressions.equal("_topic", topic),
              Expressions.greaterThanOrEqual("boundary", Math.multiplyExact(earlierMs, 1000L)));
      return fromMs == Long.MAX_VALUE
          ? of
          : Expressions.and(
              of, Expressions.lessThan("boundary", Math.multiplyExact(fromMs, 1000L)));
    }

    void add(List<Sent> sent, long earlierMs, long doubtfulMs) {
      newestMs = sent.stream().mapToLong(Sent::recordMs).reduce(newestMs, Math::max);
      parts.add(certain(sent, newestMs, doubtfulMs));
      fromMs = earlierMs;
    }

    boolean contains(long wanted) {
      return parts.stream().anyMatch(part -> Arrays.binarySearch(part, wanted) >= 0);
    }
  }

  private static long hash(String signalId, String dataHash) {
    try {
      byte[] text = (signalId + '\n' + dataHash).getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
