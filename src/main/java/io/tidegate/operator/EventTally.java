package io.tidegate.operator;

import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.Counter;

/**
 * What became of a job's events, each counted once: in = dead + unused + used + duplicate + late +
 * beyond the horizon. A count is a metric of the running job and an accumulator of the finished
 * one.
 */
public final class EventTally {

  /** Records read. */
  public static final String IN = "eventsIn";

  /** Records that cannot be used; the archive keeps them as dead letters. */
  public static final String DEAD = "eventsDead";

  /** Events that no rollout reads. */
  public static final String UNUSED = "eventsUnused";

  /** Events that took part in time. */
  public static final String USED = "eventsUsed";

  /** Further copies of an event. */
  public static final String DUPLICATE = "eventsDuplicate";

  /** Events that took part although their bucket had been evaluated. */
  public static final String LATE = "eventsLate";

  /** Events too late to take part. */
  public static final String BEYOND_HORIZON = "eventsBeyondHorizon";

  private final Counter metric;
  private final LongCounter accumulator = new LongCounter();

  private EventTally(Counter metric) {
    this.metric = metric;
  }

  static EventTally of(RuntimeContext context, String name) {
    EventTally tally = new EventTally(context.getMetricGroup().counter(name));
    context.addAccumulator(name, tally.accumulator);
    return tally;
  }

  void inc() {
    add(1);
  }

  void add(long events) {
    metric.inc(events);
    accumulator.add(events);
  }
}
