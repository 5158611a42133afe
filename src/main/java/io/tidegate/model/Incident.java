package io.tidegate.model;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One state of an incident: something abnormal, with its likeliest cause.
 *
 * @param incidentId its states share it
 * @param eventTimeMs event time of this state
 * @param openedAtMs event time at which it began
 * @param closedAtMs event time at which it ended; null while open
 * @param rolloutId rollout concerned; empty for none
 * @param sentence for a person, with figures
 * @param metrics what is abnormal together
 * @param commonCause dimension to value that the abnormal series share; empty: everything
 * @param blamesRollout false where control is hit as well
 * @param owner who answers for it
 * @param respondByMs when somebody must have answered; null for never
 * @param observed of the first metric in the common cause, from the beginning to this state
 * @param expected the same, as foreseen a week before
 */
public record Incident(
    String incidentId,
    long eventTimeMs,
    long openedAtMs,
    @Nullable Long closedAtMs,
    String rolloutId,
    Kind kind,
    Severity severity,
    String sentence,
    List<String> metrics,
    Map<String, String> commonCause,
    boolean blamesRollout,
    String owner,
    @Nullable Long respondByMs,
    double observed,
    double expected)
    implements Serializable {

  /** What is abnormal. */
  public enum Kind {
    /** More than expected, so far for less than a day. */
    SPIKE,
    /** Less than expected, so far for less than a day. */
    DIP,
    /** Nothing came. */
    MISSING_DATA,
    /** More or less than expected for a day or longer. */
    LEVEL_SHIFT
  }

  /** How bad it is. */
  public enum Severity {
    INFO,
    WARNING,
    CRITICAL
  }

  public Incident {
    metrics = List.copyOf(metrics);
    commonCause = new TreeMap<>(commonCause);
  }
}
