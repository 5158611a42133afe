package io.tidegate.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.detect.Detection.Cause;
import io.tidegate.stats.RealData;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The hours of a bicycle hire scheme (Fanaee-T and Gama 2013), forecast without weather. */
class BikeSharingTest {

  /** The file's hours are local; as UTC no hour is skipped. */
  private static final ZoneId ZONE = ZoneOffset.UTC;

  private static final long FOUR_WEEKS = 28L * 24 * 3_600_000;
  private static final List<Hour> HOURS = new ArrayList<>();
  private static final Set<LocalDate> HOLIDAYS = new HashSet<>();

  private record Hour(long at, double casual, double registered, double total) {}

  /** Figures from week 5 on. */
  private record Figures(double wape, double coverage, int alarms) {}

  @BeforeAll
  static void read() {
    List<String[]> rows = RealData.rows("bike_sharing/hour.csv.gz");
    String[] header = rows.get(0);
    for (String[] row : rows.subList(1, rows.size())) {
      LocalDate date = LocalDate.parse(row[RealData.column(header, "dteday")]);
      if (row[RealData.column(header, "holiday")].equals("1")) {
        HOLIDAYS.add(date);
      }
      int hour = Integer.parseInt(row[RealData.column(header, "hr")]);
      double[] counts =
          Stream.of("casual", "registered", "cnt")
              .mapToDouble(name -> Double.parseDouble(row[RealData.column(header, name)]))
              .toArray();
      HOURS.add(
          new Hour(
              date.atTime(hour, 0).toInstant(ZoneOffset.UTC).toEpochMilli(),
              counts[0],
              counts[1],
              counts[2]));
    }
    assertThat(HOURS).hasSize(17_379);
  }

  private static Detector detector(int horizon) {
    return new Detector(
        new DetectorSettings(ZONE, HOLIDAYS, horizon, DetectorSettings.EIGHT_WEEKS));
  }

  private static Figures figures(ToDoubleFunction<Hour> column, int horizon) {
    Detector detector = detector(horizon);
    double off = 0;
    double sum = 0;
    double inside = 0;
    double rows = 0;
    int alarms = 0;
    for (Hour hour : HOURS) {
      double value = column.applyAsDouble(hour);
      Detection d = detector.next(hour.at, value);
      if (hour.at >= HOURS.get(0).at + FOUR_WEEKS) {
        off += Math.abs(value - d.expected());
        sum += value;
        inside += value >= d.lower() && value <= d.upper() ? 1 : 0;
        rows++;
        alarms += d.anomaly() ? 1 : 0;
      }
    }
    return new Figures(off / sum, inside / rows, alarms);
  }

  private static void check(
      SoftAssertions softly, String name, ToDoubleFunction<Hour> column, double... largest) {
    int[] horizons = {1, 24, 168};
    for (int i = 0; i < horizons.length; i++) {
      Figures f = figures(column, horizons[i]);
      System.out.printf(
          "%s, %d ahead: WAPE %.4f, %.1f %% inside, %d alarms%n",
          name, horizons[i], f.wape, 100 * f.coverage, f.alarms);
      softly.assertThat(f.wape).as("%s, %d ahead", name, horizons[i]).isLessThan(largest[i]);
      softly
          .assertThat(f.coverage)
          .as("%s, %d ahead, covered", name, horizons[i])
          .isBetween(0.93, 0.97);
      softly.assertThat(f.alarms).as("%s, alarms in 99 weeks", name).isLessThan(20);
    }
  }

  @Test
  void forecasts_fromWeekFive_missLessThanAnExponentialSmoother() {
    SoftAssertions softly = new SoftAssertions();
    check(softly, "total", Hour::total, 0.113, 0.201, 0.2215);
    check(softly, "casual", Hour::casual, 0.22, 0.36, 0.39);
    check(softly, "registered", Hour::registered, 0.114, 0.185, 0.207);
    softly.assertAll();
  }

  @Test
  void hurricaneSandy_isFlaggedInTheFirstHourAfterTheOutage() {
    Detector detector = detector(1);
    Cause found = Cause.NONE;
    for (Hour hour : HOURS) {
      Detection d = detector.next(hour.at, hour.total);
      if (Instant.ofEpochMilli(hour.at).equals(Instant.parse("2012-10-30T13:00:00Z"))) {
        found = d.cause();
      }
    }
    assertThat(found).isEqualTo(Cause.GAP);
  }

  @Test
  void hurricaneSandy_withAbsentHoursAsZeros_isFlaggedWithinTwoHoursOfTheFirstCommuters() {
    Detector detector = detector(1);
    long last = HOURS.get(0).at - 3_600_000;
    List<Instant> flagged = new ArrayList<>();
    Instant from = Instant.parse("2012-10-29T01:00:00Z");
    Instant to = Instant.parse("2012-10-29T08:00:00Z");
    for (Hour hour : HOURS) {
      for (long at = last + 3_600_000; at <= hour.at; at += 3_600_000) {
        Detection d = detector.next(at, at == hour.at ? hour.total : 0);
        Instant when = Instant.ofEpochMilli(at);
        if (d.anomaly() && !when.isBefore(from) && !when.isAfter(to)) {
          flagged.add(when);
        }
      }
      last = hour.at;
    }
    assertThat(flagged).isNotEmpty();
  }
}
