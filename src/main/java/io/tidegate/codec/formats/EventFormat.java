package io.tidegate.codec.formats;

/** How the events of a topic are written. */
public enum EventFormat {
  /** The project's own JSON. */
  CANONICAL(true, true),
  /** {@code feature_flag.evaluation} of OpenTelemetry, as OTLP JSON or one log record a message. */
  OPENTELEMETRY(true, false),
  /** Tracking events of OpenFeature (specification, section 6). */
  OPENFEATURE(false, true),
  /** Track calls of Segment and RudderStack. */
  SEGMENT(true, true),
  /** Feature and custom events of LaunchDarkly's SDKs. */
  LAUNCHDARKLY(true, true),
  /** Enriched events of Snowplow as JSON. */
  SNOWPLOW(false, true);

  private final boolean exposures;
  private final boolean outcomes;

  EventFormat(boolean exposures, boolean outcomes) {
    this.exposures = exposures;
    this.outcomes = outcomes;
  }

  /** Whether one record may hold several events, or none. */
  public boolean severalEach() {
    return this != CANONICAL;
  }

  public boolean hasExposures() {
    return exposures;
  }

  public boolean hasOutcomes() {
    return outcomes;
  }
}
