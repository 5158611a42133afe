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
import java.util.Arrays;
import java.util.stream.LongStream;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Which signals are on the topic, or were until it dropped them, by id and content. Each is eight
 * bytes of a hash: a million fit in 8 MB, and one new signal is taken for a sent one in 10¹³.
 */
public final class SentSignals implements Serializable {

  private static final long serialVersionUID = 1L;

  public static final SentSignals NONE = new SentSignals(new long[0]);

  private final long[] sorted;

  private SentSignals(long[] sorted) {
    this.sorted = sorted;
  }

  /** Reads table {@code gate_signals}, then what the topic has beyond it. */
  public static SentSignals read(TidegateConfig config) {
    String topic = config.kafka().topics().gateSignals();
    Table table = IcebergTables.load(config, Tables.GATE_SIGNALS);
    Long snapshotId = IcebergTables.newestSnapshot(config, Tables.GATE_SIGNALS);
    LongStream.Builder hashes = LongStream.builder();
    if (snapshotId != null) {
      readTable(table, snapshotId, topic, hashes);
    }
    UnarchivedRecords.read(
        config.kafka(), topic, table, snapshotId, message -> add(message, hashes));
    return new SentSignals(hashes.build().sorted().toArray());
  }

  private static void readTable(
      Table table, long snapshotId, String topic, LongStream.Builder hashes) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .useSnapshot(snapshotId)
            .select("signal_id", "data_hash", "_topic")
            .where(Expressions.equal("_topic", topic))
            .build()) {
      for (Record row : rows) {
        hashes.add(hash((String) row.getField("signal_id"), (String) row.getField("data_hash")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
  }

  private static void add(byte[] message, LongStream.Builder hashes) {
    try {
      GateSignal signal = SignalCodec.readSignal(message);
      hashes.add(hash(signal.signalId(), signal.dataHash()));
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
