package io.tidegate.operator;

import io.tidegate.analysis.archive.DecisionLog;
import io.tidegate.model.DecisionEntry;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReceivedSignal;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Logs a rollout's signals that change its verdict or a reason code. */
public final class LogVerdicts extends KeyedProcessFunction<String, ReceivedSignal, DecisionEntry> {

  private static final long serialVersionUID = 1L;

  private transient ValueState<String> previous;

  @SuppressWarnings("NullAway.Init") // set in open
  public LogVerdicts() {}

  @Override
  public void open(OpenContext context) {
    previous =
        getRuntimeContext().getState(new ValueStateDescriptor<>("previous-verdict", String.class));
  }

  @Override
  public void processElement(ReceivedSignal record, Context context, Collector<DecisionEntry> out)
      throws Exception {
    GateSignal signal = record.usable();
    String before = Objects.requireNonNullElse(previous.value(), "");
    DecisionLog.of(signal, record.origin(), before).ifPresent(out::collect);
    previous.update(signal.verdict().name());
  }
}
