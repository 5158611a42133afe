package io.tidegate.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.detect.Detection.Cause;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Alarms on simulated weeks with a season, growth, a yearly wave and holidays. */
class AlarmCalibrationTest {

  private static final ZoneId ZONE = ZoneId.of("America/New_York");
  private static final int WEEK = 168;

  /**
   * Weeks of hourly counts: Poisson around a mean with correlated noise.
   *
   * @param noise standard deviation of log mean, correlated 0.7 from hour to hour
   */
  private static void simulate(
      long seed,
      int weeks,
      double mean,
      double noise,
      int shiftAt,
      double shift,
      ObjIntConsumer<Detection> sink) {
    Random random = new Random(seed);
    LocalDate first = LocalDate.of(2024, 1, 1);
    Set<LocalDate> holidays = new HashSet<>();
    for (int i = 0; i < 7 * weeks; i++) {
      if (random.nextInt(36) == 0) {
        holidays.add(first.plusDays(i));
      }
    }
    Detector detector =
        new Detector(new DetectorSettings(ZONE, holidays, 1, DetectorSettings.EIGHT_WEEKS));
    long start = first.atStartOfDay(ZONE).toInstant().toEpochMilli();
    double wave = 0;
    for (int i = 0; i < weeks * WEEK; i++) {
      long at = start + i * 3_600_000L;
      ZonedDateTime local = Instant.ofEpochMilli(at).atZone(ZONE);
      boolean off = local.getDayOfWeek().getValue() > 5 || holidays.contains(local.toLocalDate());
      int hour = local.getHour();
      double shape =
          0.8 * Math.sin((hour - 9) * Math.PI / 12)
              + (off
                  ? 0.2 * Math.cos(hour * Math.PI / 6) - 0.3
                  : 0.25 * Math.cos((hour - 8) * Math.PI / 4));
      double week = (double) i / WEEK;
      double season = 0.005 * week + 0.15 * Math.sin(week / 52 * 2 * Math.PI);
      wave = 0.7 * wave + Math.sqrt(1 - 0.49) * random.nextGaussian();
      double expected = mean * Math.exp(shape + season + noise * wave);
      if (i >= shiftAt) {
        expected *= 1 + shift;
      }
      sink.accept(detector.next(at, count(random, expected)), i);
    }
  }

  private static double count(Random random, double mean) {
    if (mean > 50) {
      return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    int count = -1;
    for (double sum = 0; sum < mean; count++) {
      sum -= Math.log(1 - random.nextDouble());
    }
    return count;
  }

  @ParameterizedTest(name = "mean {0}, noise {1}")
  @CsvSource({"3, 0", "30, 0.1", "300, 0", "300, 0.1", "5000, 0.1", "5000, 0"})
  void nothingHappens_inFourHundredWeeks_noMoreAlarmsThanStated(double mean, double noise) {
    int weeks = 100;
    int[] alarms = new int[1];
    int[] inside = new int[2];
    for (int seed = 0; seed < 4; seed++) {
      simulate(
          seed,
          weeks,
          mean,
          noise,
          Integer.MAX_VALUE,
          0,
          (d, i) -> {
            alarms[0] += d.anomaly() ? 1 : 0;
            if (i >= 4 * WEEK) {
              inside[0] += d.score() <= 0.95 ? 1 : 0;
              inside[1]++;
            }
          });
    }
    assertThat(alarms[0]).isLessThanOrEqualTo(4 * weeks / 8);
    assertThat((double) inside[0] / inside[1]).isBetween(0.945, 0.985);
  }

  @Test
  void levelShiftOfATenth_isFoundWithinThreeDays() {
    int shiftAt = 20 * WEEK;
    int found = 0;
    for (int seed = 0; seed < 10; seed++) {
      int[] first = {Integer.MAX_VALUE};
      simulate(
          seed + 50,
          21,
          300,
          0.03,
          shiftAt,
          0.1,
          (d, i) -> {
            if (i >= shiftAt && d.cause() != Cause.NONE) {
              first[0] = Math.min(first[0], i - shiftAt);
            }
          });
      found += first[0] <= 72 ? 1 : 0;
    }
    assertThat(found).isGreaterThanOrEqualTo(8);
  }
}
