package io.tidegate.analysis.attribution;

import io.tidegate.model.Attributes;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;

/**
 * Events as points. Units and event ids become 64-bit hashes: among 10 million units one shared key
 * is expected in 370,000 worlds. 32 bits of content tell two copies of an event apart.
 */
public final class Points {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final int SEPARATOR = 0x1F;

  /** No name of an outcome begins with a control character. */
  private static final String COVARIATE = "\u0001before:";

  private Points() {}

  /** An exposure as a point. */
  public static Point of(Exposure exposure) {
    Point point = new Point();
    point.unitKey = unitKey(exposure.unitId());
    point.timeMs = exposure.eventTimeMs();
    point.exposure = true;
    point.name = exposure.flagKey();
    point.variant = exposure.variant();
    point.flagVersion = exposure.flagVersion();
    point.attributes = Attributes.copyOf(exposure.attributes()).flat();
    point.idHash = hash(1, exposure.eventId());
    point.contentHash =
        (int)
            hash(
                attributes(point.attributes),
                exposure.flagKey(),
                exposure.variant(),
                exposure.flagVersion(),
                exposure.reason());
    return point;
  }

  /** An outcome as a point. */
  public static Point of(Outcome outcome) {
    Point point = new Point();
    point.unitKey = unitKey(outcome.unitId());
    point.timeMs = outcome.eventTimeMs();
    point.name = outcome.name();
    point.valueMicros = outcome.valueMicros();
    point.attributes = Attributes.copyOf(outcome.attributes()).flat();
    point.idHash = hash(2, outcome.eventId());
    point.contentHash =
        (int)
            hash(
                attributes(point.attributes),
                outcome.name(),
                outcome.hasValue() ? Long.toString(outcome.valueMicros()) : "");
    return point;
  }

  /**
   * A unit's number from before a rollout, as a point that no rollout reads as an outcome.
   *
   * @param name as {@link #covariateName} says
   * @param timeMs end of the window it is of
   */
  public static Point covariate(String unitId, String name, long timeMs, long micros) {
    Point point = new Point();
    point.unitKey = unitKey(unitId);
    point.timeMs = timeMs;
    point.name = name;
    point.valueMicros = micros;
    point.idHash = hash(3, name);
    return point;
  }

  /** Name of the covariate points of a rollout's metric. */
  public static String covariateName(String rolloutId, String metric) {
    return COVARIATE + rolloutId + "/" + metric;
  }

  /** Whether a point is a covariate. */
  public static boolean isCovariate(Point point) {
    return !point.exposure && point.name.startsWith(COVARIATE);
  }

  /** The key of a unit. */
  public static long unitKey(String unitId) {
    return hash(0, unitId);
  }

  private static long attributes(String[] flat) {
    return hash(0, flat);
  }

  /** FNV-1a over the characters (Fowler, Noll and Vo), then MurmurHash3's finaliser. */
  private static long hash(long seed, String... parts) {
    long hash = FNV_OFFSET ^ seed;
    for (String part : parts) {
      for (int i = 0; i < part.length(); i++) {
        hash = (hash ^ part.charAt(i)) * FNV_PRIME;
      }
      hash = (hash ^ SEPARATOR) * FNV_PRIME;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
