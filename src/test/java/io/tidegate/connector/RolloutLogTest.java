package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.codec.DecodeLimits;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.model.RolloutEvent;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RolloutLogTest {

  private static final long WRITTEN_MS = Instant.parse("2026-01-05T00:00:00Z").toEpochMilli();

  private static ConsumerRecord<byte[], byte[]> record(byte[] value) {
    return new ConsumerRecord<>(
        "rollouts",
        0,
        0,
        WRITTEN_MS,
        TimestampType.CREATE_TIME,
        0,
        value == null ? 0 : value.length,
        null,
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  @Test
  void event_of_an_absurd_time_was_not_said() {
    RolloutEvent far =
        RolloutEvent.tick("far", Instant.parse("2099-01-01T00:00:00Z").toEpochMilli());
    assertThat(RolloutLog.usable(record(RolloutEventCodec.encode(far)), DecodeLimits.DEFAULT))
        .isEmpty();
    RolloutEvent near = RolloutEvent.tick("near", WRITTEN_MS - 10_000);
    assertThat(RolloutLog.usable(record(RolloutEventCodec.encode(near)), DecodeLimits.DEFAULT))
        .contains(near);
    assertThat(RolloutLog.usable(record(null), DecodeLimits.DEFAULT)).isEmpty();
  }
}
