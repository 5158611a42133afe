package io.tidegate.analysis.archive;

import io.tidegate.model.ReceivedRolloutEvent;
import io.tidegate.model.RolloutEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps every rollout event, and of the ticks only those that separate something: the latest before
 * an event that is no tick, and the latest of all. Reads one partition in offset order. Mutable.
 */
public final class TickSieve {

  private @Nullable ReceivedRolloutEvent pending;
  private long keptFrontierMs;

  /**
   * @param pending tick that may yet have to be kept; null for none
   * @param keptFrontierMs latest event time of a tick kept
   */
  public TickSieve(@Nullable ReceivedRolloutEvent pending, long keptFrontierMs) {
    this.pending = pending;
    this.keptFrontierMs = keptFrontierMs;
  }

  public TickSieve() {
    this(null, Long.MIN_VALUE);
  }

  public @Nullable ReceivedRolloutEvent pending() {
    return pending;
  }

  public long keptFrontierMs() {
    return keptFrontierMs;
  }

  /**
   * Takes the next record.
   *
   * @param kept whether it is kept already: it then counts, but is not handed out again
   */
  public void add(ReceivedRolloutEvent next, boolean kept, Consumer<ReceivedRolloutEvent> out) {
    RolloutEvent event = next.usable();
    if (event.kind() != RolloutEvent.Kind.TICK) {
      flush(out);
      if (!kept) {
        out.accept(next);
      }
      return;
    }
    long time = event.eventTimeMs();
    if (kept) {
      keptFrontierMs = Math.max(keptFrontierMs, time);
      if (pending != null && pending.usable().eventTimeMs() <= keptFrontierMs) {
        pending = null;
      }
    } else if (time > keptFrontierMs
        && (pending == null || time > pending.usable().eventTimeMs())) {
      pending = next;
    }
  }

  /** Hands out the latest tick where it is not kept yet. */
  public void flush(Consumer<ReceivedRolloutEvent> out) {
    if (pending != null) {
      keptFrontierMs = pending.usable().eventTimeMs();
      out.accept(pending);
      pending = null;
    }
  }
}
