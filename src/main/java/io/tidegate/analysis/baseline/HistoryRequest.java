package io.tidegate.analysis.baseline;

import java.io.Serializable;
import java.util.List;

/**
 * What a run of the baseline asks of history.
 *
 * @param startMs start of the history, the start of an hour
 * @param endMs its end, exclusive, the end of an hour
 * @param wanted one a rollout; of several with a metric key the first says how units enter, and all
 *     of them how they are split
 * @param treatments what makes a unit treated
 */
public record HistoryRequest(
    long startMs, long endMs, List<Wanted> wanted, List<Treatment> treatments)
    implements Serializable {

  /** An instant that is not known yet. */
  public static final long NOT_YET = Long.MAX_VALUE;

  /** Hours in the history. */
  public int hours() {
    return Math.toIntExact((endMs - startMs) / HistoryPlan.HOUR_MS);
  }

  /** Whether an instant is within the history. */
  public boolean covers(long timeMs) {
    return timeMs >= startMs && timeMs < endMs;
  }

  /**
   * The metrics of a rollout.
   *
   * @param specJson canonical JSON of its spec
   * @param series the metrics wanted
   * @param byExposure whether a unit enters at an exposure to the flag, else at an outcome
   * @param covariates metrics whose numbers before the rollout are wanted, one a unit
   * @param covariatesEndMs end of their window, exclusive; {@link #NOT_YET} of a rollout that has
   *     not begun
   */
  public record Wanted(
      String specJson,
      List<Series> series,
      boolean byExposure,
      List<Series> covariates,
      long covariatesEndMs)
      implements Serializable {
    public Wanted {
      series = List.copyOf(series);
      covariates = List.copyOf(covariates);
    }
  }

  /**
   * A metric.
   *
   * @param metric index in the spec
   * @param key hash of its definition
   */
  public record Series(int metric, String key) implements Serializable {}

  /**
   * A unit served this variant is treated.
   *
   * @param untilMs when the change became what everybody has; {@link Long#MAX_VALUE} if it did not
   */
  public record Treatment(String flag, String variant, long untilMs) implements Serializable {}

  public HistoryRequest {
    if (startMs >= endMs
        || startMs % HistoryPlan.HOUR_MS != 0
        || endMs % HistoryPlan.HOUR_MS != 0) {
      throw new IllegalArgumentException(
          "history must be whole hours, not [" + startMs + ", " + endMs + ")");
    }
    wanted = List.copyOf(wanted);
    treatments = List.copyOf(treatments);
  }
}
