package io.tidegate.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.detect.Detection.Basis;
import io.tidegate.analysis.detect.Detection.Cause;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

class DetectorTest {

  private static final long HOUR = 3_600_000;
  private static final long DAY = 24 * HOUR;
  private static final long START = Duration.ofDays(19_723).toMillis(); // a Monday
  private static final DetectorSettings UTC = DetectorSettings.in(ZoneOffset.UTC);

  private record Row(long at, double value) {}

  private static List<Row> rows(int count, long step, LongToDoubleFunction value) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = START + i * step;
      rows.add(new Row(at, value.applyAsDouble(at)));
    }
    return rows;
  }

  private static List<Detection> judged(List<Row> rows, DetectorSettings settings) {
    Detector detector = new Detector(settings);
    return rows.stream().map(r -> detector.next(r.at, r.value)).toList();
  }

  /** A day and a week, around 500. */
  private static double season(long at) {
    double hour = (double) Math.floorMod(at, DAY) / HOUR;
    boolean weekend = Math.floorMod((at - START) / DAY, 7L) >= 5;
    return 500 * Math.exp(0.8 * Math.sin((hour - 9) * Math.PI / 12)) * (weekend ? 0.6 : 1);
  }

  private static LongToDoubleFunction noisy(long seed, double noise) {
    Random random = new Random(seed);
    return at -> Math.rint(season(at) * Math.exp(noise * random.nextGaussian()));
  }

  @Test
  void laterRows_neverChangeEarlierAnswers() {
    List<Row> rows = rows(900, HOUR, noisy(1, 0.1));
    for (int horizon : new int[] {1, 24, 168}) {
      DetectorSettings settings =
          new DetectorSettings(ZoneId.of("Europe/Berlin"), Set.of(), horizon, Duration.ofDays(56));
      List<Detection> all = judged(rows, settings);
      for (int cut : new int[] {1, 100, 168, 169, 200, 337, 500, 899}) {
        List<Row> other = new ArrayList<>(rows.subList(0, cut));
        for (int i = cut; i < rows.size(); i++) {
          other.add(new Row(rows.get(i).at + 1 + 7L * (i - cut) * HOUR, -5 * i));
        }
        assertThat(judged(other, settings).subList(0, cut)).isEqualTo(all.subList(0, cut));
        assertThat(judged(rows.subList(0, cut), settings)).isEqualTo(all.subList(0, cut));
      }
    }
  }

  @Test
  void ahead_isWhatTheNextRowsAreAnswered() {
    List<Row> rows = rows(900, HOUR, noisy(14, 0.1));
    Detector detector =
        new Detector(
            new DetectorSettings(ZoneOffset.UTC, Set.of(), 168, DetectorSettings.EIGHT_WEEKS));
    for (Row row : rows.subList(0, 700)) {
      detector.next(row.at, row.value);
    }
    List<Outlook> ahead = detector.ahead();
    assertThat(ahead).hasSize(168);
    for (int i = 0; i < 168; i++) {
      Row row = rows.get(700 + i);
      Detection d = detector.next(row.at, row.value);
      assertThat(ahead.get(i)).isEqualTo(new Outlook(row.at, d.expected(), d.lower(), d.upper()));
    }
    assertThat(new Detector(UTC).ahead()).isEmpty();
  }

  @Test
  void answers_beginAfterAWeek_andAlarmsAfterTwo() {
    List<Row> rows = new ArrayList<>(rows(400, HOUR, noisy(2, 0.05)));
    for (int i : new int[] {100, 250, 390}) {
      rows.set(i, new Row(rows.get(i).at, 50_000));
    }
    List<Detection> found = judged(rows, UTC);
    assertThat(found.subList(0, 168)).containsOnly(Detection.UNKNOWN);
    assertThat(found.subList(168, 336)).allMatch(d -> d.basis() == Basis.PROVISIONAL);
    assertThat(found.subList(0, 336)).noneMatch(Detection::anomaly);
    assertThat(found.get(250).score()).isGreaterThan(0.99);
    assertThat(found.get(390).basis()).isEqualTo(Basis.HISTORY);
    assertThat(found.get(390).cause()).isEqualTo(Cause.OUTLIER);
    double provisional = found.get(330).upper() - found.get(330).lower();
    double settled = found.get(330 + 24).upper() - found.get(330 + 24).lower();
    assertThat(provisional).isGreaterThan(1.5 * settled);
  }

  @Test
  void constantSeries_hasNoInterval() {
    for (double constant : new double[] {0, 5, -2.5, 1e300}) {
      List<Row> rows = rows(2000, HOUR, at -> constant);
      List<Detection> found = judged(rows, UTC);
      Detection last = found.get(1999);
      assertThat(last.basis()).isEqualTo(Basis.CONSTANT);
      assertThat(last.expected()).isEqualTo(constant);
      assertThat(last.lower()).isNaN();
      assertThat(last.score()).isZero();
      assertThat(found).noneMatch(Detection::anomaly);
    }
  }

  @Test
  void constantSeries_firstOtherValue_isFlaggedOnlyAfterLong() {
    List<Row> early = new ArrayList<>(rows(1001, HOUR, at -> 7));
    early.set(1000, new Row(early.get(1000).at, 9));
    assertThat(judged(early, UTC).get(1000).anomaly()).isFalse();
    assertThat(judged(early, UTC).get(1000).score()).isCloseTo(1000 / 1001.0, within(1e-12));
    List<Row> late = new ArrayList<>(rows(6001, HOUR, at -> 7));
    late.set(6000, new Row(late.get(6000).at, 9));
    assertThat(judged(late, UTC).get(6000).anomaly()).isTrue();
  }

  @Test
  void negativeValues_areForecastOnTheirOwnScale() {
    Random random = new Random(3);
    List<Row> rows =
        rows(
            2000,
            HOUR,
            at ->
                10 * Math.sin(Math.floorMod(at, DAY) * 2 * Math.PI / DAY) + random.nextGaussian());
    List<Detection> found = judged(rows, UTC);
    int inside = 0;
    for (int i = 700; i < 2000; i++) {
      Detection d = found.get(i);
      double wave = 10 * Math.sin(Math.floorMod(rows.get(i).at, DAY) * 2 * Math.PI / DAY);
      assertThat(d.expected()).isCloseTo(wave, within(2.0));
      inside += rows.get(i).value >= d.lower() && rows.get(i).value <= d.upper() ? 1 : 0;
    }
    assertThat(inside / 1300.0).isBetween(0.93, 0.97);
  }

  @Test
  void negativeValues_afterYearsWithoutOne_areAnswered() {
    List<Row> rows = new ArrayList<>(rows(1000, HOUR, noisy(4, 0.1)));
    rows.set(900, new Row(rows.get(900).at, -300));
    List<Detection> found = judged(rows, UTC);
    assertThat(found.get(900).anomaly()).isTrue();
    assertThat(found.subList(901, 1000)).allMatch(d -> Double.isFinite(d.expected()));
  }

  @Test
  void missingValues_areForecastButNotScored() {
    List<Row> rows = new ArrayList<>(rows(1000, HOUR, noisy(5, 0.1)));
    for (int i = 700; i < 710; i++) {
      rows.set(i, new Row(rows.get(i).at, Double.NaN));
    }
    List<Detection> found = judged(rows, UTC);
    assertThat(found.get(705).expected()).isCloseTo(season(rows.get(705).at), within(100.0));
    assertThat(found.get(705).score()).isNaN();
    assertThat(found.get(705).anomaly()).isFalse();
    assertThat(found.get(711).score()).isLessThan(1);
  }

  @Test
  void onlyMissingValues_orExtremeOnes_neverCrash() {
    List<Row> nothing = rows(1000, HOUR, at -> Double.NaN);
    assertThat(judged(nothing, UTC)).noneMatch(Detection::anomaly);
    Random random = new Random(6);
    double[] odd = {0, -0.0, 1e308, -1e308, Double.MIN_VALUE, 1, Double.NaN, -7};
    List<Row> extreme = rows(3000, HOUR, at -> odd[random.nextInt(odd.length)]);
    for (Detection d : judged(extreme, UTC)) {
      assertThat(Double.isNaN(d.score()) || (d.score() >= 0 && d.score() <= 1)).isTrue();
      assertThat(Double.isInfinite(d.expected())).isFalse();
    }
  }

  @Test
  void rowsOutOfOrder_areRefused() {
    Detector detector = new Detector(UTC);
    detector.next(START, 1);
    assertThatThrownBy(() -> detector.next(START, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "row at %d, value 1.0: rows ascend after %d and are finite or NaN"
                .formatted(START, START));
    assertThatThrownBy(() -> detector.next(START + 1, Double.POSITIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void season_followsTheLocalClock_overDaylightSaving() {
    ZoneId zone = ZoneId.of("America/New_York");
    ZonedDateTime begin = LocalDate.of(2024, 1, 8).atStartOfDay(zone);
    Random random = new Random(7);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 12 * 168; i++) {
      ZonedDateTime at = begin.plusHours(i);
      double mean = at.getHour() >= 9 && at.getHour() < 17 ? 1000 : 100;
      rows.add(
          new Row(
              at.toInstant().toEpochMilli(),
              Math.rint(mean * Math.exp(0.05 * random.nextGaussian()))));
    }
    List<Detection> local = judged(rows, DetectorSettings.in(zone));
    List<Detection> fixed = judged(rows, UTC);
    int change =
        (int) Duration.between(begin, LocalDate.of(2024, 3, 11).atStartOfDay(zone)).toHours();
    assertThat(off(rows, local, change, change + 24)).isLessThan(0.06);
    assertThat(off(rows, fixed, change, change + 24)).isGreaterThan(0.12);
  }

  @Test
  void holidays_areLikeSundays() {
    Random random = new Random(8);
    Set<LocalDate> holidays = Set.of(LocalDate.of(2024, 3, 20), LocalDate.of(2024, 4, 10));
    List<Row> rows =
        rows(
            16 * 168,
            HOUR,
            at -> {
              LocalDate date = LocalDate.ofEpochDay(at / DAY);
              boolean off = date.getDayOfWeek().getValue() == 7 || holidays.contains(date);
              return Math.rint((off ? 200 : 1000) * Math.exp(0.05 * random.nextGaussian()));
            });
    int day = (int) ((LocalDate.of(2024, 4, 10).toEpochDay() * DAY - START) / HOUR);
    DetectorSettings told =
        new DetectorSettings(ZoneOffset.UTC, holidays, 24, DetectorSettings.EIGHT_WEEKS);
    DetectorSettings untold =
        new DetectorSettings(ZoneOffset.UTC, Set.of(), 24, DetectorSettings.EIGHT_WEEKS);
    assertThat(off(rows, judged(rows, told), day, day + 24)).isLessThan(0.5);
    assertThat(off(rows, judged(rows, untold), day, day + 24)).isGreaterThan(2);
  }

  @Test
  void anyResolution_fromFiveMinutesToDays() {
    for (long step : new long[] {5 * 60_000, 15 * 60_000, 6 * HOUR, DAY}) {
      int count = (int) (12 * 7 * DAY / step);
      List<Row> rows = rows(count, step, noisy(9, 0.05));
      Detector detector = new Detector(UTC);
      List<Detection> found = new ArrayList<>();
      for (Row row : rows) {
        found.add(detector.next(row.at, row.value));
      }
      assertThat(detector.stepMs()).isEqualTo(step);
      assertThat(off(rows, found, count * 2 / 3, count)).as("step %d", step).isLessThan(0.06);
      assertThat(found.stream().filter(Detection::anomaly).count()).isLessThan(5);
    }
  }

  @Test
  void gapsAndJitter_leaveTheSeasonInPlace() {
    Random random = new Random(10);
    List<Row> rows = new ArrayList<>();
    LongToDoubleFunction value = noisy(11, 0.05);
    for (Row row : rows(12 * 168, HOUR, value)) {
      long hour = (row.at - START) / HOUR;
      if ((hour < 900 || hour > 1100) && random.nextDouble() > 0.05) {
        rows.add(new Row(row.at + random.nextInt(60_000), row.value));
      }
    }
    List<Detection> found = judged(rows, UTC);
    assertThat(off(rows, found, rows.size() / 2, rows.size())).isLessThan(0.06);
  }

  @Test
  void longGap_inADenseSeries_isAnAlarm() {
    List<Row> rows = new ArrayList<>(rows(40 * 168, HOUR, noisy(12, 0.1)));
    rows.subList(36 * 168 + 10, 36 * 168 + 20).clear();
    assertThat(judged(rows, UTC).get(36 * 168 + 10).cause()).isEqualTo(Cause.GAP);
  }

  @Test
  void dayOfOutage_leavesTheNextDaysInPlace() {
    List<Row> rows = new ArrayList<>(rows(8 * 168, HOUR, noisy(13, 0.05)));
    int from = 6 * 168;
    for (int i = from; i < from + 24; i++) {
      rows.set(i, new Row(rows.get(i).at, 0));
    }
    List<Detection> found = judged(rows, UTC);
    assertThat(found.get(from).cause()).isEqualTo(Cause.OUTLIER);
    assertThat(off(rows, found, from + 27, from + 72)).isLessThan(0.1);
  }

  /** Mean absolute error over the mean, of rows [from, to). */
  private static double off(List<Row> rows, List<Detection> found, int from, int to) {
    double off = 0;
    double sum = 0;
    for (int i = from; i < to; i++) {
      off += Math.abs(rows.get(i).value - found.get(i).expected());
      sum += rows.get(i).value;
    }
    return off / sum;
  }
}
