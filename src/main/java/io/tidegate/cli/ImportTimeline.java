package io.tidegate.cli;

import io.tidegate.connector.EventProducer;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.UserError;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Topic {@code rollouts} during an import: a tick whenever event time passes a step of the grid,
 * and a rollout's events, each before the first tick that passes it. Mutable.
 */
final class ImportTimeline {

  private final EventProducer producer;
  private final long everyMs;
  private final long frontierMs;
  private final @Nullable ImportedRollout rollout;
  private final Deque<RolloutEvent> ahead = new ArrayDeque<>();
  private long nextMs = Long.MIN_VALUE;

  /**
   * @param everyMs from one tick to the next; 0 for no ticks
   * @param frontierMs newest tick on the topic: what is older can no longer be judged
   */
  ImportTimeline(
      EventProducer producer, long everyMs, long frontierMs, @Nullable ImportedRollout rollout) {
    this.producer = producer;
    this.everyMs = everyMs;
    this.frontierMs = frontierMs;
    this.rollout = rollout;
  }

  /**
   * To be called before each event, in the order of time. Throws a UserError where the rollout's
   * first event is older than the newest tick.
   */
  void before(long timeMs) {
    if (everyMs == 0 || timeMs < nextMs) {
      return;
    }
    if (nextMs == Long.MIN_VALUE) {
      begin(timeMs);
    } else {
      tick(timeMs);
    }
    nextMs = (Math.floorDiv(timeMs, everyMs) + 1) * everyMs;
  }

  /** Ends the data: nothing more happened before an instant. */
  void end(long endMs) {
    if (everyMs == 0) {
      return;
    }
    if (rollout == null) {
      tick(endMs);
    } else {
      due(endMs - 1);
      producer.rollout(rollout.completed(endMs));
      tick(endMs + 1);
    }
  }

  private void begin(long firstMs) {
    if (rollout == null) {
      return;
    }
    ahead.addAll(rollout.ramp(firstMs));
    if (ahead.getFirst().eventTimeMs() < frontierMs) {
      throw new UserError(
          "--rollout",
          "",
          "first event at " + Instant.ofEpochMilli(ahead.getFirst().eventTimeMs()),
          "events from "
              + Instant.ofEpochMilli(frontierMs)
              + " on, which topic rollouts has passed; take new topics, or import older data first");
    }
  }

  private void tick(long timeMs) {
    due(timeMs);
    producer.rollout(SimulateCommand.tickAt(timeMs));
  }

  private void due(long timeMs) {
    while (!ahead.isEmpty() && ahead.getFirst().eventTimeMs() <= timeMs) {
      producer.rollout(ahead.removeFirst());
    }
  }
}
