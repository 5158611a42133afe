package io.tidegate.analysis.alarm;

import io.tidegate.model.HourlyCount;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A shop's outcomes by hour: season by hour and weekday in New York, growth, a yearly wave,
 * holidays with 40 % less, a slow drift from desktop to mobile and between countries, correlated
 * noise beyond Poisson in all and by segment.
 */
public final class AlarmWorld {

  public static final ZoneId ZONE = ZoneId.of("America/New_York");
  public static final long HOUR_MS = 3_600_000L;
  public static final int WEEK = 168;
  private static final LocalDate FIRST = LocalDate.of(2024, 1, 1);
  public static final long START_MS = FIRST.atStartOfDay(ZONE).toInstant().toEpochMilli();

  private static final List<String> DEVICES = List.of("desktop", "mobile");
  private static final List<String> COUNTRIES = List.of("DE", "FR", "US");
  private static final double[] COUNTRY_SHARES = {0.3, 0.2, 0.5};
  private static final Map<String, Double> RATES =
      Map.of("request", 1000.0, "session_start", 300.0, "purchase", 120.0, "error", 20.0);

  /** What is planted: a factor on an outcome's number, or on its values, in a segment. */
  public record Planted(
      String outcome,
      String dimension,
      String segment,
      int from,
      int to,
      double factor,
      boolean ofValues) {}

  private final Random random;
  private final Set<LocalDate> holidays = new HashSet<>();
  private final int hours;
  private final Map<List<String>, SeriesHours> series = new LinkedHashMap<>();

  /**
   * A world.
   *
   * @param noise standard deviation of log means beyond Poisson, of all and of each segment,
   *     correlated 0.8 from hour to hour
   */
  public AlarmWorld(long seed, int weeks, double noise, List<Planted> planted) {
    random = new Random(seed);
    hours = weeks * WEEK;
    for (int day = 0; day < 7 * weeks + 1; day++) {
      if (random.nextInt(36) == 0) {
        holidays.add(FIRST.plusDays(day));
      }
    }
    double wave = 0;
    double[] own = new double[DEVICES.size() * COUNTRIES.size()];
    double drift = 0;
    for (int hour = 0; hour < hours; hour++) {
      wave = 0.8 * wave + 0.6 * random.nextGaussian();
      drift += 0.002 * random.nextGaussian();
      double all = Math.exp(shape(hour) + noise * wave);
      for (int d = 0; d < DEVICES.size(); d++) {
        for (int c = 0; c < COUNTRIES.size(); c++) {
          int cell = d * COUNTRIES.size() + c;
          own[cell] = 0.8 * own[cell] + 0.6 * random.nextGaussian();
          double mobile = 1 / (1 + Math.exp(-0.4 - drift - 0.004 * hour / WEEK));
          double share = (d == 1 ? mobile : 1 - mobile) * COUNTRY_SHARES[c];
          double mean = all * share * Math.exp(noise * own[cell]);
          cell(hour, DEVICES.get(d), COUNTRIES.get(c), mean, planted);
        }
      }
    }
  }

  private double shape(int hour) {
    ZonedDateTime local = Instant.ofEpochMilli(START_MS + hour * HOUR_MS).atZone(ZONE);
    boolean holiday = holidays.contains(local.toLocalDate());
    boolean off = holiday || local.getDayOfWeek().getValue() > 5;
    double week = (double) hour / WEEK;
    return 0.8 * Math.sin((local.getHour() - 9) * Math.PI / 12)
        + (off
            ? 0.2 * Math.cos(local.getHour() * Math.PI / 6) - 0.3
            : 0.25 * Math.cos((local.getHour() - 8) * Math.PI / 4))
        + (holiday ? -0.2 : 0)
        + 0.005 * week
        + 0.1 * Math.sin(week / 52 * 2 * Math.PI);
  }

  private void cell(int hour, String device, String country, double mean, List<Planted> planted) {
    Map<String, String> where = Map.of("device", device, "country", country, "all", "*");
    RATES.keySet().stream()
        .sorted()
        .forEach(
            outcome -> {
              double expected = RATES.get(outcome) * mean;
              double value = 50;
              for (Planted each : planted) {
                boolean here =
                    each.outcome().equals(outcome)
                        && each.segment().equals(where.get(each.dimension()))
                        && hour >= each.from()
                        && hour < each.to();
                if (here && each.ofValues()) {
                  value *= each.factor();
                } else if (here) {
                  expected *= each.factor();
                }
              }
              long count = poisson(expected);
              double sum = 0;
              if (outcome.equals("purchase") && count > 0) {
                double sd = Math.sqrt((double) count) * 40;
                sum = Math.max(0, count * value + sd * random.nextGaussian());
              }
              add(hour, outcome, "all", "*", count, sum);
              add(hour, outcome, "device", device, count, sum);
              add(hour, outcome, "country", country, count, sum);
            });
  }

  private long poisson(double mean) {
    if (mean > 50) {
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    long count = -1;
    for (double sum = 0; sum < mean; count++) {
      sum -= Math.log(1 - random.nextDouble());
    }
    return Math.max(0, count);
  }

  private void add(int hour, String outcome, String dimension, String segment, long n, double sum) {
    if (n == 0) {
      return;
    }
    boolean valued = outcome.equals("purchase");
    HourlyCount part =
        new HourlyCount(
            START_MS + hour * HOUR_MS,
            outcome,
            dimension,
            segment,
            n,
            valued ? n : 0,
            BigInteger.valueOf(Math.round(sum * 1e6)));
    series
        .computeIfAbsent(
            List.of(outcome, dimension, segment),
            key -> SeriesHours.of(part, START_MS, START_MS + hours * HOUR_MS))
        .add(part, START_MS);
  }

  List<SeriesHours> hours() {
    return List.copyOf(series.values());
  }

  /** The same as rows of {@code metric_hourly}, hour by hour. */
  public List<HourlyCount> parts() {
    List<HourlyCount> parts = new ArrayList<>();
    for (int h = 0; h < hours; h++) {
      for (SeriesHours each : series.values()) {
        if (each.counts[h] > 0) {
          parts.add(
              new HourlyCount(
                  START_MS + h * HOUR_MS,
                  each.outcome,
                  each.dimension,
                  each.segment,
                  each.counts[h],
                  each.valued[h],
                  BigInteger.valueOf(Math.round(each.sums[h] * 1e6))));
        }
      }
    }
    return parts;
  }

  public Set<LocalDate> holidays() {
    return holidays;
  }
}
