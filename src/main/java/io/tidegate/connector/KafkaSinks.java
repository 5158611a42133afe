package io.tidegate.connector;

import io.tidegate.model.OutRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The one way out to Kafka: a transaction a checkpoint. */
public final class KafkaSinks {

  /** Brokers allow 15 min by default; more is refused. */
  private static final String TRANSACTION_TIMEOUT_MS = "840000";

  /** The evidence of a few looks; Kafka's default holds two metrics of one, a request each. */
  private static final String BATCH_BYTES = "262144";

  private KafkaSinks() {}

  /**
   * Writes the records, whichever topics they name, in the transaction of the checkpoint; readers
   * must read committed.
   *
   * @param job name of the job; two running jobs must not share it
   * @param uid name and uid of the sink
   */
  public static void write(
      DataStream<OutRecord> records, TidegateConfig config, String job, String uid) {
    write(records, config, job, uid, DeliveryGuarantee.EXACTLY_ONCE);
  }

  /** As {@link #write(DataStream, TidegateConfig, String, String)}, with another guarantee. */
  public static void write(
      DataStream<OutRecord> records,
      TidegateConfig config,
      String job,
      String uid,
      DeliveryGuarantee guarantee) {
    Properties properties = new Properties();
    properties.putAll(config.kafka().properties());
    properties.setProperty("transaction.timeout.ms", TRANSACTION_TIMEOUT_MS);
    properties.setProperty("linger.ms", "5");
    properties.setProperty("batch.size", BATCH_BYTES);
    KafkaSink<OutRecord> sink =
        KafkaSink.<OutRecord>builder()
            .setBootstrapServers(config.kafka().bootstrapServers())
            .setKafkaProducerConfig(properties)
            .setDeliveryGuarantee(guarantee)
            .setTransactionalIdPrefix("tidegate-" + job)
            .setTransactionNamingStrategy(TransactionNamingStrategy.INCREMENTING)
            .setRecordSerializer(new Serializer())
            .build();
    records.sinkTo(sink).name(uid).uid(uid).setParallelism(1);
  }

  private static final class Serializer implements KafkaRecordSerializationSchema<OutRecord> {
    private static final long serialVersionUID = 1L;

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
        OutRecord out, KafkaSinkContext context, Long elementTimestamp) {
      byte[] key = out.key().isEmpty() ? null : out.key().getBytes(StandardCharsets.UTF_8);
      Long timestamp = out.timestampMs() < 0 ? null : out.timestampMs();
      List<Header> headers =
          out.headers().entrySet().stream()
              .<Header>map(
                  header ->
                      new RecordHeader(
                          header.getKey(), header.getValue().getBytes(StandardCharsets.UTF_8)))
              .toList();
      return new ProducerRecord<>(out.topic(), null, timestamp, key, out.value(), headers);
    }
  }
}
