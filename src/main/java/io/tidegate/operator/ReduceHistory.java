package io.tidegate.operator;

import io.tidegate.analysis.baseline.HistoryEvent;
import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.SpecParser;
import java.io.Serializable;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Keeps the events that a request reads, without the attributes that it does not.
 *
 * @param <R> the record that holds an event
 */
@SuppressWarnings("NullAway.Init")
public final class ReduceHistory<R> extends RichFlatMapFunction<R, HistoryEvent> {

  private static final long serialVersionUID = 1L;

  /** Reads a record. */
  @FunctionalInterface
  public interface Reader<R> extends Serializable {
    HistoryEvent read(R row);
  }

  private final HistoryRequest request;
  private final SpecParser parser;
  private final Reader<R> reader;
  private transient HistoryPlan plan;

  public ReduceHistory(HistoryRequest request, SpecParser parser, Reader<R> reader) {
    this.request = request;
    this.parser = parser;
    this.reader = reader;
  }

  @Override
  public void open(OpenContext context) {
    plan = HistoryPlan.of(request, parser, Map.of());
  }

  @Override
  public void flatMap(R row, Collector<HistoryEvent> out) {
    HistoryEvent event = reader.read(row);
    if (plan.reduce(event.point())) {
      out.collect(event);
    }
  }
}
