package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Resolved;
import io.tidegate.model.Seasonal;
import io.tidegate.model.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;

/** Errors per request by the hour: 2 % at night, 1 % by day, in both variants or in one. */
class ShockTest {

  private static final int UNITS = 200;

  private static double rate(long hour) {
    return hour % 24 < 6 ? 0.02 : 0.01;
  }

  private static Resolved resolved(double weeks, double dispersion) {
    List<Double> errors = new ArrayList<>();
    for (int hour = 0; hour < Seasonal.HOURS; hour++) {
      errors.add(rate(hour) * 50_000);
    }
    List<Double> requests = Collections.nCopies(Seasonal.HOURS, 50_000.0);
    return new Resolved(
        7,
        Map.of(),
        Map.of(),
        List.of(),
        new Seasonal(
            "UTC",
            weeks,
            List.of(),
            Map.of(),
            Map.of(),
            Map.of(
                "error", new Seasonal.Volume(errors, dispersion),
                "request", new Seasonal.Volume(requests, dispersion))));
  }

  private static GateFixture gate(double weeks) {
    GateFixture gate = new GateFixture();
    gate.resolved = resolved(weeks, 0.01);
    return gate;
  }

  /** Units enter in an hour and make ten requests each, of which a share fails. */
  private static void hour(GateFixture gate, long hour, double control, double treatment) {
    gate.hour(hour);
    gate.enter(0, UNITS, UNITS / 5, (int) StrictMath.round(10 * UNITS * control), 0);
    gate.enter(1, UNITS, UNITS / 5, (int) StrictMath.round(10 * UNITS * treatment), 0);
  }

  private static List<String> codes(GateFixture gate, long hour) {
    return GateFixture.codes(gate.look(hour + 1));
  }

  @Test
  void both_variants_leaving_the_hours_interval_hold_and_are_reviewed_after_patience() {
    GateFixture gate = gate(6);
    for (long hour = 0; hour < 14; hour++) {
      hour(gate, hour, rate(hour), rate(hour));
      assertThat(codes(gate, hour)).doesNotContain("EXTERNAL_SHOCK");
    }
    Verdict last = null;
    for (long hour = 14; hour < 22; hour++) {
      hour(gate, hour, 0.04, 0.041);
      GateSignal signal = gate.look(hour + 1);
      assertThat(GateFixture.codes(signal)).contains("EXTERNAL_SHOCK").doesNotContain("HARM_SHOWN");
      last = signal.verdict();
      // Patience is six hours from the first boundary that saw it.
      assertThat(last).isEqualTo(hour <= 20 ? Verdict.HOLD : Verdict.REVIEW);
    }
    assertThat(last).isEqualTo(Verdict.REVIEW);
    hour(gate, 22, 0.01, 0.01);
    GateSignal after = gate.look(23);
    assertThat(GateFixture.codes(after)).doesNotContain("EXTERNAL_SHOCK");
    assertThat(after.verdict()).isNotIn(Verdict.REVIEW, Verdict.ROLLBACK);
  }

  @Test
  void the_next_look_of_a_shock_is_the_next_boundary() {
    GateFixture gate = gate(6);
    hour(gate, 9, 0.05, 0.05);
    GateSignal held = gate.look(10);
    assertThat(held.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(held.nextLookMs()).isEqualTo(held.boundaryMs() + Rollouts.HOUR_MS);
    gate.decide("approve", 10, List.of("EXTERNAL_SHOCK"), "");
    hour(gate, 10, 0.05, 0.05);
    GateSignal approved = gate.look(11);
    assertThat(GateFixture.codes(approved)).contains("EXTERNAL_SHOCK");
    assertThat(approved.nextLookMs()).isGreaterThan(approved.boundaryMs() + Rollouts.HOUR_MS);
  }

  @Test
  void the_reason_names_the_hour_and_what_was_expected_of_it() {
    GateFixture gate = gate(6);
    hour(gate, 9, 0.05, 0.05);
    assertThat(gate.look(10).reasons())
        .filteredOn(r -> r.code().equals("EXTERNAL_SHOCK"))
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.sentence())
                  .isEqualTo(
                      "in the hour from 2026-01-05T09:00:00Z both variants' errors left what"
                          + " history expects of such an hour, 0.01000");
              assertThat(r.observed()).isEqualTo("0.05000");
            });
  }

  @Test
  void one_variant_alone_is_no_shock_nor_are_both_on_different_sides() {
    GateFixture gate = gate(6);
    hour(gate, 9, 0.01, 0.05);
    assertThat(codes(gate, 9)).doesNotContain("EXTERNAL_SHOCK");
    hour(gate, 10, 0.0, 0.05);
    assertThat(codes(gate, 10)).doesNotContain("EXTERNAL_SHOCK");
  }

  @Test
  void a_night_as_bad_as_every_night_is_no_shock() {
    GateFixture gate = gate(6);
    hour(gate, 3, 0.02, 0.02);
    assertThat(codes(gate, 3)).doesNotContain("EXTERNAL_SHOCK");
    GateFixture day = gate(6);
    hour(day, 10, 0.02, 0.02);
    assertThat(codes(day, 10)).as("the same by day").contains("EXTERNAL_SHOCK");
  }

  @Test
  void a_provisional_baseline_raises_no_alarm() {
    GateFixture gate = gate(1.5);
    hour(gate, 9, 0.05, 0.05);
    assertThat(codes(gate, 9)).doesNotContain("EXTERNAL_SHOCK");
  }

  @Test
  void a_holiday_raises_no_alarm() {
    GateFixture gate = gate(6);
    Seasonal usual = gate.resolved.seasonal();
    gate.resolved =
        new Resolved(
            7,
            Map.of(),
            Map.of(),
            List.of(),
            new Seasonal(
                "UTC",
                6,
                List.of(),
                Map.of(),
                Map.of(),
                usual.volumes(),
                List.of(java.time.LocalDate.of(2026, 1, 5).toEpochDay())));
    hour(gate, 9, 0.05, 0.05);
    assertThat(codes(gate, 9)).doesNotContain("EXTERNAL_SHOCK");
    hour(gate, 33, 0.05, 0.05);
    assertThat(codes(gate, 33)).as("the day after").contains("EXTERNAL_SHOCK");
  }

  @Test
  void nothing_in_the_hour_says_nothing() {
    GateFixture gate = gate(6);
    hour(gate, 5, 0.02, 0.02);
    assertThat(codes(gate, 12)).doesNotContain("EXTERNAL_SHOCK");
  }

  /** Hours that move as the baseline says they do: an alarm in a thousand hours at most. */
  @Test
  void usual_hours_alarm_no_more_often_than_declared() {
    GateFixture gate = new GateFixture();
    double dispersion = 0.04;
    gate.resolved = resolved(6, dispersion);
    Random random = new Random(4);
    int alarms = 0;
    int hours = 3 * Seasonal.HOURS;
    for (long hour = 0; hour < hours; hour++) {
      double shared =
          StrictMath.exp(StrictMath.sqrt(dispersion) * random.nextGaussian() - dispersion / 2);
      double mean = 10 * 50 * rate(hour) * shared;
      gate.hour(hour);
      for (int variant = 0; variant < 2; variant++) {
        int errors =
            new PoissonDistribution(
                    new Well19937c(31 * hour + variant),
                    mean,
                    PoissonDistribution.DEFAULT_EPSILON,
                    PoissonDistribution.DEFAULT_MAX_ITERATIONS)
                .sample();
        gate.enter(variant, 50, 10, Math.min(50, errors), 0);
      }
      alarms += codes(gate, hour).contains("EXTERNAL_SHOCK") ? 1 : 0;
    }
    assertThat(alarms).isLessThanOrEqualTo(2);
  }

  @Test
  void state_of_the_last_hours_survives_a_snapshot() {
    GateFixture gate = gate(6);
    hour(gate, 9, 0.05, 0.05);
    gate.look(10);
    GateState copy = gate.state.copy();
    GateSignal here = gate.look(11);
    GateSignal there =
        GateFixture.signal(
            Gate.evaluate(copy, gate.timeline(), Rollouts.START_MS + 11 * Rollouts.HOUR_MS));
    assertThat(there).isEqualTo(here);
    assertThat(
            copy.flow
                .of(
                    Rollouts.START_MS + 9 * Rollouts.HOUR_MS,
                    new HourlyFlow.Key(1, -1, 0, -1, 0, 3))
                .y())
        .isEqualTo(100_000_000L);
  }
}
