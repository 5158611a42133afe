package io.tidegate.connector;

import io.tidegate.codec.DecodeLimits;
import io.tidegate.codec.Decoded;
import io.tidegate.codec.EventDecoder;
import io.tidegate.codec.IncidentCodec;
import io.tidegate.codec.InputRows;
import io.tidegate.codec.LateEventCodec;
import io.tidegate.codec.Pseudonymiser;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.codec.SignalCodec;
import io.tidegate.codec.formats.AdaptedEvents;
import io.tidegate.codec.formats.EventFormat;
import io.tidegate.model.DeadLetter;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Exposure;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Origin;
import io.tidegate.model.Outcome;
import io.tidegate.model.Received;
import io.tidegate.model.ReceivedEvidence;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedIncident;
import io.tidegate.model.ReceivedLateEvent;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.model.ReceivedRolloutEvent;
import io.tidegate.model.ReceivedSignal;
import io.tidegate.model.RolloutEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
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
  private static final byte[] NO_KEY = new byte[16];

  private final Class<T> type;
  private boolean tellsUnrelated;

  private RecordDecoder(Class<T> type) {
    this.type = type;
  }

  abstract void decode(Origin origin, byte[] value, Collector<T> out);

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<T> out) {
    Origin origin =
        new Origin(record.topic(), record.partition(), record.offset(), record.timestamp());
    decode(origin, record.value() == null ? NOTHING : record.value(), out);
  }

  /** A decoder of a topic of events, ready outside a job; unit ids come out under no key. */
  static RecordDecoder<? extends Received> ready(TidegateConfig config, String topic) {
    RecordDecoder<? extends Received> decoder =
        topic.equals(config.kafka().topics().exposures()) ? exposures(config) : outcomes(config);
    decoder.prepare(new Pseudonymiser(NO_KEY), new UnregisteredMetricsGroup());
    return decoder;
  }

  /** What a record holds; nothing where it concerns another stream. */
  List<T> read(ConsumerRecord<byte[], byte[]> record) {
    List<T> found = new ArrayList<>();
    deserialize(record, new ListCollector<>(found));
    return found;
  }

  void prepare(Pseudonymiser pseudonymiser, MetricGroup metrics) {}

  /** This decoder, which tells of records that hold nothing of its stream, too. */
  public RecordDecoder<T> tellingUnrelated() {
    tellsUnrelated = true;
    return this;
  }

  boolean tellsUnrelated() {
    return tellsUnrelated;
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return TypeInformation.of(type);
  }

  /** Of topic {@code exposures}, in the format configured. */
  public static RecordDecoder<ReceivedExposure> exposures(TidegateConfig config) {
    return new EventRecordDecoder<Exposure, ReceivedExposure>(
        config, config.events().formats().exposures(), ReceivedExposure.class) {
      @Override
      Decoded<Exposure> one(EventDecoder decoder, byte[] value, long recordTimeMs) {
        return decoder.exposure(value, recordTimeMs);
      }

      @Override
      List<Decoded<Exposure>> all(AdaptedEvents adapted, byte[] value, long recordTimeMs) {
        return adapted.exposures(value, recordTimeMs);
      }

      @Override
      ReceivedExposure received(
          Origin origin, @Nullable Exposure event, @Nullable DeadLetter refused) {
        return new ReceivedExposure(origin, event, refused);
      }
    };
  }

  /** Of topic {@code outcomes}, in the format configured. */
  public static RecordDecoder<ReceivedOutcome> outcomes(TidegateConfig config) {
    return new EventRecordDecoder<Outcome, ReceivedOutcome>(
        config, config.events().formats().outcomes(), ReceivedOutcome.class) {
      @Override
      Decoded<Outcome> one(EventDecoder decoder, byte[] value, long recordTimeMs) {
        return decoder.outcome(value, recordTimeMs);
      }

      @Override
      List<Decoded<Outcome>> all(AdaptedEvents adapted, byte[] value, long recordTimeMs) {
        return adapted.outcomes(value, recordTimeMs);
      }

      @Override
      ReceivedOutcome received(
          Origin origin, @Nullable Outcome event, @Nullable DeadLetter refused) {
        return new ReceivedOutcome(origin, event, refused);
      }
    };
  }

  /** Of topic {@code rollouts}. */
  public static RecordDecoder<ReceivedRolloutEvent> rollouts(TidegateConfig config) {
    DecodeLimits limits = config.events().limits();
    return new OneRecordDecoder<>(ReceivedRolloutEvent.class) {
      @Override
      ReceivedRolloutEvent decode(Origin origin, byte[] value) {
        Decoded<RolloutEvent> decoded =
            RolloutEventCodec.decode(value, origin.recordTimeMs(), limits);
        if (decoded instanceof Decoded.Event<RolloutEvent> event) {
          return new ReceivedRolloutEvent(origin, event.event(), null);
        }
        return new ReceivedRolloutEvent(
            origin, null, InputRows.deadLetter(origin, decoded, InputRows.redacted(value)));
      }
    };
  }

  /** Of topic {@code gate-signals}. */
  public static RecordDecoder<ReceivedSignal> signals() {
    return new OneRecordDecoder<>(ReceivedSignal.class) {
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
    return new OneRecordDecoder<>(ReceivedEvidence.class) {
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
    return new OneRecordDecoder<>(ReceivedLateEvent.class) {
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

  /** Of topic {@code incidents}. */
  public static RecordDecoder<ReceivedIncident> incidents() {
    return new OneRecordDecoder<>(ReceivedIncident.class) {
      @Override
      ReceivedIncident decode(Origin origin, byte[] value) {
        try {
          return new ReceivedIncident(origin, IncidentCodec.decode(value), null);
        } catch (IOException e) {
          return new ReceivedIncident(
              origin, null, InputRows.deadLetter(origin, notOurs(e), InputRows.redacted(value)));
        }
      }
    };
  }

  /** One thing a record. */
  private abstract static class OneRecordDecoder<T extends Received> extends RecordDecoder<T> {
    private static final long serialVersionUID = 1L;

    OneRecordDecoder(Class<T> type) {
      super(type);
    }

    abstract T decode(Origin origin, byte[] value);

    @Override
    void decode(Origin origin, byte[] value, Collector<T> out) {
      out.collect(decode(origin, value));
    }
  }

  private static Decoded<Object> notOurs(IOException failure) {
    return new Decoded.Unusable<>(
        DeadLetterReason.MALFORMED_JSON, "not a message of the gate: " + Catalogs.reason(failure));
  }

  /**
   * Events, with the key of unit ids, which is read where the task runs. A message of another
   * system's format may hold several events; one that holds none of this stream is counted and
   * passed over.
   */
  private abstract static class EventRecordDecoder<E, T extends Received> extends RecordDecoder<T> {
    private static final long serialVersionUID = 1L;
    private static final String UNRELATED = "unrelatedRecords";

    private final PrivacyConfig privacy;
    private final DecodeLimits limits;
    private final EventFormat format;
    private final Set<String> exposureReasons;
    private transient @Nullable EventDecoder decoder;
    private transient @Nullable AdaptedEvents adapted;
    private transient @Nullable Counter unrelated;

    EventRecordDecoder(TidegateConfig config, EventFormat format, Class<T> type) {
      super(type);
      this.privacy = config.privacy();
      this.limits = config.events().limits();
      this.format = format;
      this.exposureReasons = Set.copyOf(config.events().formats().exposureReasons());
    }

    abstract Decoded<E> one(EventDecoder decoder, byte[] value, long recordTimeMs);

    abstract List<Decoded<E>> all(AdaptedEvents adapted, byte[] value, long recordTimeMs);

    abstract T received(Origin origin, @Nullable E event, @Nullable DeadLetter refused);

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
      prepare(UnitKeys.pseudonymiser(privacy), context.getMetricGroup());
    }

    @Override
    void prepare(Pseudonymiser pseudonymiser, MetricGroup metrics) {
      decoder = new EventDecoder(limits, pseudonymiser);
      if (format.severalEach()) {
        adapted = new AdaptedEvents(format, exposureReasons, limits, pseudonymiser);
        unrelated = metrics.counter(UNRELATED);
      }
    }

    @Override
    void decode(Origin origin, byte[] value, Collector<T> out) {
      EventDecoder canonical = Objects.requireNonNull(decoder, "open comes first");
      if (adapted == null || unrelated == null) {
        out.collect(told(origin, value, one(canonical, value, origin.recordTimeMs())));
        return;
      }
      List<Decoded<E>> events = all(adapted, value, origin.recordTimeMs());
      if (events.isEmpty()) {
        unrelated.inc();
        if (tellsUnrelated()) {
          out.collect(received(origin, null, null));
        }
      }
      for (Decoded<E> event : events) {
        out.collect(told(origin, value, event));
      }
    }

    private T told(Origin origin, byte[] value, Decoded<E> decoded) {
      if (decoded instanceof Decoded.Event<E> event) {
        return received(origin, event.event(), null);
      }
      // Where units stand in another system's message is not known well enough to mask them.
      String payload = adapted == null ? Objects.requireNonNull(decoder).redacted(value) : "";
      return received(origin, null, InputRows.deadLetter(origin, decoded, payload));
    }
  }
}
