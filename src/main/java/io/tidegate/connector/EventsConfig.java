package io.tidegate.connector;

import io.tidegate.codec.DecodeLimits;
import io.tidegate.codec.formats.EventFormat;
import java.io.Serializable;
import java.util.List;

/**
 * What is expected of events.
 *
 * @param outOfOrderMs how far an event may trail the newest of its partition without being late
 * @param idleMs how long a partition read to its end must be silent before time passes without it
 * @param maxFutureMs an event time further than this after its record's timestamp is absurd
 * @param maxPastMs an event time further than this before its record's timestamp is absurd
 * @param maxBytes largest record that is decoded
 * @param formats how the topics of events are written
 * @param dimensions attributes of outcomes that {@code metric_hourly} breaks down by
 */
public record EventsConfig(
    Clock clock,
    long outOfOrderMs,
    long idleMs,
    long maxFutureMs,
    long maxPastMs,
    int maxBytes,
    Formats formats,
    List<String> dimensions)
    implements Serializable {

  /** Who writes the ticks by which time passes. */
  public enum Clock {
    /** The gate job appends one a second. */
    WALL,
    /** Whoever writes the events, such as a simulation or an import. */
    EVENTS
  }

  /**
   * How the topics of events are written.
   *
   * @param exposureReasons OpenTelemetry: evaluation reasons that mean a randomised exposure
   */
  public record Formats(EventFormat exposures, EventFormat outcomes, List<String> exposureReasons)
      implements Serializable {

    public static final Formats CANONICAL =
        new Formats(EventFormat.CANONICAL, EventFormat.CANONICAL, List.of("split"));

    public Formats {
      exposureReasons = List.copyOf(exposureReasons);
    }
  }

  public EventsConfig {
    dimensions = List.copyOf(dimensions);
  }

  /** What decoders check. */
  public DecodeLimits limits() {
    return new DecodeLimits(maxBytes, maxFutureMs, maxPastMs);
  }
}
