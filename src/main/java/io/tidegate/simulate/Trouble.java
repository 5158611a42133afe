package io.tidegate.simulate;

import io.tidegate.model.OutcomeFilter;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong in a {@link SpecWorld}.
 *
 * @param target the outcomes it is about; null where it is about all
 * @param factor what numbers or values are multiplied by, the share of units or events, or seconds
 * @param where attribute → value that units must have; empty: all units
 * @param fromMs when it begins, epoch milliseconds
 */
public record Trouble(
    Kind kind,
    @Nullable OutcomeFilter target,
    double factor,
    Map<String, String> where,
    long fromMs) {

  /** What goes wrong. */
  public enum Kind {
    /** Treated units have the outcome more or less often. */
    NUMBER,
    /** The outcome's value and measures are larger or smaller for treated units. */
    VALUE,
    /** Everybody has the outcome more or less often. */
    EVERYBODY,
    /** Exposures of a share of the treated units are not logged. */
    UNLOGGED,
    /** Nothing comes from treated units. */
    SILENT,
    /** Nothing comes from anybody. */
    STOPPED,
    /** A share of everybody's outcomes cannot be read. */
    BROKEN,
    /** The outcome carries times so many seconds after it was written, for everybody. */
    FAST_CLOCK,
    /**
     * A share of the events comes {@link Faults#LATE_FROM_MS} to {@link Faults#LATE_TO_MS} late.
     */
    LATE;

    /** Whether units of every variant feel it. */
    boolean everybodys() {
      return this == EVERYBODY
          || this == STOPPED
          || this == BROKEN
          || this == FAST_CLOCK
          || this == LATE;
    }
  }

  public Trouble {
    where = java.util.Collections.unmodifiableMap(new TreeMap<>(where));
  }

  /** Whether it is about outcomes of a filter; one without attributes is about all of its name. */
  boolean concerns(OutcomeFilter outcome) {
    return target != null
        && target.outcome().equals(outcome.outcome())
        && (target.where().isEmpty() || target.equals(outcome));
  }

  boolean begun(long timeMs) {
    return timeMs >= fromMs;
  }
}
