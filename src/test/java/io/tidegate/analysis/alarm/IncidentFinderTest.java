package io.tidegate.analysis.alarm;

import static io.tidegate.analysis.alarm.AlarmWorld.HOUR_MS;
import static io.tidegate.analysis.alarm.AlarmWorld.START_MS;
import static io.tidegate.analysis.alarm.AlarmWorld.WEEK;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.alarm.AlarmWorld.Planted;
import io.tidegate.model.HourlyCount;
import io.tidegate.model.Incident;
import io.tidegate.model.Incident.Kind;
import io.tidegate.model.Incident.Severity;
import java.math.BigInteger;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class IncidentFinderTest {

  private static final int AT = 12 * WEEK + 34;
  private static final int LASTING = Integer.MAX_VALUE;

  private static AlarmSettings settings(Set<LocalDate> quiet) {
    return new AlarmSettings(
        AlarmWorld.ZONE, quiet, Duration.ofDays(56), "team-shop", Duration.ofMinutes(30));
  }

  private static List<Incident> find(int weeks, Planted... planted) {
    AlarmWorld world = new AlarmWorld(6, weeks, 0.01, List.of(planted));
    return IncidentFinder.find(world.hours(), START_MS, settings(world.holidays()));
  }

  /** States of what was planted; what is told before is a false alarm. */
  private static List<Incident> findSince(int weeks, Planted... planted) {
    return find(weeks, planted).stream()
        .filter(state -> state.eventTimeMs() > START_MS + AT * HOUR_MS)
        .toList();
  }

  private static List<String> ids(List<Incident> states) {
    return states.stream().map(Incident::incidentId).distinct().toList();
  }

  private static long delayHours(Incident state) {
    return (state.eventTimeMs() - START_MS) / HOUR_MS - AT;
  }

  @Test
  void shiftOfATenthInOneSegment_isOneIncidentThatNamesIt() {
    List<Incident> states =
        findSince(14, new Planted("session_start", "device", "mobile", AT, LASTING, 0.9, false));
    assertThat(ids(states)).hasSize(1);
    Incident first = states.get(0);
    assertThat(delayHours(first)).isBetween(1L, 168L);
    Incident last = states.get(states.size() - 1);
    assertThat(last.kind()).isEqualTo(Kind.LEVEL_SHIFT);
    assertThat(last.commonCause()).isEqualTo(Map.of("device", "mobile"));
    assertThat(last.metrics()).contains("session_start");
    assertThat(last.observed() / last.expected()).isBetween(0.85, 0.95);
    assertThat(last.openedAtMs()).isBetween(START_MS + (AT - 8) * HOUR_MS, first.eventTimeMs());
    assertThat(last.blamesRollout()).isFalse();
    assertThat(last.owner()).isEqualTo("team-shop");
    assertThat(first.respondByMs()).isEqualTo(first.eventTimeMs() + 30 * 60_000);
    assertThat(last.sentence()).contains("session_start of device=mobile is -");
  }

  @Test
  void rolloutsThatRanThen_areNamedAndNotBlamed() {
    AlarmWorld world =
        new AlarmWorld(
            6,
            13,
            0.01,
            List.of(new Planted("session_start", "device", "mobile", AT, AT + 4, 0.2, false)));
    long atMs = START_MS + AT * HOUR_MS;
    AlarmSettings plain = settings(world.holidays());
    AlarmSettings settings =
        new AlarmSettings(
            plain.zone(),
            plain.quietDays(),
            plain.falseAlarmEvery(),
            plain.owner(),
            plain.respondWithin(),
            List.of(
                new Running("ended", atMs - 90 * HOUR_MS, atMs - 50 * HOUR_MS),
                new Running("ran", atMs - 90 * HOUR_MS, atMs + HOUR_MS),
                new Running("began", atMs + HOUR_MS, Long.MAX_VALUE),
                new Running("later", atMs + 90 * HOUR_MS, Long.MAX_VALUE)));
    List<Incident> states =
        IncidentFinder.find(world.hours(), START_MS, settings).stream()
            .filter(state -> state.eventTimeMs() > atMs)
            .toList();
    assertThat(states).isNotEmpty().noneMatch(Incident::blamesRollout);
    assertThat(states.get(states.size() - 1).sentence())
        .contains("; rollouts running: began, ran (whether one is the cause is the gate's to say)");
  }

  @Test
  void shortDipOnTopOfAShift_isToldBesideIt() {
    int dip = AT + 5 * 24;
    List<Incident> states =
        findSince(
            14,
            new Planted("session_start", "device", "mobile", AT, LASTING, 0.8, false),
            new Planted("session_start", "device", "mobile", dip, dip + 4, 0.2, false));
    assertThat(ids(states)).hasSize(2);
    List<Incident> shift = states.stream().filter(i -> i.kind() == Kind.LEVEL_SHIFT).toList();
    List<Incident> brief = states.stream().filter(i -> i.kind() == Kind.DIP).toList();
    assertThat(ids(shift)).hasSize(1);
    assertThat(shift).noneMatch(i -> i.closedAtMs() != null && delayHours(i) < 6 * 24);
    Incident over = brief.get(brief.size() - 1);
    assertThat(over.incidentId()).isNotEqualTo(shift.get(0).incidentId());
    assertThat(over.closedAtMs()).isNotNull();
    assertThat(delayHours(over)).isBetween(5 * 24L, 6 * 24L);
  }

  @Test
  void everythingStops_isOneCriticalIncidentAboutMissingData() {
    List<Incident> states =
        findSince(
            13,
            new Planted("session_start", "all", "*", AT, AT + 12, 0, false),
            new Planted("request", "all", "*", AT, AT + 12, 0, false),
            new Planted("purchase", "all", "*", AT, AT + 12, 0, false),
            new Planted("error", "all", "*", AT, AT + 12, 0, false));
    assertThat(ids(states)).hasSize(1);
    assertThat(states.get(0).kind()).isEqualTo(Kind.MISSING_DATA);
    assertThat(states.get(0).severity()).isEqualTo(Severity.CRITICAL);
    assertThat(states.get(0).commonCause()).isEmpty();
    assertThat(states.get(states.size() - 1).closedAtMs()).isNotNull();
    assertThat(states.get(states.size() - 1).metrics()).contains("session_start", "request");
  }

  @Test
  void valuesOfOneSegmentRise_isAboutTheirMean() {
    List<Incident> states =
        findSince(14, new Planted("purchase", "country", "US", AT, LASTING, 1.5, true));
    assertThat(ids(states)).hasSize(1);
    Incident last = states.get(states.size() - 1);
    assertThat(last.metrics()).containsExactly("purchase value");
    assertThat(last.commonCause()).isEqualTo(Map.of("country", "US"));
    assertThat(last.expected()).isBetween(45.0, 55.0);
  }

  @Test
  void underTwoWeeks_nothingAlarms() {
    assertThat(
            find(
                2,
                new Planted("session_start", "all", "*", WEEK + 60, LASTING, 0.1, false),
                new Planted("request", "all", "*", 50, 60, 0, false)))
        .isEmpty();
  }

  @Test
  void onAQuietDay_nothingAlarms() {
    LocalDate day = LocalDate.of(2024, 3, 27);
    int from =
        (int) ((day.atStartOfDay(AlarmWorld.ZONE).toInstant().toEpochMilli() - START_MS) / HOUR_MS);
    Planted sale = new Planted("purchase", "all", "*", from, from + 24, 3, false);
    AlarmWorld world = new AlarmWorld(6, 13, 0.01, List.of(sale));
    assertThat(IncidentFinder.find(world.hours(), START_MS, settings(world.holidays())))
        .anyMatch(i -> i.kind() == Kind.SPIKE && i.metrics().contains("purchase"));
    Set<LocalDate> declared = new HashSet<>(world.holidays());
    declared.add(day);
    assertThat(IncidentFinder.find(world.hours(), START_MS, settings(declared)))
        .noneMatch(i -> i.metrics().contains("purchase"));
  }

  /** Constant, all zeros after a first one, one hour only, negative values, parts in any order. */
  @Test
  void garbage_isNoIncident() {
    List<SeriesHours> series = new ArrayList<>();
    series.add(series("constant", hour -> 7, hour -> 7_000_000));
    series.add(series("zeros", hour -> hour == 0 ? 10_000 : 0, hour -> 0));
    series.add(series("once", hour -> hour == 700 ? 100_000 : 0, hour -> 1));
    series.add(series("negative", hour -> 40 + hour * 7 % 3, hour -> -5_000_000));
    assertThat(IncidentFinder.find(series, START_MS, settings(Set.of()))).isEmpty();
    assertThat(IncidentFinder.find(List.of(), START_MS, settings(Set.of()))).isEmpty();
  }

  private static SeriesHours series(
      String outcome, IntToLongFunction counts, IntToLongFunction micros) {
    int hours = 10 * WEEK;
    long endMs = START_MS + hours * HOUR_MS;
    SeriesHours all = null;
    for (int h = hours - 1; h >= -1; h--) {
      HourlyCount part =
          new HourlyCount(
              START_MS + h * HOUR_MS,
              outcome,
              "all",
              "*",
              counts.applyAsLong(h),
              counts.applyAsLong(h),
              BigInteger.valueOf(micros.applyAsLong(h) * counts.applyAsLong(h)));
      all = all == null ? SeriesHours.of(part, START_MS, endMs) : all;
      all.add(part, START_MS);
    }
    return all;
  }
}
