package io.tidegate.connector;

import io.tidegate.codec.DecodeLimits;
import io.tidegate.codec.Decoded;
import io.tidegate.codec.EventDecoder;
import io.tidegate.codec.InputRows;
import io.tidegate.codec.LateEventCodec;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.codec.SignalCodec;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Exposure;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Origin;
import io.tidegate.model.Outcome;
import io.tidegate.model.Received;
import io.tidegate.model.ReceivedEvidence;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedLateEvent;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.model.ReceivedRolloutEvent;
import io.tidegate.model.ReceivedSignal;
import io.tidegate.model.RolloutEvent;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns Kafka records into what came: an event, or a dead letter. Never fails for what is in a
 * record.
 */
public abstract class RecordDecoder<T extends Received>
    implements KafkaRecordDeserializationSchema<T> {

  private static final long serialVersionUID = 1L;
  private static final byte[] NOTHING = {};

  private final Class<T> type;

  private RecordDecoder(Class<T> type) {
    this.type = type;
  }

  abstract T decode(Origin origin, byte[] value);

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<T> out) {
    Origin origin =
        new Origin(record.topic(), record.partition(), record.offset(), record.timestamp());
    out.collect(decode(origin, record.value() == null ? NOTHING : record.value()));
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return TypeInformation.of(type);
  }

  /** Of topic {@code exposures}. */
  public static RecordDecoder<ReceivedExposure> exposures(TidegateConfig config) {
    return new EventRecordDecoder<>(config, ReceivedExposure.class) {
      @Override
      ReceivedExposure decode(EventDecoder decoder, Origin origin, byte[] value) {
        Decoded<Exposure> decoded = decoder.exposure(value, origin.recordTimeMs());
        if (decoded instanceof Decoded.Event<Exposure> event) {
          return new ReceivedExposure(origin, event.event(), null);
        }
        return new ReceivedExposure(
            origin, null, InputRows.deadLetter(origin, decoded, decoder.redacted(value)));
      }
    };
  }

  /** Of topic {@code outcomes}. */
  public static RecordDecoder<ReceivedOutcome> outcomes(TidegateConfig config) {
    return new EventRecordDecoder<>(config, ReceivedOutcome.class) {
      @Override
      ReceivedOutcome decode(EventDecoder decoder, Origin origin, byte[] value) {
        Decoded<Outcome> decoded = decoder.outcome(value, origin.recordTimeMs());
        if (decoded instanceof Decoded.Event<Outcome> event) {
          return new ReceivedOutcome(origin, event.event(), null);
        }
        return new ReceivedOutcome(
            origin, null, InputRows.deadLetter(origin, decoded, decoder.redacted(value)));
      }
    };
  }

  /** Of topic {@code rollouts}. */
  public static RecordDecoder<ReceivedRolloutEvent> rollouts(TidegateConfig config) {
    DecodeLimits limits = config.events().limits();
    return new RecordDecoder<>(ReceivedRolloutEvent.class) {
      @Override
      ReceivedRolloutEvent decode(Origin origin, byte[] value) {
        Decoded<RolloutEvent> decoded = RolloutEventCodec.decode(value);
        if (decoded instanceof Decoded.Event<RolloutEvent> event) {
          if (limits.plausible(event.event().eventTimeMs(), origin.recordTimeMs())) {
            return new ReceivedRolloutEvent(origin, event.event(), null);
          }
          decoded =
              new Decoded.Unusable<>(
                  DeadLetterReason.ABSURD_TIME, "event_time is too far from the record's");
        }
        return new ReceivedRolloutEvent(
            origin, null, InputRows.deadLetter(origin, decoded, InputRows.redacted(value)));
      }
    };
  }

  /** Of topic {@code gate-signals}. */
  public static RecordDecoder<ReceivedSignal> signals() {
    return new RecordDecoder<>(ReceivedSignal.class) {
      @Override
      ReceivedSignal decode(Origin origin, byte[] value) {
        try {
          GateSignal signal = SignalCodec.readSignal(value);
          return new ReceivedSignal(origin, signal, null);
        } catch (IOException e) {
          return new ReceivedSignal(
              origin, null, InputRows.deadLetter(origin, notOurs(e), InputRows.redacted(value)));
        }
      }
    };
  }

  /** Of topic {@code gate-evidence}. */
  public static RecordDecoder<ReceivedEvidence> evidence() {
    return new RecordDecoder<>(ReceivedEvidence.class) {
      @Override
      ReceivedEvidence decode(Origin origin, byte[] value) {
        try {
          SignalCodec.Evidence read = SignalCodec.readEvidence(value);
          return new ReceivedEvidence(origin, read.signalId(), read.estimates(), null);
        } catch (IOException e) {
          return new ReceivedEvidence(
              origin,
              "",
              List.of(),
              InputRows.deadLetter(origin, notOurs(e), InputRows.redacted(value)));
        }
      }
    };
  }

  /** Of topic {@code late-events}. */
  public static RecordDecoder<ReceivedLateEvent> lateEvents() {
    return new RecordDecoder<>(ReceivedLateEvent.class) {
      @Override
      ReceivedLateEvent decode(Origin origin, byte[] value) {
        try {
          return new ReceivedLateEvent(origin, LateEventCodec.decode(value), null);
        } catch (IOException e) {
          return new ReceivedLateEvent(
              origin, null, InputRows.deadLetter(origin, notOurs(e), InputRows.redacted(value)));
        }
      }
    };
  }

  private static Decoded<Object> notOurs(IOException failure) {
    return new Decoded.Unusable<>(
        DeadLetterReason.MALFORMED_JSON, "not a message of the gate: " + Catalogs.reason(failure));
  }

  /** With the key of unit ids, which is read where the task runs. */
  private abstract static class EventRecordDecoder<T extends Received> extends RecordDecoder<T> {
    private static final long serialVersionUID = 1L;
    private final PrivacyConfig privacy;
    private final DecodeLimits limits;
    private transient @Nullable EventDecoder decoder;

    EventRecordDecoder(TidegateConfig config, Class<T> type) {
      super(type);
      this.privacy = config.privacy();
      this.limits = config.events().limits();
    }

    abstract T decode(EventDecoder decoder, Origin origin, byte[] value);

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
      decoder = new EventDecoder(limits, UnitKeys.pseudonymiser(privacy));
    }

    @Override
    T decode(Origin origin, byte[] value) {
      return decode(java.util.Objects.requireNonNull(decoder, "open comes first"), origin, value);
    }
  }
}
