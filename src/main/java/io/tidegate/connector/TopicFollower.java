package io.tidegate.connector;

import io.tidegate.model.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads topics from their beginning, read committed, and goes on reading until it is closed. Keeps
 * no offsets: started again it reads everything again. A broker that goes away is waited for.
 */
public final class TopicFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final long RETRY_MS = 2_000;

  /** The consumer's own count of answered fetches. */
  private static final String ANSWERS = "fetch-total";

  private final Supplier<Consumer<byte[], byte[]>> connect;
  private final long retryMs;
  private final java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> out;
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Map<TopicPartition, Long> lags = new ConcurrentHashMap<>();
  private final Set<TopicPartition> later = new HashSet<>();
  private final Thread thread;
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean caughtUp;
  private volatile boolean laterCaughtUp;
  private volatile boolean closed;
  private volatile @Nullable Consumer<byte[], byte[]> consumer;

  private TopicFollower(
      Supplier<Consumer<byte[], byte[]>> connect,
      long retryMs,
      Map<TopicPartition, KafkaTopics.Range> ranges,
      Set<String> laterTopics,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> out) {
    this.connect = connect;
    this.retryMs = retryMs;
    this.out = out;
    ranges.keySet().stream().filter(p -> laterTopics.contains(p.topic())).forEach(later::add);
    ranges.forEach(
        (partition, range) -> {
          ends.put(partition, range.next());
          positions.put(partition, range.first());
          lags.put(partition, range.next() - range.first());
        });
    this.thread = new Thread(this::run, "tidegate-follow");
    thread.setDaemon(true);
  }

  /**
   * Starts reading. Throws a UserError where no broker answers or a topic does not exist.
   *
   * @param out is called by one thread, for each partition in offset order; what it throws is
   *     logged and the record left out
   */
  public static TopicFollower start(
      KafkaConfig config,
      List<String> topics,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> out) {
    return start(config, topics, List.of(), out);
  }

  /**
   * The same; topics that can only be understood after the others are read once those were read to
   * the end they had at the start.
   */
  public static TopicFollower start(
      KafkaConfig config,
      List<String> topics,
      List<String> later,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> out) {
    Map<TopicPartition, KafkaTopics.Range> ranges = new HashMap<>();
    try (KafkaTopics known = KafkaTopics.connect(config)) {
      for (String topic : Stream.concat(topics.stream(), later.stream()).toList()) {
        Map<TopicPartition, KafkaTopics.Range> found = known.ranges(topic);
        if (found.isEmpty()) {
          throw new UserError("kafka.topics", "", topic, "a topic that exists");
        }
        ranges.putAll(found);
      }
    }
    return start(() -> connect(config), RETRY_MS, ranges, Set.copyOf(later), out);
  }

  /**
   * Starts reading.
   *
   * @param connect opens a consumer; what it throws is waited out as a broker that is away
   * @param retryMs from one attempt to the next
   * @param later topics to be read once the others were read to their end
   */
  static TopicFollower start(
      Supplier<Consumer<byte[], byte[]>> connect,
      long retryMs,
      Map<TopicPartition, KafkaTopics.Range> ranges,
      Set<String> later,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> out) {
    TopicFollower follower = new TopicFollower(connect, retryMs, ranges, later, out);
    follower.thread.start();
    return follower;
  }

  /** Whether everything that was there at the start has been handed out, but for later topics. */
  public boolean caughtUp() {
    return caughtUp;
  }

  /** The same, later topics too. */
  public boolean laterCaughtUp() {
    return laterCaughtUp;
  }

  /** How long no broker has answered, milliseconds. */
  public long silentMs() {
    return (System.nanoTime() - heardNanos) / 1_000_000;
  }

  /** Committed records not yet handed out, by topic. */
  public Map<String, Long> lag() {
    Map<String, Long> byTopic = new TreeMap<>();
    lags.forEach((partition, lag) -> byTopic.merge(partition.topic(), lag, Long::sum));
    return byTopic;
  }

  private void run() {
    while (!closed) {
      try (Consumer<byte[], byte[]> reading = connect.get()) {
        consumer = reading;
        follow(reading);
      } catch (WakeupException e) {
        return; // close() was called
      } catch (RuntimeException e) {
        LOG.warn("reading of {} broke off and is tried again", positions.keySet(), e);
        pause();
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> reading) {
    reading.assign(positions.keySet());
    positions.forEach(reading::seek);
    if (!caughtUp) {
      reading.pause(later);
    }
    double fetched = 0;
    while (!closed) {
      ConsumerRecords<byte[], byte[]> records = reading.poll(POLL);
      double answers = answers(reading);
      if (answers != fetched || !records.isEmpty()) {
        heardNanos = System.nanoTime();
        fetched = answers;
      }
      for (ConsumerRecord<byte[], byte[]> record : records) {
        hand(record);
        positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
      }
      note(reading);
    }
  }

  private void hand(ConsumerRecord<byte[], byte[]> record) {
    try {
      out.accept(record);
    } catch (RuntimeException e) {
      LOG.error(
          "{}-{} offset {} is left out", record.topic(), record.partition(), record.offset(), e);
    }
  }

  private void note(Consumer<byte[], byte[]> reading) {
    boolean first = true;
    boolean all = true;
    for (TopicPartition partition : new ArrayList<>(positions.keySet())) {
      long position = reading.position(partition);
      positions.put(partition, position);
      OptionalLong lag = reading.currentLag(partition);
      lag.ifPresent(records -> lags.put(partition, records));
      boolean reached = position >= ends.getOrDefault(partition, 0L);
      all &= reached;
      first &= reached || later.contains(partition);
    }
    laterCaughtUp |= all;
    if (first && !caughtUp) {
      caughtUp = true;
      reading.resume(later);
    }
  }

  /** Fetches that brokers have answered, with records or without. */
  private static double answers(Consumer<byte[], byte[]> reading) {
    return reading.metrics().entrySet().stream()
        .filter(
            metric -> metric.getKey().name().equals(ANSWERS) && metric.getKey().tags().size() == 1)
        .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
        .sum();
  }

  private synchronized void pause() {
    long until = System.nanoTime() + retryMs * 1_000_000;
    try {
      for (long left = retryMs; !closed && left > 0; ) {
        wait(left);
        left = (until - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      closed = true;
      Thread.currentThread().interrupt();
    }
  }

  private static Consumer<byte[], byte[]> connect(KafkaConfig config) {
    Map<String, Object> properties = new HashMap<>(config.properties());
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 200);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    Consumer<byte[], byte[]> reading = consumer;
    if (reading != null) {
      reading.wakeup();
    }
    try {
      thread.join(CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
