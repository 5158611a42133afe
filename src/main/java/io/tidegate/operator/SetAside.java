package io.tidegate.operator;

import io.tidegate.model.Archived;
import io.tidegate.model.DeadLetter;
import io.tidegate.model.Received;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Passes on what can be used, sets dead letters aside, and skips what is archived already. */
public final class SetAside<T extends Received> extends ProcessFunction<T, T> {

  private static final long serialVersionUID = 1L;

  /** Records that could not be used. */
  public static final OutputTag<DeadLetter> DEAD_LETTERS =
      new OutputTag<>("dead-letters", TypeInformation.of(DeadLetter.class));

  private final Archived archived;
  private transient Meters meters;

  /** Counters of one task. */
  record Meters(Counter used, Counter dead, Counter alreadyArchived) {

    static Meters of(org.apache.flink.metrics.MetricGroup group) {
      return new Meters(
          group.counter("usedRecords"),
          group.counter("deadLetters"),
          group.counter("alreadyArchived"));
    }
  }

  @SuppressWarnings("NullAway.Init") // set in open
  public SetAside(Archived archived) {
    this.archived = archived;
  }

  @Override
  public void open(OpenContext context) {
    meters = Meters.of(getRuntimeContext().getMetricGroup());
  }

  @Override
  public void processElement(T record, Context context, Collector<T> out) {
    DeadLetter refused = record.refused();
    if (archived.contains(record)) {
      meters.alreadyArchived().inc();
    } else if (refused != null) {
      meters.dead().inc();
      context.output(DEAD_LETTERS, refused);
    } else {
      meters.used().inc();
      out.collect(record);
    }
  }
}
