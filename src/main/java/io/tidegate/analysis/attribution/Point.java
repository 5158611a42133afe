package io.tidegate.analysis.attribution;

import io.tidegate.analysis.metric.OutcomeView;
import java.util.Comparator;

/**
 * One exposure or outcome of a unit, reduced to what some rollout reads. Public fields: it is a
 * stream and state type.
 */
public final class Point implements OutcomeView {

  /** Event-time order; an exposure comes before an outcome of the same instant. */
  static final Comparator<Point> ORDER =
      Comparator.comparingLong((Point p) -> p.timeMs)
          .thenComparing((Point p) -> p.exposure ? 0 : 1)
          .thenComparingLong(p -> p.idHash)
          .thenComparingInt(p -> p.contentHash);

  static final String[] NO_TEXTS = {};

  public long unitKey;
  public long timeMs;
  public boolean exposure;

  /** Flag key of an exposure, name of an outcome. */
  public String name = "";

  public String variant = "";
  public String flagVersion = "";
  public long valueMicros;

  /** Name, value, name, value, …; only attributes that some rollout reads. */
  public String[] attributes = NO_TEXTS;

  public long idHash;
  public int contentHash;

  /** Watermark when it arrived at the unit; {@link Long#MIN_VALUE} where that was before it. */
  public long arrivalMs = Long.MIN_VALUE;

  /** A separate point with the same content; the attributes are shared, for they never change. */
  public Point copy() {
    Point c = new Point();
    c.unitKey = unitKey;
    c.timeMs = timeMs;
    c.exposure = exposure;
    c.name = name;
    c.variant = variant;
    c.flagVersion = flagVersion;
    c.valueMicros = valueMicros;
    c.attributes = attributes;
    c.idHash = idHash;
    c.contentHash = contentHash;
    c.arrivalMs = arrivalMs;
    return c;
  }

  /** Whether it is an {@link ArrivalFact} and no event: an event has a name. */
  public boolean isFact() {
    return name.isEmpty() && attributes.length == ArrivalFact.COUNTS;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long valueMicros() {
    return valueMicros;
  }

  @Override
  public String attribute(String wanted) {
    for (int i = 0; i + 1 < attributes.length; i += 2) {
      if (attributes[i].equals(wanted)) {
        return attributes[i + 1];
      }
    }
    return "";
  }
}
