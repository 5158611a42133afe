package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Margin;
import io.tidegate.model.Purpose;
import io.tidegate.model.Resolved;
import io.tidegate.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a HOLD says of the time to come. */
class ExpectedTest {

  private static String after(long hours) {
    return Instant.ofEpochMilli(Rollouts.START_MS + hours * Rollouts.HOUR_MS).toString();
  }

  @Test
  void min_duration_is_over_at_a_known_time() {
    Instant over = Instant.ofEpochMilli(GateFixture.ENTERED_MS).plus(Duration.ofHours(12));
    assertThat(new GateFixture().alike(100).look(2).missing())
        .anyMatch(m -> m.endsWith("of 12 h 0 min; expected about " + over));
  }

  @Test
  void units_come_at_the_rate_that_history_predicts() {
    GateFixture gate = new GateFixture();
    gate.resolved = history(Map.of());
    gate.alike(40);
    assertThat(gate.look(2).missing())
        .anyMatch(
            m -> m.equals("the smallest variant has 40 of 100 units; expected about " + after(8)));
  }

  @Test
  void a_proof_tells_how_many_units_it_takes_and_when_they_are_there() {
    GateFixture gate = new GateFixture();
    gate.resolved =
        history(Map.of("conversion", new Resolved.MetricBase(0.2, 0.16, 0.2, Map.of())));
    gate.alike(150);
    // 27 × 0.16/(0.5 × 0.2)² = 432 units; 282 more at ten an hour.
    assertThat(gate.look(14).missing())
        .anyMatch(
            m ->
                m.startsWith("conversion is not yet shown to be no worse than the margin of 50 %")
                    && m.contains("takes 432 units per variant, with 150 so far; expected about"));
  }

  @Test
  void a_time_after_max_duration_is_said_to_be() {
    GateFixture gate = new GateFixture().canary(Duration.ofHours(13), false, false);
    gate.resolved = history(Map.of());
    gate.alike(10);
    assertThat(gate.look(10).missing()).anyMatch(m -> m.endsWith("after the stage's max_duration"));
  }

  @Test
  void next_look_of_a_hold_is_when_all_that_is_missing_is_expected() {
    GateFixture gate = new GateFixture();
    gate.resolved =
        history(
            Map.of(
                "conversion", new Resolved.MetricBase(0.2, 0.16, 0.2, Map.of()),
                "revenue", new Resolved.MetricBase(4.4, 79, 0.2, Map.of()),
                "errors", new Resolved.MetricBase(0.01, 0.001, 0.1, Map.of())));
    gate.alike(150);
    GateSignal early = gate.look(2);
    long latestMs =
        early.missing().stream()
            .map(m -> m.split("expected about ")[1].substring(0, 20))
            .mapToLong(at -> Instant.parse(at).toEpochMilli())
            .max()
            .orElseThrow();
    assertThat(early.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(early.nextLookMs() - latestMs).isBetween(0L, Rollouts.HOUR_MS);
    assertThat(early.nextLookMs()).isGreaterThan(early.boundaryMs() + Rollouts.HOUR_MS);
  }

  @Test
  void next_look_is_the_next_boundary_where_a_person_must_speak_and_no_later_than_max_duration() {
    GateFixture person = new GateFixture().canary(null, false, true);
    person.resolved = history(Map.of());
    GateSignal asks = person.alike(40).look(2);
    assertThat(asks.nextLookMs()).isEqualTo(asks.boundaryMs() + Rollouts.HOUR_MS);
    GateFixture bounded = new GateFixture().canary(Duration.ofHours(13), false, false);
    bounded.resolved =
        history(Map.of("conversion", new Resolved.MetricBase(0.2, 16, 0.2, Map.of())));
    assertThat(bounded.alike(40).look(2).nextLookMs())
        .isLessThanOrEqualTo(Rollouts.START_MS + 14 * Rollouts.HOUR_MS);
  }

  @Test
  void what_is_not_ruled_out_yet_tells_which_share_the_margin_would_allow() {
    GateFixture gate = new GateFixture().alike(1_500);
    assertThat(gate.look(13).missing())
        .anyMatch(
            m ->
                m.matches(
                    "[a-z]+ is not yet shown .*; a loss of [0-9.]+ % is not ruled out, which the"
                        + " margin allows at up to [0-9.]+ %.*"));
  }

  /** Ten units of control an hour. */
  private static Resolved history(Map<String, Resolved.MetricBase> metrics) {
    return new Resolved(
        7,
        Map.of(),
        metrics,
        List.of(new Resolved.StagePlan("canary", 240, Map.of("conversion", Margin.relative(0.5)))));
  }

  @Test
  void evidence_carries_the_level_and_the_margin_of_each_test() {
    List<Estimate> rows =
        new GateFixture()
            .enter(0, 20_000, 4_000, 2_000, 0)
            .enter(1, 20_000, 2_500, 2_000, 0)
            .look(13)
            .evidence();
    // Three guardrails, half of 1 % to the overall tests.
    assertThat(rows)
        .filteredOn(r -> r.purpose() == Purpose.HARM && r.dimension().equals("all"))
        .isNotEmpty()
        .allMatch(r -> Math.abs(r.alpha() - 0.005 / 3) < 1e-12 && r.bound() != null);
    // The margin over the share that the next stage treats.
    assertThat(rows)
        .filteredOn(r -> r.purpose() == Purpose.NON_INFERIORITY)
        .isNotEmpty()
        .allMatch(r -> r.alpha() == 0.05 && r.bound() != null && r.bound() == 0.1 / 0.25);
  }
}
