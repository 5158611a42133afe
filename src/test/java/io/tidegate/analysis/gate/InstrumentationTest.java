package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.Resolved;
import io.tidegate.model.Seasonal;
import io.tidegate.model.Verdict;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InstrumentationTest {

  private static final int DAYS = Boolean.getBoolean("tidegate.full") ? 300 : 60;
  private static final int DESKTOP = 1;
  private static final int OTHER = 2;
  private static final int UNKNOWN = 3;

  private static List<String> sentences(GateSignal signal, String code) {
    return signal.reasons().stream()
        .filter(r -> r.code().equals(code))
        .map(Reason::sentence)
        .toList();
  }

  /** An hour in which each variant has new units and the events of all. */
  private static void hour(GateFixture gate, long hour, int purchasesOff, int purchasesOn) {
    gate.hour(hour).alike(40);
    for (int v = 0; v < 2; v++) {
      gate.count(CellKey.USED, v, 100).happen(v, "request", 200);
    }
    gate.happen(0, "purchase", purchasesOff).happen(1, "purchase", purchasesOn);
  }

  @Test
  void an_outcome_that_vanished_from_everybody_is_named_and_reviewed() {
    GateFixture gate = new GateFixture();
    for (long h = 0; h < 20; h++) {
      hour(gate, h, 20, 20);
      assertThat(sentences(gate.look(h + 1), Instrumentation.GAP)).as("hour %d", h).isEmpty();
    }
    for (long h = 20; h < 23; h++) {
      hour(gate, h, 0, 0);
    }
    GateSignal signal = gate.look(23);
    assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(sentences(signal, Instrumentation.GAP))
        .containsExactly(
            "purchase came 0 times since 2026-01-05T20:00:00Z, where about 120 were usual before");
    assertThat(signal.reasons())
        .filteredOn(r -> r.code().equals(Instrumentation.GAP))
        .allSatisfy(
            r -> {
              assertThat(r.observed()).isEqualTo("0");
              assertThat(r.threshold()).isEqualTo("6");
            });
  }

  /** Nobody approves anything; a last look alone finds the same as one every hour. */
  @Test
  void an_outcome_stays_named_for_as_long_as_it_is_gone() {
    GateFixture gate = new GateFixture();
    GateFixture once = new GateFixture();
    for (long h = 0; h < 20 + 240; h++) {
      hour(gate, h, h < 20 ? 20 : 0, h < 20 ? 20 : 0);
      if (h < 20 + 72) {
        hour(once, h, h < 20 ? 20 : 0, h < 20 ? 20 : 0);
      }
      GateSignal signal = gate.look(h + 1);
      if (h + 1 >= 20 + 3) {
        assertThat(sentences(signal, Instrumentation.GAP)).as("hour %d", h).hasSize(1);
      }
      if (h + 1 == 20 + 30) {
        assertThat(sentences(once.look(h + 1), Instrumentation.GAP)).hasSize(1);
      }
    }
    assertThat(sentences(once.look(20 + 72), Instrumentation.GAP))
        .containsExactly(
            "purchase came 0 times since 2026-01-08T08:00:00Z, where about 120 were usual before");
    for (int v = 0; v < 2; v++) {
      gate.hour(260).happen(v, "purchase", 200);
    }
    assertThat(sentences(gate.look(261), Instrumentation.GAP)).isEmpty();
  }

  @Test
  void an_outcome_that_comes_at_night_is_not_missed_by_day() {
    for (Resolved resolved : List.of(Resolved.NONE, known(h -> h % 24 == 2 || h % 24 == 3))) {
      GateFixture gate = new GateFixture();
      gate.resolved = resolved;
      for (long h = 0; h < 96; h++) {
        int purchases = h % 24 == 2 || h % 24 == 3 ? 400 : 0;
        hour(gate, h, purchases, purchases);
        assertThat(sentences(gate.look(h + 1), Instrumentation.GAP)).as("hour %d", h).isEmpty();
      }
    }
  }

  @Test
  void an_outcome_of_the_night_that_does_not_come_is_named_the_morning_after() {
    GateFixture gate = new GateFixture();
    gate.resolved = known(h -> h % 24 == 2 || h % 24 == 3);
    for (long h = 0; h < 51; h++) {
      int purchases = h < 48 && (h % 24 == 2 || h % 24 == 3) ? 400 : 0;
      hour(gate, h, purchases, purchases);
      if (h + 1 < 51) {
        assertThat(sentences(gate.look(h + 1), Instrumentation.GAP)).as("hour %d", h).isEmpty();
      }
    }
    assertThat(sentences(gate.look(51), Instrumentation.GAP)).hasSize(1);
  }

  /** The rollout starts on a Monday; history has purchases on Sundays only. */
  @Test
  void an_outcome_of_another_day_of_the_week_is_not_expected_before_it() {
    GateFixture gate = new GateFixture();
    gate.resolved = known(h -> h >= 6 * 24);
    for (long h = 0; h < 6 * 24; h++) {
      hour(gate, h, 0, 0);
      assertThat(sentences(gate.look(h + 1), Instrumentation.GAP)).as("hour %d", h).isEmpty();
    }
    for (long h = 6 * 24; h < 6 * 24 + 12; h++) {
      hour(gate, h, 0, 0);
    }
    assertThat(sentences(gate.look(6 * 24 + 12), Instrumentation.GAP)).hasSize(1);
  }

  @Test
  void an_outcome_that_vanished_from_one_variant_names_it() {
    GateFixture gate = new GateFixture();
    for (long h = 0; h < 20; h++) {
      hour(gate, h, 40, 40);
    }
    for (long h = 20; h < 23; h++) {
      hour(gate, h, 40, 0);
    }
    assertThat(sentences(gate.look(23), Instrumentation.GAP))
        .containsExactly(
            "purchase came 0 times since 2026-01-05T20:00:00Z in variant on, where about 120 were"
                + " usual before");
  }

  @Test
  void an_outcome_that_units_have_once_becomes_rare_when_none_enter() {
    GateFixture gate = new GateFixture();
    for (long h = 0; h < 24; h++) {
      gate.hour(h);
      boolean entering = h < 8;
      for (int v = 0; v < 2; v++) {
        gate.count(CellKey.USED, v, 100).happen(v, "request", 200);
        if (entering) {
          gate.enter(v, 60, 12, 6, 0).happen(v, "purchase", 60);
        }
      }
      assertThat(sentences(gate.look(h + 1), Instrumentation.GAP)).as("hour %d", h).isEmpty();
    }
  }

  /** Days of 24 looks each, numbers varying by 30 % from hour to hour beyond counting. */
  @Test
  void noisy_hours_raise_no_alarm() {
    Random random = new Random(11);
    for (int day = 0; day < DAYS; day++) {
      GateFixture gate = new GateFixture();
      for (long h = 0; h < 24; h++) {
        double night = h % 24 < 6 ? 0.2 : 1;
        int base = (int) (40 * night * Math.exp(0.3 * random.nextGaussian()));
        gate.hour(h);
        for (int v = 0; v < 2; v++) {
          gate.enter(v, 3 + base / 4, 1, 1, 0).count(CellKey.USED, v, 10 + base);
          gate.happen(v, "request", 2 * base);
          gate.happen(v, "purchase", (int) (base * Math.exp(0.3 * random.nextGaussian())));
        }
        assertThat(sentences(gate.look(h + 1), Instrumentation.GAP)).isEmpty();
      }
    }
  }

  private static Seasonal.Volume volume(double perHour) {
    return new Seasonal.Volume(Collections.nCopies(Seasonal.HOURS, perHour), 0);
  }

  /** History has purchases in some hours of the week. */
  private static Resolved known(IntPredicate purchases) {
    List<Double> hours =
        IntStream.range(0, Seasonal.HOURS).mapToObj(h -> purchases.test(h) ? 200.0 : 0.0).toList();
    return new Resolved(
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
            Map.of("request", volume(100), "purchase", new Seasonal.Volume(hours, 0))));
  }

  private static Resolved known(Map<String, Map<String, Double>> mix) {
    return new Resolved(
        7,
        Map.of(),
        Map.of(),
        List.of(),
        new Seasonal(
            "UTC",
            6,
            List.of(),
            mix,
            Map.of(),
            Map.of("request", volume(100), "purchase", volume(20), "error", volume(0.01))));
  }

  @Test
  void an_outcome_that_history_knows_and_nobody_sends_is_named() {
    GateFixture gate = new GateFixture();
    gate.resolved = known(Map.of());
    gate.alike(1_000).happen(0, "request", 200).happen(1, "request", 220);
    assertThat(sentences(gate.look(1), Instrumentation.GAP)).as("84 expected").isEmpty();
    gate.hour(1).happen(0, "request", 400);
    assertThat(sentences(gate.look(2), Instrumentation.GAP))
        .containsExactly(
            "purchase has not come from any unit since the first stage, where history expects about"
                + " 164");
    gate.hour(2).happen(1, "purchase", 1);
    assertThat(sentences(gate.look(3), Instrumentation.GAP)).isEmpty();
  }

  @Test
  void an_attribute_that_is_no_longer_filled_in_is_named() {
    GateFixture gate = new GateFixture();
    for (long h = 0; h < 30; h++) {
      gate.hour(h).alike(20);
    }
    assertThat(sentences(gate.look(30), Instrumentation.GAP)).isEmpty();
    for (long h = 30; h < 40; h++) {
      gate.hour(h);
      gate.enter(0, 20, 4, 2, UNKNOWN).enter(1, 20, 4, 2, UNKNOWN);
    }
    GateSignal signal = gate.look(40);
    assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(sentences(signal, Instrumentation.GAP))
        .containsExactly(
            "device is no longer filled in: 41.7 % of the units that entered in the last day are"
                + " (unknown), where 0.00 % were usual");
    assertThat(sentences(signal, Instrumentation.NOVELTY)).isEmpty();
  }

  @Test
  void values_that_history_did_not_have_are_named_from_the_first_day_on() {
    GateFixture gate = new GateFixture();
    gate.resolved =
        known(Map.of("device", Map.of("mobile", 0.6, "desktop", 0.38, "(other)", 0.02)));
    gate.alike(100).enter(0, 90, 18, 9, DESKTOP).enter(1, 90, 18, 9, DESKTOP);
    gate.enter(0, 20, 4, 2, OTHER).enter(1, 20, 4, 2, OTHER);
    assertThat(sentences(gate.look(2), Instrumentation.NOVELTY)).as("9.5 of 16 %").isEmpty();
    gate.hour(2).enter(0, 60, 12, 6, OTHER).enter(1, 60, 12, 6, OTHER);
    GateSignal signal = gate.look(3);
    assertThat(signal.verdict()).isEqualTo(Verdict.REVIEW);
    assertThat(sentences(signal, Instrumentation.NOVELTY))
        .containsExactly(
            "device has values that it did not have: 29.6 % of the units that entered in the last"
                + " day are (other), where 2.00 % were usual");
  }

  @Test
  void a_value_that_too_few_units_have_is_not_told() {
    GateFixture gate = new GateFixture();
    gate.resolved = known(Map.of("device", Map.of("mobile", 1.0)));
    gate.alike(100).enter(0, 40, 8, 4, OTHER).enter(1, 40, 8, 4, OTHER);
    assertThat(sentences(gate.look(2), Instrumentation.NOVELTY)).isEmpty();
  }
}
