package io.tidegate.analysis.alarm;

import io.tidegate.analysis.detect.Detection.Cause;
import io.tidegate.analysis.detect.DetectorSettings;
import io.tidegate.model.Incident;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds incidents in hours of outcomes: every outcome's number and mean value, in all and by
 * segment, is judged from its own earlier hours ({@link io.tidegate.analysis.detect.Detector}); its
 * share of the false alarms is the settings' by the number of series. Alarms that a common cause
 * may explain are one incident.
 */
public final class IncidentFinder {

  /** Segments of a dimension that are watched, the largest. */
  private static final int MOST_SEGMENTS = 50;

  /** Values in an hour from which their mean is one. */
  private static final int FEWEST_VALUES = 20;

  private final Hours hours;
  private final AlarmSettings settings;
  private final List<Judged> all = new ArrayList<>();

  private IncidentFinder(Hours hours, AlarmSettings settings) {
    this.hours = hours;
    this.settings = settings;
  }

  /**
   * The states of every incident, in order of time.
   *
   * @param series all over the same hours
   * @param startMs start of the first hour
   */
  public static List<Incident> find(
      List<SeriesHours> series, long startMs, AlarmSettings settings) {
    int count = series.stream().mapToInt(each -> each.counts.length).max().orElse(0);
    Hours hours = Hours.of(startMs, count, settings.zone(), settings.quietDays());
    IncidentFinder finder = new IncidentFinder(hours, settings);
    finder.judge(series);
    return finder.states();
  }

  private void judge(List<SeriesHours> given) {
    List<SeriesHours> largest = largest(given);
    List<SeriesHours> ofValues = largest.stream().filter(IncidentFinder::hasValues).toList();
    DetectorSettings each =
        new DetectorSettings(
            settings.zone(),
            settings.quietDays(),
            1,
            settings
                .falseAlarmEvery()
                .multipliedBy(StrictMath.max(1, largest.size() + ofValues.size())));
    for (SeriesHours series : largest) {
      double[] once = new double[hours.count()];
      Arrays.fill(once, 1);
      Watched name = new Watched(series.outcome, false, series.dimension, series.segment);
      all.add(Judged.of(name, numbers(series), once, hours, each));
    }
    for (SeriesHours series : ofValues) {
      Watched name = new Watched(series.outcome, true, series.dimension, series.segment);
      double[] weights = Arrays.stream(series.valued).asDoubleStream().toArray();
      all.add(Judged.of(name, values(series), weights, hours, each));
    }
    all.sort(Comparator.comparing(Judged::series));
  }

  /** Without what is too rare to have a season. */
  private static List<SeriesHours> largest(List<SeriesHours> hours) {
    List<SeriesHours> sorted = new ArrayList<>(hours);
    sorted.removeIf(each -> !each.isFrequent());
    sorted.sort(
        Comparator.comparingLong((SeriesHours each) -> -each.total())
            .thenComparing(each -> each.segment));
    Map<List<String>, Integer> taken = new HashMap<>();
    sorted.removeIf(
        each ->
            taken.merge(List.of(each.outcome, each.dimension), 1, Integer::sum) > MOST_SEGMENTS);
    return sorted;
  }

  /** Outcomes an hour; none before the first. */
  private static double[] numbers(SeriesHours series) {
    double[] numbers = new double[series.counts.length];
    boolean begun = false;
    for (int h = 0; h < numbers.length; h++) {
      begun |= series.counts[h] > 0;
      numbers[h] = begun ? (double) series.counts[h] : Double.NaN;
    }
    return numbers;
  }

  /** Whether most hours have enough values. */
  private static boolean hasValues(SeriesHours series) {
    long enough = Arrays.stream(series.valued).filter(n -> n >= FEWEST_VALUES).count();
    return 2 * enough > series.valued.length;
  }

  /** Sums of values; none of an hour with few. */
  private static double[] values(SeriesHours series) {
    double[] sums = series.sums.clone();
    for (int h = 0; h < sums.length; h++) {
      if (series.valued[h] < FEWEST_VALUES) {
        sums[h] = Double.NaN;
      }
    }
    return sums;
  }

  private List<Incident> states() {
    List<Incident> states = new ArrayList<>();
    List<Episode> episodes = new ArrayList<>();
    Map<Episode, Incident> told = new HashMap<>();
    for (int h = 0; h < hours.count(); h++) {
      gather(alarms(h), episodes, h);
      int hour = h;
      for (Episode episode : episodes) {
        episode.pass(h);
        Incident now = IncidentText.state(episode, hour, hours, settings);
        Incident before = told.get(episode);
        if (before == null || changed(before, now)) {
          told.put(episode, now);
          states.add(now);
        }
      }
      episodes.removeIf(each -> each.closedAt() >= 0 && hour - each.closedAt() > Episode.WEEK);
    }
    return states;
  }

  private static boolean changed(Incident before, Incident now) {
    return before.kind() != now.kind()
        || !before.commonCause().equals(now.commonCause())
        || (before.closedAtMs() == null) != (now.closedAtMs() == null);
  }

  private List<Judged> alarms(int hour) {
    return all.stream().filter(each -> each.alarm(hour) != Cause.NONE).toList();
  }

  /** Lets alarms join the episodes that they belong to and opens new ones for the rest. */
  private void gather(List<Judged> alarms, List<Episode> episodes, int hour) {
    List<Judged> left = new ArrayList<>();
    for (Judged each : alarms) {
      Episode of = episodes.stream().filter(e -> e.accepts(each, hour)).findFirst().orElse(null);
      if (of == null) {
        left.add(each);
      } else {
        of.join(each, hour);
      }
    }
    while (!left.isEmpty()) {
      boolean overShift = episodes.stream().anyMatch(e -> e.underlies(left.get(0)));
      Episode opened = new Episode(all, left, hour, overShift);
      episodes.add(opened);
      left.removeIf(each -> opened.has(each));
    }
  }
}
