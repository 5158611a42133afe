package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class EventProducerTest {

  private static final RolloutEvent EVENT =
      RolloutEvent.bare("e", 1_767_571_200_000L, "checkout-v2", Kind.NOTE, "");

  /** Kafka's own producer without a broker; while away, what is sent fails. */
  private static final class Broker extends MockProducer<byte[], byte[]> {
    private boolean away;

    Broker() {
      super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, Callback callback) {
      Future<RecordMetadata> sent = super.send(record, callback);
      if (away) {
        errorNext(new TimeoutException("expired"));
      } else {
        completeNext();
      }
      return sent;
    }
  }

  @Test
  void failed_write_fails_no_later_one() {
    Broker broker = new Broker();
    try (EventProducer producer = new EventProducer(Topics.DEFAULT, broker)) {
      broker.away = true;
      assertThatThrownBy(() -> producer.write(EVENT))
          .isInstanceOf(KafkaException.class)
          .hasMessageContaining("could not be written")
          .hasMessageContaining("expired");
      broker.away = false;
      assertThatCode(() -> producer.write(EVENT)).doesNotThrowAnyException();
      ProducerRecord<byte[], byte[]> written = broker.history().get(1);
      assertThat(written.topic()).isEqualTo(Topics.DEFAULT.rollouts());
      assertThat(written.timestamp()).isEqualTo(EVENT.eventTimeMs());
      assertThat(written.key()).isEqualTo("checkout-v2".getBytes(StandardCharsets.UTF_8));
      assertThat(written.value()).isEqualTo(RolloutEventCodec.encode(EVENT));
    }
  }

  @Test
  void prompt_producer_has_times_that_kafka_takes() {
    KafkaConfig config =
        new KafkaConfig("127.0.0.1:1", Topics.DEFAULT, Map.of("request.timeout.ms", "60000"));
    assertThatCode(() -> EventProducer.prompt(config).close()).doesNotThrowAnyException();
  }
}
