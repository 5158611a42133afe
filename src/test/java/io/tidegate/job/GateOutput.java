package io.tidegate.job;

import io.tidegate.codec.SignalCodec;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.TopicReader;
import io.tidegate.model.GateSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a gate sent, as a reader of committed records finds it.
 *
 * @param signals in order
 * @param content everything about a boundary to the last bit, by the id of its signal and of each
 *     metric's evidence, once for each time that it was sent; what the signal says of arrivals has
 *     an entry of its own
 */
record GateOutput(List<GateSignal> signals, Map<String, List<String>> content) {

  private static final String ARRIVALS = "/arrivals";

  static GateOutput of(TidegateConfig config) {
    List<GateSignal> signals = new ArrayList<>();
    Map<String, List<String>> content = new TreeMap<>();
    try (KafkaTopics topics = KafkaTopics.connect(config.kafka())) {
      read(
          config,
          topics,
          config.kafka().topics().gateSignals(),
          record -> {
            GateSignal signal = SignalCodec.readSignal(record.value());
            signals.add(signal);
            add(
                content,
                signal.signalId(),
                signal.dataHash() + signal.verdict() + signal.reasons());
            add(content, signal.signalId() + ARRIVALS, signal.arrivals().toString());
          });
      read(
          config,
          topics,
          config.kafka().topics().gateEvidence(),
          record -> {
            SignalCodec.Evidence evidence = SignalCodec.readEvidence(record.value());
            String metric = evidence.estimates().get(0).metric();
            add(content, evidence.signalId() + "/" + metric, evidence.estimates().toString());
          });
    }
    return new GateOutput(signals, content);
  }

  /** What was said of boundaries, without how events arrived: each wording once. */
  Map<String, Set<String>> judgements() {
    Map<String, Set<String>> judgements = new TreeMap<>();
    content.forEach(
        (id, copies) -> {
          if (!id.endsWith(ARRIVALS)) {
            judgements.put(id, Set.copyOf(copies));
          }
        });
    return judgements;
  }

  /** Newest boundary, epoch milliseconds; 0 without one. */
  long judgedMs() {
    return signals.stream().mapToLong(GateSignal::boundaryMs).max().orElse(0);
  }

  /** Messages that were sent more than once. */
  List<String> repeated() {
    return content.entrySet().stream()
        .filter(message -> message.getValue().size() > 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  private interface Reading {
    void take(ConsumerRecord<byte[], byte[]> record) throws IOException;
  }

  private static void add(Map<String, List<String>> content, String message, String text) {
    content.computeIfAbsent(message, id -> new ArrayList<>()).add(text);
  }

  private static void read(
      TidegateConfig config, KafkaTopics topics, String topic, Reading reading) {
    TopicReader.read(
        config.kafka(),
        topics.ranges(topic),
        record -> {
          try {
            reading.take(record);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
