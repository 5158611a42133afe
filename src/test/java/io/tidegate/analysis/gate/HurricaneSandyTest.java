package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.alarm.AlarmSettings;
import io.tidegate.analysis.alarm.IncidentFinder;
import io.tidegate.analysis.alarm.SeriesHours;
import io.tidegate.model.GateSignal;
import io.tidegate.model.HourlyCount;
import io.tidegate.model.Incident;
import io.tidegate.model.Resolved;
import io.tidegate.model.Seasonal;
import io.tidegate.model.Verdict;
import io.tidegate.stats.RealData;
import io.tidegate.stats.season.HourOfWeek;
import io.tidegate.stats.season.SeasonFit;
import io.tidegate.stats.season.SeasonForecast;
import io.tidegate.stats.season.SeasonHistory;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The hires of bikes in Washington when hurricane Sandy came: none from 2012-10-29 01:00 to the
 * next noon. The file's hours are local; they are read as UTC.
 */
class HurricaneSandyTest {

  private static final long HOUR_MS = 3_600_000L;

  /** A Monday, as the fixture's first day is. */
  private static final long ROLLOUT_MS = Instant.parse("2012-10-22T00:00:00Z").toEpochMilli();

  /** The wind came first. */
  private static final long WIND_MS = Instant.parse("2012-10-28T15:00:00Z").toEpochMilli();

  private static final long STORM_MS = Instant.parse("2012-10-29T01:00:00Z").toEpochMilli();

  /** Until then few hours of any Monday see a hire. */
  private static final long MORNING_MS = Instant.parse("2012-10-29T06:00:00Z").toEpochMilli();

  private static final long AFTER_MS = Instant.parse("2012-10-31T00:00:00Z").toEpochMilli();

  /** Bikes a variant offers in an hour, each asked for its place ten times. */
  private static final int BIKES = 600;

  private static final Map<Long, Integer> HIRES = new HashMap<>();
  private static final Set<LocalDate> HOLIDAYS = new HashSet<>();

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
      HIRES.put(
          date.atTime(hour, 0).toInstant(ZoneOffset.UTC).toEpochMilli(),
          Integer.parseInt(row[RealData.column(header, "cnt")]));
    }
  }

  /** What eight weeks before the rollout expect: hires, and offers that never change. */
  private static Resolved resolved() {
    SeasonHistory history = new SeasonHistory(Seasonal.HOURS);
    for (int h = 0; h < 8 * Seasonal.HOURS; h++) {
      long at = ROLLOUT_MS - (8L * Seasonal.HOURS - h) * HOUR_MS;
      boolean holiday = HOLIDAYS.contains(LocalDate.ofEpochDay(HourOfWeek.day(at, ZoneOffset.UTC)));
      history.add(
          HIRES.getOrDefault(at, 0),
          1,
          HourOfWeek.of(at, ZoneOffset.UTC),
          h / Seasonal.HOURS,
          holiday);
    }
    double[] flat = new double[Seasonal.HOURS];
    Arrays.fill(flat, 1);
    SeasonFit fit = SeasonFit.fit(history, flat, SeasonFit.Settings.HOUR_OF_WEEK).orThrow();
    SeasonForecast ahead = SeasonForecast.of(fit, 1).orThrow();
    List<Double> hires = fit.profile().stream().map(p -> p * ahead.level()).toList();
    double dispersion = ahead.dispersion().orThrow();
    return new Resolved(
        7,
        Map.of(),
        Map.of(),
        List.of(),
        new Seasonal(
            "UTC",
            8,
            List.of(),
            Map.of(),
            Map.of(),
            Map.of(
                "error", new Seasonal.Volume(hires, dispersion),
                "request",
                    new Seasonal.Volume(
                        Collections.nCopies(Seasonal.HOURS, 20.0 * BIKES), dispersion))));
  }

  /**
   * An A/A rollout over the real hires, each given to a variant by a coin. Hires per offer are the
   * fixture's ratio metric.
   */
  @Test
  void a_rollout_that_runs_then_is_not_blamed() {
    GateFixture gate = new GateFixture();
    gate.resolved = resolved();
    Random coin = new Random(29);
    List<Long> shocks = new ArrayList<>();
    for (long at = ROLLOUT_MS; at < AFTER_MS; at += HOUR_MS) {
      long hour = (at - ROLLOUT_MS) / HOUR_MS;
      int hires = HIRES.getOrDefault(at, 0);
      int control = 0;
      for (int i = 0; i < hires; i++) {
        control += coin.nextBoolean() ? 1 : 0;
      }
      gate.hour(hour);
      gate.enter(0, BIKES, BIKES / 5, control, 0);
      gate.enter(1, BIKES, BIKES / 5, hires - control, 0);
      GateSignal signal = gate.look(hour + 1);
      assertThat(signal.verdict())
          .as("%s", Instant.ofEpochMilli(at))
          .isNotEqualTo(Verdict.ROLLBACK);
      assertThat(GateFixture.codes(signal)).doesNotContain("HARM_SHOWN");
      if (GateFixture.codes(signal).contains("EXTERNAL_SHOCK")) {
        shocks.add(at);
        assertThat(signal.verdict()).isIn(Verdict.HOLD, Verdict.REVIEW);
      }
    }
    assertThat(shocks.stream().filter(at -> at < WIND_MS).toList())
        .as("a usual week, at one hour in a thousand")
        .hasSizeLessThanOrEqualTo(1);
    assertThat(shocks.stream().filter(at -> at >= STORM_MS).findFirst())
        .hasValueSatisfying(
            at -> assertThat(at + HOUR_MS).isLessThanOrEqualTo(MORNING_MS + 2 * HOUR_MS));
    assertThat(shocks.stream().filter(at -> at >= MORNING_MS).count()).isGreaterThan(20);
  }

  /** The same hours as job {@code incidents} sees them: what is not there is nothing. */
  @Test
  void it_is_an_incident_within_two_hours_and_blames_no_rollout() {
    long startMs = ROLLOUT_MS - 30L * Seasonal.HOURS * HOUR_MS;
    SeriesHours series = null;
    for (long at = startMs; at < AFTER_MS; at += HOUR_MS) {
      HourlyCount part =
          new HourlyCount(at, "hire", "all", "*", HIRES.getOrDefault(at, 0), 0, BigInteger.ZERO);
      series = series == null ? SeriesHours.of(part, startMs, AFTER_MS) : series;
      series.add(part, startMs);
    }
    AlarmSettings settings =
        new AlarmSettings(
            ZoneOffset.UTC, HOLIDAYS, Duration.ofDays(56), "bikes", Duration.ofHours(1));
    List<Incident> storm =
        IncidentFinder.find(List.of(series), startMs, settings).stream()
            .filter(state -> state.eventTimeMs() > ROLLOUT_MS)
            .toList();
    assertThat(storm).isNotEmpty();
    Incident first = storm.get(0);
    assertThat(first.eventTimeMs()).isLessThanOrEqualTo(MORNING_MS + 2 * HOUR_MS);
    assertThat(first.kind()).isEqualTo(Incident.Kind.LEVEL_SHIFT);
    assertThat(first.openedAtMs()).isGreaterThan(WIND_MS - 6 * HOUR_MS);
    assertThat(first.blamesRollout()).isFalse();
    assertThat(first.rolloutId()).isEmpty();
    assertThat(storm.stream().map(Incident::incidentId).distinct()).hasSize(1);
  }
}
