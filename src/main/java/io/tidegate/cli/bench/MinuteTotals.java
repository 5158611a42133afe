package io.tidegate.cli.bench;

import io.tidegate.model.OutRecord;
import java.time.Duration;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** What both textbook jobs end in: totals of each minute by cell, added up as changes come. */
final class MinuteTotals {

  private static final Duration WINDOW = Duration.ofMinutes(1);

  private MinuteTotals() {}

  /** What is added to a cell. */
  public record Change(String cell, Totals totals) {}

  /** The messages of each minute. */
  static DataStream<OutRecord> of(DataStream<Change> changes, String topic) {
    return changes
        .keyBy(change -> change.cell(), Types.STRING)
        .window(TumblingEventTimeWindows.of(WINDOW))
        .aggregate(
            new Sum(),
            new Result(topic),
            TypeInformation.of(Totals.class),
            TypeInformation.of(Totals.class),
            TypeInformation.of(OutRecord.class));
  }

  private static final class Sum implements AggregateFunction<Change, Totals, Totals> {
    private static final long serialVersionUID = 1L;

    @Override
    public Totals createAccumulator() {
      return Totals.NONE;
    }

    @Override
    public Totals add(Change change, Totals sum) {
      return sum.plus(change.totals());
    }

    @Override
    public Totals getResult(Totals sum) {
      return sum;
    }

    @Override
    public Totals merge(Totals a, Totals b) {
      return a.plus(b);
    }
  }

  @SuppressWarnings("SameNameButDifferent") // Flink has a Context in each of its functions
  private static final class Result
      extends ProcessWindowFunction<Totals, OutRecord, String, TimeWindow> {
    private static final long serialVersionUID = 1L;
    private final String topic;

    Result(String topic) {
      this.topic = topic;
    }

    @Override
    public void process(
        String cell, Context context, Iterable<Totals> sums, Collector<OutRecord> out) {
      for (Totals sum : sums) {
        out.collect(FlinkRival.message(topic, cell, sum));
      }
    }
  }
}
