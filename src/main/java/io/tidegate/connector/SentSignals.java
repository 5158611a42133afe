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
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which signals are on the topic, or were until it dropped them, by id and content, with all that
 * goes out beside them. Each is eight bytes of a hash: a million fit in 8 MB, and one new signal is
 * taken for a sent one in 10¹³.
 */
public final class SentSignals implements Serializable {

  private static final long serialVersionUID = 1L;

  public static final SentSignals NONE = new SentSignals(new long[0]);

  /** For how long a producer tries to deliver a record unless configured otherwise. */
  private static final String DELIVERY_TIMEOUT_MS = "120000";

  /**
   * A signal that was sent.
   *
   * @param recordMs time of its record on the topic
   */
  record Sent(String signalId, String dataHash, long recordMs) {}

  private final long[] sorted;

  private SentSignals(long[] sorted) {
    this.sorted = sorted;
  }

  /** Reads table {@code gate_signals}, then what the topic has beyond it. */
  public static SentSignals read(TidegateConfig config) {
    String topic = config.kafka().topics().gateSignals();
    Table table = IcebergTables.load(config, Tables.GATE_SIGNALS);
    Long snapshotId = IcebergTables.newestSnapshot(config, Tables.GATE_SIGNALS);
    List<Sent> sent = new ArrayList<>();
    if (snapshotId != null) {
      readTable(table, snapshotId, topic, sent);
    }
    UnarchivedRecords.read(config.kafka(), topic, table, snapshotId, record -> add(record, sent));
    return of(sent, doubtfulMs(config));
  }

  /**
   * Of the signals those whose verdict and evidence are out too: without transactions they go in
   * batches of their own, of which a producer that ends may leave some behind.
   *
   * @param doubtfulMs within how long of the newest signal that may be so
   */
  static SentSignals of(List<Sent> sent, long doubtfulMs) {
    long newestMs = sent.stream().mapToLong(Sent::recordMs).max().orElse(0);
    return new SentSignals(
        sent.stream()
            .filter(s -> s.recordMs() <= newestMs - doubtfulMs)
            .mapToLong(s -> hash(s.signalId(), s.dataHash()))
            .sorted()
            .toArray());
  }

  private static long doubtfulMs(TidegateConfig config) {
    return switch (config.gate().signals()) {
      case EXACTLY_ONCE -> 0;
      case AT_LEAST_ONCE ->
          Long.parseLong(
              config.kafka().properties().getOrDefault("delivery.timeout.ms", DELIVERY_TIMEOUT_MS));
    };
  }

  private static void readTable(Table table, long snapshotId, String topic, List<Sent> sent) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .useSnapshot(snapshotId)
            .select("signal_id", "data_hash", "record_time", "_topic")
            .where(Expressions.equal("_topic", topic))
            .build()) {
      for (Record row : rows) {
        sent.add(
            new Sent(
                (String) row.getField("signal_id"),
                (String) row.getField("data_hash"),
                ((OffsetDateTime) row.getField("record_time")).toInstant().toEpochMilli()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
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
    return sorted.length > 0
        && Arrays.binarySearch(sorted, hash(signal.signalId(), signal.dataHash())) >= 0;
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
