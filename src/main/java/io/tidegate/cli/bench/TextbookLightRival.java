package io.tidegate.cli.bench;

import io.tidegate.connector.StartOffsets;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.job.KafkaInputs;
import io.tidegate.model.Exposure;
import io.tidegate.model.OutRecord;
import io.tidegate.model.Outcome;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.co.ProcessJoinFunction;
import org.apache.flink.util.Collector;

/**
 * The job that Flink's documentation teaches: the first exposure of each unit, an interval join
 * with the outcomes of the day after it, windows of a minute by variant. Four kinds of metric, no
 * segments, statistics or deduplication of events; native serializers and object reuse, windows
 * that aggregate as records come.
 */
final class TextbookLightRival extends FlinkRival {

  private static final Duration AFTER = Duration.ofHours(24);

  TextbookLightRival(URI cluster) {
    super(cluster);
  }

  @Override
  public String name() {
    return "textbook_light";
  }

  @Override
  Totals after(Totals before, Totals message) {
    return before.plus(message);
  }

  @Override
  DataStream<OutRecord> results(
      StreamExecutionEnvironment env, TidegateConfig config, String topic) {
    DataStream<Entry> entries =
        KafkaInputs.exposures(env, config, name(), StartOffsets.of(Map.of()))
            .flatMap(
                (in, out) -> {
                  Exposure e = in.exposure();
                  if (e != null) {
                    out.collect(new Entry(e.unitId(), Totals.key(e.flagKey(), e.variant())));
                  }
                },
                TypeInformation.of(Entry.class))
            .keyBy(entry -> entry.unitId(), Types.STRING)
            .filter(new First());
    DataStream<Happened> outcomes =
        KafkaInputs.outcomes(env, config, name(), StartOffsets.of(Map.of()))
            .flatMap(
                (in, out) -> {
                  Outcome o = in.outcome();
                  if (o != null) {
                    out.collect(new Happened(o.unitId(), o.name(), o.valueMicros()));
                  }
                },
                TypeInformation.of(Happened.class));
    DataStream<MinuteTotals.Change> units =
        entries.map(
            entry -> new MinuteTotals.Change(entry.key(), Totals.of(1, 0, 0, 0, 0)),
            TypeInformation.of(MinuteTotals.Change.class));
    return MinuteTotals.of(joined(entries, outcomes).union(units), topic);
  }

  private static DataStream<MinuteTotals.Change> joined(
      DataStream<Entry> entries, DataStream<Happened> outcomes) {
    return entries
        .keyBy(entry -> entry.unitId(), Types.STRING)
        .intervalJoin(outcomes.keyBy(outcome -> outcome.unitId(), Types.STRING))
        .between(Duration.ZERO, AFTER)
        .process(new Join(), TypeInformation.of(Joined.class))
        .keyBy(joined -> joined.unitId(), Types.STRING)
        .map(new Converts())
        .returns(TypeInformation.of(MinuteTotals.Change.class));
  }

  /** A unit exposed to a variant. */
  public record Entry(String unitId, String key) {}

  /** An outcome of a unit. */
  public record Happened(String unitId, String name, long micros) {}

  /** An outcome of a unit exposed to a variant. */
  public record Joined(String unitId, String key, String name, long micros) {}

  /** Passes the first of each unit. */
  @SuppressWarnings("NullAway.Init")
  private static final class First extends RichFilterFunction<Entry> {
    private static final long serialVersionUID = 1L;
    private transient ValueState<Boolean> seen;

    @Override
    public void open(OpenContext context) {
      seen = getRuntimeContext().getState(new ValueStateDescriptor<>("seen", Types.BOOLEAN));
    }

    @Override
    public boolean filter(Entry entry) throws Exception {
      boolean first = seen.value() == null;
      if (first) {
        seen.update(true);
      }
      return first;
    }
  }

  @SuppressWarnings("SameNameButDifferent") // Flink has a Context in each of its functions
  private static final class Join extends ProcessJoinFunction<Entry, Happened, Joined> {
    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(Entry entry, Happened outcome, Context ctx, Collector<Joined> out) {
      out.collect(new Joined(entry.unitId(), entry.key(), outcome.name(), outcome.micros()));
    }
  }

  /** Counts a unit's first purchase as its conversion. */
  @SuppressWarnings("NullAway.Init")
  private static final class Converts extends RichMapFunction<Joined, MinuteTotals.Change> {
    private static final long serialVersionUID = 1L;
    private transient ValueState<Boolean> converted;

    @Override
    public void open(OpenContext context) {
      converted =
          getRuntimeContext().getState(new ValueStateDescriptor<>("converted", Types.BOOLEAN));
    }

    @Override
    public MinuteTotals.Change map(Joined joined) throws Exception {
      return new MinuteTotals.Change(
          joined.key(),
          switch (joined.name()) {
            case "purchase" -> Totals.of(0, first() ? 1 : 0, 0, joined.micros(), 0);
            case "request" -> Totals.of(0, 0, 1, 0, 0);
            case "error" -> Totals.of(0, 0, 0, 0, 1);
            default -> Totals.NONE;
          });
    }

    private boolean first() throws Exception {
      boolean first = converted.value() == null;
      if (first) {
        converted.update(true);
      }
      return first;
    }
  }
}
