package io.tidegate.cli.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Measures, in the Kafka clients of this process, from the first record that an engine reads to the
 * last that it writes: the start of a job and the wait for its last checkpoint are left out, for
 * all engines alike.
 */
public final class Stopwatch
    implements ConsumerInterceptor<byte[], byte[]>, ProducerInterceptor<byte[], byte[]> {

  /** Puts a stopwatch into every client that is given them. */
  static final Map<String, String> PROPERTIES =
      Map.of("interceptor.classes", Stopwatch.class.getName());

  private static final com.sun.management.OperatingSystemMXBean PROCESS =
      (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static final Object LOCK = new Object();
  private static Instant first = Instant.NONE;
  private static Instant last = Instant.NONE;
  private static final List<Double> SENT = new ArrayList<>();
  private static String watched = "";

  /** Wall clock and CPU time of the process, nanoseconds. */
  private record Instant(long wallNs, long cpuNs) {
    static final Instant NONE = new Instant(0, 0);

    static Instant now() {
      return new Instant(System.nanoTime(), PROCESS.getProcessCpuTime());
    }
  }

  /** What a run took, seconds; of the process with everything in it, the broker included. */
  record Lap(double seconds, double cpuSeconds) {}

  @SuppressWarnings("RedundantModifier") // Kafka makes one
  public Stopwatch() {}

  /**
   * @param topic whose records are noted one by one as they are sent; empty for none
   */
  static void reset(String topic) {
    synchronized (LOCK) {
      first = Instant.NONE;
      last = Instant.NONE;
      SENT.clear();
      watched = topic;
    }
  }

  /** For an engine that writes nothing: it is done now. */
  static void stop() {
    synchronized (LOCK) {
      last = Instant.now();
    }
  }

  static Lap lap() {
    synchronized (LOCK) {
      if (first.equals(Instant.NONE) || last.equals(Instant.NONE)) {
        throw new IllegalStateException("nothing was read, or nothing was written");
      }
      return new Lap((last.wallNs - first.wallNs) / 1e9, (last.cpuNs - first.cpuNs) / 1e9);
    }
  }

  /**
   * CPU-seconds of the process from the first record read to each record of the topic, in order.
   */
  static List<Double> sent() {
    synchronized (LOCK) {
      return List.copyOf(SENT);
    }
  }

  /** CPU-seconds of the process since it began. */
  static double cpuSeconds() {
    return PROCESS.getProcessCpuTime() / 1e9;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    synchronized (LOCK) {
      if (first.equals(Instant.NONE)) {
        first = Instant.now();
      }
    }
    return records;
  }

  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
    synchronized (LOCK) {
      last = Instant.now();
      if (record.topic().equals(watched)) {
        SENT.add((last.cpuNs - first.cpuNs) / 1e9);
      }
    }
    return record;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

  @Override
  public void configure(Map<String, ?> settings) {}

  @Override
  public void close() {}
}
