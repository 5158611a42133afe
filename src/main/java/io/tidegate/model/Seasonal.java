package io.tidegate.model;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the baseline pinned by a rollout expects of every hour of the week; frozen by the DEFINED
 * event, so that any job at any time reads the same.
 *
 * @param zone time zone of the hours, as in the tz database
 * @param weeks weeks of history behind it; below 2 it is provisional, 0 without history
 * @param unitsPerHour new units in each hour of the week in all traffic; empty where unknown
 * @param mix dimension → value → share of units, the reference that mixes are standardised to
 * @param metrics metric → what is expected of it; a metric that history does not know is absent
 * @param volumes outcome → how many there are in each hour
 * @param holidays local dates to come that are no usual days, as days since 1970-01-01, in order
 */
public record Seasonal(
    String zone,
    double weeks,
    List<Double> unitsPerHour,
    Map<String, Map<String, Double>> mix,
    Map<String, Profile> metrics,
    Map<String, Volume> volumes,
    List<Long> holidays) {

  /** Hours in a week. */
  public static final int HOURS = 168;

  /** No history. */
  public static final Seasonal NONE =
      new Seasonal("UTC", 0, List.of(), Map.of(), Map.of(), Map.of(), List.of());

  /**
   * A metric by the hour in which units enter.
   *
   * @param expected value in each hour, Monday 00:00 first
   * @param level value over a whole week
   * @param dispersion τ², variance of the log of a coming hour's value, sampling left out
   * @param segments {@code dimension=value} → value over a whole week
   * @param entry how the units of history entered, as {@link #entry} says; empty where unknown
   */
  public record Profile(
      List<Double> expected,
      double level,
      double dispersion,
      Map<String, Double> segments,
      String entry) {
    public Profile {
      expected = hours(expected);
      segments = Collections.unmodifiableMap(new TreeMap<>(segments));
      if (expected.isEmpty() || !(level > 0) || !(dispersion >= 0)) {
        throw new IllegalArgumentException(
            "a profile of %d hours with level %s and dispersion %s"
                .formatted(expected.size(), level, dispersion));
      }
    }
  }

  /**
   * An outcome by the hour in which it happens.
   *
   * @param perHour outcomes in each hour in all traffic, Monday 00:00 first
   * @param dispersion τ², variance of the log of a coming hour's number, counting left out
   */
  public record Volume(List<Double> perHour, double dispersion) {
    public Volume {
      perHour = hours(perHour);
      if (perHour.isEmpty() || !(dispersion >= 0)) {
        throw new IllegalArgumentException(
            "a volume of %d hours with dispersion %s".formatted(perHour.size(), dispersion));
      }
    }
  }

  /** Refuses, with an IllegalArgumentException, a zone or numbers that cannot be used. */
  public Seasonal {
    try {
      ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("time zone \"" + zone + "\" is not known", e);
    }
    unitsPerHour = hours(unitsPerHour);
    Map<String, Map<String, Double>> sorted = new TreeMap<>();
    mix.forEach(
        (dimension, shares) ->
            sorted.put(dimension, Collections.unmodifiableMap(new TreeMap<>(shares))));
    mix = Collections.unmodifiableMap(sorted);
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    volumes = Collections.unmodifiableMap(new TreeMap<>(volumes));
    holidays = List.copyOf(new TreeSet<>(holidays));
  }

  /** Every day usual. */
  public Seasonal(
      String zone,
      double weeks,
      List<Double> unitsPerHour,
      Map<String, Map<String, Double>> mix,
      Map<String, Profile> metrics,
      Map<String, Volume> volumes) {
    this(zone, weeks, unitsPerHour, mix, metrics, volumes, List.of());
  }

  /** Whether a local date, in days since 1970-01-01, is a holiday. */
  public boolean isHoliday(long day) {
    return Collections.binarySearch(holidays, day) >= 0;
  }

  private static List<Double> hours(List<Double> given) {
    boolean sound =
        (given.isEmpty() || given.size() == HOURS)
            && given.stream().allMatch(h -> h >= 0 && !Double.isInfinite(h));
    if (!sound) {
      throw new IllegalArgumentException(
          "a week has " + HOURS + " hours with numbers >= 0, not " + given);
    }
    return List.copyOf(given);
  }

  private static final String EXPOSURE = "an exposure of ";

  /**
   * How units enter, in words: at the spec's trigger, at an exposure, or at whatever they do.
   * Levels of units that enter otherwise do not compare.
   *
   * @param byExposure whether they enter at an exposure where the spec has no trigger
   */
  public static String entry(RolloutSpec spec, boolean byExposure) {
    if (spec.trigger() != null) {
      return "the trigger";
    }
    return byExposure ? EXPOSURE + spec.flag().key() : "any outcome";
  }

  /** Whether units that entered so, as {@link #entry} says, are those of another rollout's flag. */
  public static boolean isOfAnotherFlag(RolloutSpec spec, String entry) {
    return entry.startsWith(EXPOSURE) && !entry.equals(EXPOSURE + spec.flag().key());
  }

  /**
   * Why the level that history expects of a metric is not one of a rollout's units: they enter
   * otherwise. Empty where it is.
   */
  public String unlike(RolloutSpec spec, String metric) {
    Profile profile = profile(metric);
    String own = entry(spec, true);
    if (profile == null || profile.entry().equals(own)) {
      return "";
    }
    return profile.entry().isEmpty()
        ? "the baseline does not tell how its units entered"
        : "the baseline's units entered at " + profile.entry() + ", the rollout's at " + own;
  }

  /** What is expected of a metric, or null where history says nothing. */
  public @Nullable Profile profile(String metric) {
    return metrics.get(metric);
  }
}
