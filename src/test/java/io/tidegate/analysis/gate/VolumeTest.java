package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.analysis.attribution.Plan;
import io.tidegate.analysis.timeline.Attempt;
import io.tidegate.model.Reason;
import io.tidegate.model.Resolved;
import io.tidegate.model.Seasonal;
import io.tidegate.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nine times as many units by day as from midnight to six. */
class VolumeTest {

  private static List<Double> hours() {
    List<Double> hours = new ArrayList<>();
    for (int hour = 0; hour < Seasonal.HOURS; hour++) {
      hours.add(weight(hour));
    }
    return hours;
  }

  private static double weight(long hour) {
    return hour % 24 < 6 ? 10.0 : 90.0;
  }

  private static GateFixture gate(List<Double> unitsPerHour, List<Resolved.StagePlan> plans) {
    GateFixture gate = new GateFixture();
    gate.resolved =
        new Resolved(
            7,
            Map.of(),
            Map.of(),
            plans,
            new Seasonal("UTC", 6, unitsPerHour, Map.of(), Map.of(), Map.of()));
    return gate;
  }

  private static List<Reason> missing(GateFixture gate, long boundary) {
    return gate.look(boundary).reasons().stream()
        .filter(r -> r.code().equals(Volume.CODE))
        .toList();
  }

  @Test
  void a_quiet_night_is_not_missing_by_its_hours_and_would_be_by_the_mean() {
    List<Resolved.StagePlan> plan = List.of(new Resolved.StagePlan("canary", 1_680, Map.of()));
    GateFixture known = gate(hours(), plan).alike(35);
    // Six hours and seventeen minutes of night: 60 of 1,680 weights, 59 units.
    assertThat(missing(known, 7)).isEmpty();
    GateFixture flat = gate(List.of(), plan).alike(35);
    assertThat(missing(flat, 7)).isNotEmpty();
    GateFixture dark = gate(hours(), plan).alike(5);
    assertThat(missing(dark, 13)).isNotEmpty();
  }

  @Test
  void traffic_adds_parts_of_hours_and_whole_weeks() {
    GateFixture gate = gate(hours(), List.of());
    Attempt attempt = gate.timeline().attempts().get(0);
    StageProcess process =
        StageProcess.of(
            gate.state.sums, attempt, Plan.of(attempt.definition()), attempt.epochs().get(0));
    Volume volume = new Volume(gate.state, process, 0);
    long start = Rollouts.START_MS;
    long hour = Rollouts.HOUR_MS;
    assertThat(volume.traffic(start + hour / 2, start + 2 * hour)).isCloseTo(15, within(1e-9));
    assertThat(volume.traffic(start + 5 * hour, start + 7 * hour)).isCloseTo(100, within(1e-9));
    double week = 7 * (6 * 10 + 18 * 90.0);
    assertThat(volume.traffic(start, start + 168 * hour)).isCloseTo(week, within(1e-9));
    assertThat(volume.traffic(start + 5 * hour, start + 343 * hour))
        .isCloseTo(2 * week + 100, within(1e-9));
    assertThat(volume.traffic(start, start)).isZero();
  }

  @Test
  void a_stream_that_stops_is_reviewed_within_the_hour_and_a_night_is_not() {
    GateFixture gate = gate(hours(), List.of());
    gate.alike(2_000);
    for (long hour = 0; hour < 40; hour++) {
      gate.hour(hour).count(CellKey.USED, 0, (int) (2 * weight(hour)));
      assertThat(missing(gate, hour + 1)).as("hour %d", hour).isEmpty();
    }
    assertThat(missing(gate, 42))
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.sentence())
                  .startsWith("the hour from 2026-01-06T17:00:00Z brought 0 events where about");
              assertThat(r.observed()).isEqualTo("0");
            });
    assertThat(gate.look(43).verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(missing(gate(List.of(), List.of()).alike(2_000), 42)).as("no hours known").isEmpty();
  }

  @Test
  void a_segment_that_goes_dark_is_named() {
    GateFixture gate = gate(hours(), List.of());
    for (long hour = 0; hour < 36; hour++) {
      gate.hour(hour);
      for (int variant = 0; variant < 2; variant++) {
        gate.enter(variant, 30, 6, 3, 0).enter(variant, 20, 4, 2, 1);
      }
    }
    assertThat(missing(gate, 36)).isEmpty();
    for (long hour = 36; hour < 61; hour++) {
      gate.hour(hour);
      for (int variant = 0; variant < 2; variant++) {
        gate.enter(variant, 30, 6, 3, 0);
      }
    }
    assertThat(missing(gate, 61))
        .singleElement()
        .satisfies(
            r ->
                assertThat(r.sentence())
                    .isEqualTo(
                        "0 units of device=desktop entered in the last day, where its share until"
                            + " then is about 567"));
  }

  @Test
  void few_units_say_nothing_of_a_segment() {
    GateFixture gate = gate(hours(), List.of());
    gate.enter(0, 20, 4, 2, 1).enter(1, 20, 4, 2, 1).alike(500);
    gate.hour(30);
    gate.alike(500);
    assertThat(missing(gate, 55)).isEmpty();
  }
}
