package io.tidegate.connector;

import java.io.Serializable;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * Watermarks per partition: the newest event time less the out-of-order bound, but never further
 * ahead than the clock allows, so that one event from the future cannot make all others late.
 */
public final class EventWatermarks {

  private EventWatermarks() {}

  /** A clock that can be sent to tasks. */
  interface Clock extends LongSupplier, Serializable {}

  /** A partition silent for {@code events.idle} does not hold the others back. */
  public static <T> WatermarkStrategy<T> of(EventsConfig events, EventTimeOf<T> eventTime) {
    return of(events, eventTime, System::currentTimeMillis);
  }

  static <T> WatermarkStrategy<T> of(EventsConfig events, EventTimeOf<T> eventTime, Clock clock) {
    return WatermarkStrategy.<T>forGenerator(context -> generator(events, clock))
        .withTimestampAssigner(
            context -> (TimestampAssigner<T>) (element, recordTime) -> eventTime.timeMs(element))
        .withIdleness(Duration.ofMillis(events.idleMs()));
  }

  /** Event time of an element, epoch milliseconds. */
  public interface EventTimeOf<T> extends Serializable {
    long timeMs(T element);
  }

  static <T> WatermarkGenerator<T> generator(EventsConfig events, LongSupplier clock) {
    return new Generator<>(events.outOfOrderMs(), events.maxFutureMs(), clock);
  }

  private static final class Generator<T> implements WatermarkGenerator<T> {
    private final long outOfOrderMs;
    private final long maxFutureMs;
    private final LongSupplier clock;
    private long newestMs = Long.MIN_VALUE;

    Generator(long outOfOrderMs, long maxFutureMs, LongSupplier clock) {
      this.outOfOrderMs = outOfOrderMs;
      this.maxFutureMs = maxFutureMs;
      this.clock = clock;
    }

    @Override
    public void onEvent(T event, long timestampMs, WatermarkOutput output) {
      newestMs = Math.max(newestMs, timestampMs);
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      if (newestMs != Long.MIN_VALUE) {
        long behind = newestMs - outOfOrderMs - 1;
        output.emitWatermark(new Watermark(Math.min(behind, clock.getAsLong() + maxFutureMs)));
      }
    }
  }
}
