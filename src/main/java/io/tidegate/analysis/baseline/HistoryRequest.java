package io.tidegate.analysis.baseline;

import io.tidegate.model.BaselineRow;
import io.tidegate.stats.season.HourOfWeek;
import io.tidegate.stats.season.YearlyLevel;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a run of the baseline asks of history.
 *
 * @param startMs start of the history, the start of an hour
 * @param endMs its end, exclusive, the end of an hour
 * @param wanted one a rollout; all of those with a metric key say how its units are split
 * @param treatments what makes a unit treated
 * @param calendar whose hours of the week
 * @param kept what earlier runs have folded
 */
public record HistoryRequest(
    long startMs,
    long endMs,
    List<Wanted> wanted,
    List<Treatment> treatments,
    Calendar calendar,
    Kept kept)
    implements Serializable {

  /**
   * The business's clock and holidays.
   *
   * @param zone time zone, as in the tz database
   * @param holidays days since 1970-01-01 that are no usual days, local dates, past and to come
   */
  public record Calendar(String zone, List<Long> holidays) implements Serializable {

    /** UTC, every day usual. */
    public static final Calendar PLAIN = new Calendar("UTC", List.of());

    public Calendar {
      ZoneId.of(zone);
      holidays = List.copyOf(new TreeSet<>(holidays));
    }

    /** Slot of an instant, Monday 00:00 local first. */
    int hourOfWeek(long timeMs) {
      return HourOfWeek.of(timeMs, ZoneId.of(zone));
    }

    boolean isHoliday(long timeMs) {
      return Collections.binarySearch(holidays, HourOfWeek.day(timeMs, ZoneId.of(zone))) >= 0;
    }
  }

  /**
   * What earlier runs have folded and kept: the days before an instant, the start of a UTC day.
   *
   * @param knownFromMs start of the archive, at or before the history's
   * @param untilMs instant by metric key; none of a metric of which nothing is kept
   * @param volumesUntilMs instant of outcomes' volumes; {@link Long#MIN_VALUE} for nothing
   */
  public record Kept(long knownFromMs, Map<String, Long> untilMs, long volumesUntilMs)
      implements Serializable {
    public Kept {
      untilMs = new TreeMap<>(untilMs);
    }

    /** Nothing, of an archive that begins there. */
    public static Kept nothing(long knownFromMs) {
      return new Kept(knownFromMs, Map.of(), Long.MIN_VALUE);
    }
  }

  /** In UTC, every day usual, all history archived, nothing kept. */
  public HistoryRequest(long startMs, long endMs, List<Wanted> wanted, List<Treatment> treatments) {
    this(startMs, endMs, wanted, treatments, Calendar.PLAIN, Kept.nothing(startMs));
  }

  /** Start of the first day of which a series is folded: the days before are kept. */
  public long firstDayMs(String key) {
    return Math.floorDiv(foldFromMs(key), HistoryPlan.DAY_MS) * HistoryPlan.DAY_MS;
  }

  /** The same of other metrics. */
  public HistoryRequest with(List<Wanted> others) {
    return new HistoryRequest(startMs, endMs, others, treatments, calendar, kept);
  }

  /** The same with something kept. */
  public HistoryRequest with(Kept known) {
    return new HistoryRequest(startMs, endMs, wanted, treatments, calendar, known);
  }

  /** From when on a series is to be folded: what is before is kept. */
  public long foldFromMs(String key) {
    long keptMs =
        key.startsWith(VOLUME)
            ? kept.volumesUntilMs
            : kept.untilMs.getOrDefault(key, Long.MIN_VALUE);
    return StrictMath.max(startMs, keptMs);
  }

  private static final String VOLUME = BaselineRow.volumeKey("");

  private static final int YEAR_WEEKS = 52;

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
   * Start of the weeks of an earlier year that the yearly level looks at.
   *
   * @param year years ago, 1 to {@link YearlyLevel#YEARS}
   */
  public long earlierFromMs(int year) {
    return endMs - (YEAR_WEEKS * year + YearlyLevel.WEEKS_BEFORE) * HistoryPlan.WEEK_MS;
  }

  /** End of those weeks, exclusive. */
  public long earlierToMs(int year) {
    return earlierFromMs(year) + YearlyLevel.WEEKS * HistoryPlan.WEEK_MS;
  }

  /** Whether an instant is in weeks of an earlier year that the yearly level looks at. */
  public boolean coversEarlier(long timeMs) {
    for (int year = 1; year <= YearlyLevel.YEARS; year++) {
      if (timeMs >= earlierFromMs(year) && timeMs < earlierToMs(year)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The metrics of a rollout.
   *
   * @param specJson canonical JSON of its spec
   * @param series the metrics wanted; their keys tell how units enter
   * @param byExposure whether a unit enters at an exposure to the flag, else at an outcome
   * @param covariates those of them whose numbers before the rollout are wanted, one a unit; keys
   *     are of the definition alone, however units enter
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
   * @param key hash of its definition, of a baseline with how units enter
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
    if (kept.knownFromMs > startMs) {
      throw new IllegalArgumentException(
          "the archive begins at " + kept.knownFromMs + ", after the history at " + startMs);
    }
    wanted = List.copyOf(wanted);
    treatments = List.copyOf(treatments);
  }
}
