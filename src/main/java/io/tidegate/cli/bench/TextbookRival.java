package io.tidegate.cli.bench;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.OutRecord;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/**
 * The job that Flink's documentation teaches, for all ten metrics by variant and segment, without
 * statistics: Jackson's data binding, POJOs, one keyed function a unit that knows event ids for an
 * hour and holds outcomes that come before the exposure, and windows of a minute that aggregate as
 * records come. Native serializers and object reuse.
 */
final class TextbookRival extends FlinkRival {

  private static final Duration HORIZON = Duration.ofHours(1);

  TextbookRival(URI cluster) {
    super(cluster);
  }

  @Override
  public String name() {
    return "textbook";
  }

  @Override
  public Map<String, Totals> expected(World.Written world) {
    return world.cells();
  }

  @Override
  Totals after(Totals before, Totals message) {
    return before.plus(message);
  }

  @Override
  DataStream<OutRecord> results(
      StreamExecutionEnvironment env, TidegateConfig config, String topic) {
    DataStream<Exposed> exposures =
        source(env, config, config.kafka().topics().exposures(), Exposed.class);
    DataStream<Happened> outcomes =
        source(env, config, config.kafka().topics().outcomes(), Happened.class);
    return MinuteTotals.of(
        exposures
            .filter(exposure -> VARIANTS.contains(exposure.variant))
            .keyBy(exposure -> exposure.unit_id, Types.STRING)
            .connect(outcomes.keyBy(outcome -> outcome.unit_id, Types.STRING))
            .process(new OfUnit(), TypeInformation.of(MinuteTotals.Change.class)),
        topic);
  }

  private static final Set<String> VARIANTS = Set.of(World.VARIANTS);

  private static <T extends Timed> DataStream<T> source(
      StreamExecutionEnvironment env, TidegateConfig config, String topic, Class<T> type) {
    KafkaConfig kafka = config.kafka();
    Properties properties = new Properties();
    properties.putAll(kafka.properties());
    KafkaSource<T> source =
        KafkaSource.<T>builder()
            .setBootstrapServers(kafka.bootstrapServers())
            .setTopics(topic)
            .setProperties(properties)
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setBounded(OffsetsInitializer.latest())
            .setValueOnlyDeserializer(new FromJson<>(type))
            .build();
    return env.fromSource(
        source,
        WatermarkStrategy.<T>forBoundedOutOfOrderness(
                Duration.ofMillis(config.events().outOfOrderMs()))
            .withTimestampAssigner((event, recordMs) -> event.timeMs()),
        topic);
  }

  /** Has an event time. */
  public interface Timed {
    long timeMs();
  }

  /** An exposure as it is written. */
  @SuppressWarnings({"MemberName", "checkstyle:MemberName"})
  public static final class Exposed implements Timed {
    public long event_time;
    public String unit_id = "";
    public String flag_key = "";
    public String variant = "";
    public Map<String, String> attributes = new TreeMap<>();

    @Override
    public long timeMs() {
      return event_time;
    }
  }

  /** An outcome as it is written. */
  public static final class Happened implements Timed {
    public String event_id = "";
    public long event_time;
    public String unit_id = "";
    public String name = "";
    public double value;
    public Map<String, String> attributes = new TreeMap<>();

    @Override
    public long timeMs() {
      return event_time;
    }
  }

  /** Jackson's data binding; what is no JSON is left out. */
  private static final class FromJson<T> extends AbstractDeserializationSchema<T> {
    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON =
        JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    private final Class<T> type;

    FromJson(Class<T> type) {
      super(type);
      this.type = type;
    }

    @Override
    @SuppressWarnings("NullAway") // null is Flink's word for nothing
    public T deserialize(byte[] message) {
      try {
        return JSON.readValue(message, type);
      } catch (IOException e) {
        return null;
      }
    }
  }

  /** What is known of a unit. */
  public static final class Unit {
    public String variant = "";
    public String flag = "";
    public long firstMs;
    public String[] segments = {};
    public boolean converted;
    public int requests;
    public long cents;
    public int errors;
    public int slow;
    public int slower;
    public int measured;
    public int purchases;
    public Journey journey = new Journey();
    public boolean firstDay;
    public boolean secondDay;

    static Unit of(Exposed exposure) {
      Unit unit = new Unit();
      unit.variant = exposure.variant;
      unit.flag = exposure.flag_key;
      unit.firstMs = exposure.event_time;
      unit.segments = World.segments(exposure.attributes).toArray(new String[0]);
      return unit;
    }

    void outcome(Happened outcome) {
      long ageMs = outcome.event_time - firstMs;
      switch (outcome.name) {
        case "request" -> request(outcome, ageMs);
        case "error" -> errors++;
        case "purchase" -> {
          purchases++;
          cents += Math.round(outcome.value * 100);
          converted |= ageMs < UnitNumbers.DAY_MS;
        }
        default -> {}
      }
      journey.add(outcome.name, outcome.event_time);
    }

    private void request(Happened outcome, long ageMs) {
      requests++;
      firstDay |= ageMs < UnitNumbers.DAY_MS;
      secondDay |= ageMs >= UnitNumbers.DAY_MS && ageMs < 2 * UnitNumbers.DAY_MS;
      String latency = outcome.attributes.get("latency_ms");
      if (latency != null) {
        double latencyMs = Double.parseDouble(latency);
        measured++;
        slow += latencyMs > UnitNumbers.THRESHOLD_MS ? 1 : 0;
        slower += latencyMs > UnitNumbers.MARGIN_MS ? 1 : 0;
      }
    }

    Totals sums() {
      return new UnitNumbers(
              converted ? 1 : 0,
              requests,
              cents,
              errors,
              slow,
              slower,
              measured,
              purchases,
              journey.funnel(),
              journey.elapsedMs(),
              journey.started(),
              secondDay ? 1 : 0,
              (firstDay ? 1 : 0) + (secondDay ? 1 : 0))
          .sums();
    }
  }

  /** Follows a unit. */
  @SuppressWarnings({"NullAway.Init", "SameNameButDifferent"}) // Flink: a Context in each function
  private static final class OfUnit
      extends KeyedCoProcessFunction<String, Exposed, Happened, MinuteTotals.Change> {
    private static final long serialVersionUID = 1L;
    private transient ValueState<Unit> units;
    private transient MapState<String, Boolean> ids;
    private transient ListState<Happened> early;

    @Override
    public void open(OpenContext context) {
      units =
          getRuntimeContext()
              .getState(new ValueStateDescriptor<>("unit", TypeInformation.of(Unit.class)));
      MapStateDescriptor<String, Boolean> known =
          new MapStateDescriptor<>("ids", Types.STRING, Types.BOOLEAN);
      known.enableTimeToLive(StateTtlConfig.newBuilder(HORIZON).build());
      ids = getRuntimeContext().getMapState(known);
      early =
          getRuntimeContext()
              .getListState(new ListStateDescriptor<>("early", TypeInformation.of(Happened.class)));
    }

    @Override
    public void processElement1(Exposed exposure, Context ctx, Collector<MinuteTotals.Change> out)
        throws Exception {
      if (units.value() != null) {
        return;
      }
      Unit unit = Unit.of(exposure);
      for (Happened outcome : early.get()) {
        if (outcome.event_time >= unit.firstMs) {
          unit.outcome(outcome);
        }
      }
      early.clear();
      units.update(unit);
      send(unit, unit.sums(), out);
    }

    @Override
    public void processElement2(Happened outcome, Context ctx, Collector<MinuteTotals.Change> out)
        throws Exception {
      if (ids.contains(outcome.event_id)) {
        return;
      }
      ids.put(outcome.event_id, true);
      Unit unit = units.value();
      if (unit == null) {
        early.add(outcome);
        ctx.timerService().registerEventTimeTimer(outcome.event_time + HORIZON.toMillis());
      } else if (outcome.event_time >= unit.firstMs) {
        Totals before = unit.sums();
        unit.outcome(outcome);
        units.update(unit);
        send(unit, unit.sums().minus(before), out);
      }
    }

    /** An outcome whose exposure never came is let go of. */
    @Override
    public void onTimer(long timestamp, OnTimerContext ctx, Collector<MinuteTotals.Change> out)
        throws Exception {
      early.clear();
    }

    private static void send(Unit unit, Totals change, Collector<MinuteTotals.Change> out) {
      String key = Totals.key(unit.flag, unit.variant);
      for (String segment : unit.segments) {
        out.collect(new MinuteTotals.Change(key + "/" + segment, change));
      }
    }
  }
}
