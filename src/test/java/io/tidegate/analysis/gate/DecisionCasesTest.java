package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.ArrivalFact;
import io.tidegate.analysis.attribution.CellKey;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * The rule's table of cases. Run with {@code TIDEGATE_WRITE=1} in the environment to write the page
 * anew.
 */
class DecisionCasesTest {

  private static final Path PAGE = Path.of("docs/decision-rule.md");

  /** A situation, the step of design.md §7 that decides it, and the verdict it must have. */
  private record Case(
      int step, String situation, Verdict verdict, Function<GateFixture, GateSignal> look) {}

  private static GateFixture harmed(GateFixture gate) {
    return gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 20_000, 2_500, 2_000, 0);
  }

  private static GateFixture skewed(GateFixture gate) {
    return gate.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 22_000, 4_400, 2_200, 0);
  }

  private static GateFixture shocked(GateFixture gate) {
    gate.resolved =
        new Resolved(
            1,
            Map.of(),
            Map.of("errors", new Resolved.MetricBase(0.004, 0.0004, 0.04, Map.of())),
            List.of());
    return gate.alike(20_000);
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    cases.add(
        new Case(
            1, "conversion falls from 20 % to 12.5 %", Verdict.ROLLBACK, g -> harmed(g).look(5)));
    cases.add(
        new Case(
            1,
            "errors appear, control has none",
            Verdict.ROLLBACK,
            g -> g.enter(0, 5_000, 1_000, 0, 0).enter(1, 5_000, 1_000, 400, 0).look(5)));
    cases.add(
        new Case(
            1,
            "harm on mobile only",
            Verdict.ROLLBACK,
            g ->
                g.enter(0, 10_000, 2_000, 0, 0)
                    .enter(0, 30_000, 6_000, 0, 1)
                    .enter(1, 10_000, 1_200, 0, 0)
                    .enter(1, 30_000, 6_800, 0, 1)
                    .look(5)));
    cases.add(
        new Case(
            1,
            "harm, and the split is wrong too",
            Verdict.ROLLBACK,
            g -> g.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 22_000, 2_700, 2_200, 0).look(5)));
    cases.add(
        new Case(
            1,
            "harm was shown, later units are fine",
            Verdict.ROLLBACK,
            g -> {
              harmed(g).look(5);
              return g.enter(0, 20_000, 4_000, 0, 0).enter(1, 20_000, 20_000, 0, 0).look(6);
            }));
    cases.add(
        new Case(
            1,
            "harm, and events come late in the treatment",
            Verdict.REVIEW,
            g -> harmed(g).late(0, 50_000, 100).late(1, 50_000, 200).look(5)));
    cases.add(
        new Case(
            2,
            "22,000 units against 20,000, split 1 : 1",
            Verdict.REVIEW,
            g -> skewed(g).look(13)));
    cases.add(
        new Case(
            2,
            "the same, SAMPLE_RATIO_MISMATCH approved",
            Verdict.ADVANCE,
            g -> skewed(g).decide("approve", 12, List.of("SAMPLE_RATIO_MISMATCH"), "").look(13)));
    cases.add(
        new Case(
            2,
            "purchases stop to come from anybody, everything else goes on",
            Verdict.REVIEW,
            g -> {
              for (long hour = 0; hour < 13; hour++) {
                g.hour(hour).alike(1_600);
                for (int v = 0; v < 2; v++) {
                  g.count(CellKey.USED, v, 100).happen(v, "request", 200);
                  g.happen(v, "purchase", hour < 10 ? 40 : 0);
                }
              }
              return g.look(13);
            }));
    cases.add(
        new Case(
            2,
            "0.5 % of the units seen in both variants",
            Verdict.REVIEW,
            g ->
                g.alike(20_000)
                    .count(CellKey.MIXED, 0, 100)
                    .count(CellKey.MIXED, 1, 100)
                    .look(13)));
    cases.add(
        new Case(
            2,
            "a stage is entered that does not raise the percentage",
            Verdict.REVIEW,
            g -> g.alike(20_000).event(RolloutEvent.Kind.STAGE_ENTERED, "canary", 12).look(13)));
    cases.add(
        new Case(
            2,
            "session_start is invariant, 90 % of control have it and 75 % of the treatment",
            Verdict.REVIEW,
            g ->
                g.invariant("session_start")
                    .alike(20_000)
                    .joined(0, 18_000)
                    .joined(1, 15_000)
                    .look(13)));
    cases.add(
        new Case(
            2,
            "2 % of the events come too late to count",
            Verdict.REVIEW,
            g ->
                g.alike(20_000)
                    .count(CellKey.USED, 0, 9_800)
                    .count(CellKey.BEYOND, -1, 200)
                    .look(13)));
    cases.add(
        new Case(
            2,
            "2 % of the records of the last day cannot be used",
            Verdict.REVIEW,
            g ->
                g.alike(20_000)
                    .arrived(fact("", 10_000, 200, 0, Long.MAX_VALUE))
                    .arrived(fact("purchase", 9_800, 0, 0, 400))
                    .look(13)));
    cases.add(
        new Case(
            2,
            "every second purchase is dated up to five minutes after it was written",
            Verdict.REVIEW,
            g -> g.alike(20_000).arrived(fact("purchase", 800, 0, 400, -300_000)).look(13)));
    cases.add(
        new Case(
            2,
            "40 % of the exposed units of control meet the trigger and 35 % of the treatment's",
            Verdict.REVIEW,
            g -> {
              g.spec = Rollouts.triggered(g.spec, "view_cart");
              g.count(CellKey.EXPOSED, 0, 50_000).count(CellKey.EXPOSED, 1, 50_000);
              g.enter(0, 20_000, 4_000, 2_000, 0).enter(1, 17_500, 3_500, 1_750, 0);
              return g.look(13);
            }));
    cases.add(
        new Case(
            2,
            "events come late in one variant, nothing else",
            Verdict.REVIEW,
            g -> g.alike(20_000).late(0, 50_000, 100).late(1, 50_000, 200).look(13)));
    cases.add(
        new Case(
            2,
            "history expects 1,000 units of control a day, after 13 hours there are 20",
            Verdict.REVIEW,
            g -> {
              g.resolved =
                  new Resolved(
                      1,
                      Map.of(),
                      Map.of(),
                      List.of(new Resolved.StagePlan("canary", 1_000, Map.of())));
              return g.alike(20).look(13);
            }));
    cases.add(
        new Case(
            3,
            "both variants fail more than twice as often as history says",
            Verdict.HOLD,
            g -> shocked(g).look(13)));
    cases.add(
        new Case(
            3,
            "the same, for longer than shock_patience",
            Verdict.REVIEW,
            g -> {
              shocked(g).look(13);
              return g.look(20);
            }));
    cases.add(
        new Case(
            4,
            "conversion falls from 20 % to 18.5 %: worse, within the margin of 10 %",
            Verdict.REVIEW,
            g -> g.enter(0, 60_000, 12_000, 0, 0).enter(1, 60_000, 11_100, 0, 0).look(13)));
    cases.add(
        new Case(
            5,
            "20,000 units each, nothing differs",
            Verdict.ADVANCE,
            g -> g.alike(20_000).look(13)));
    cases.add(
        new Case(
            5,
            "the same, a success must be shown and is not",
            Verdict.HOLD,
            g -> g.canary(null, true, false).alike(20_000).look(13)));
    cases.add(
        new Case(
            5,
            "the same, review: manual and nobody approved",
            Verdict.HOLD,
            g -> g.canary(null, false, true).alike(20_000).look(13)));
    cases.add(
        new Case(
            5,
            "the same, MANUAL_REVIEW approved",
            Verdict.ADVANCE,
            g ->
                g.canary(null, false, true)
                    .alike(20_000)
                    .decide("approve", 12, List.of("MANUAL_REVIEW"), "")
                    .look(13)));
    cases.add(
        new Case(
            5,
            "the same, sign-off privacy due before the next stage",
            Verdict.HOLD,
            g -> g.signOff("privacy", 25).alike(20_000).look(13)));
    cases.add(
        new Case(
            5,
            "the same, sign-off given",
            Verdict.ADVANCE,
            g ->
                g.signOff("privacy", 25)
                    .alike(20_000)
                    .decide(new RolloutEvent.Decided("approve", List.of(), "", "privacy"), 12)
                    .look(13)));
    cases.add(
        new Case(
            5,
            "the last stage, without control, ran its time",
            Verdict.ADVANCE,
            g -> g.alike(20_000).stage(1, 24).stage(2, 48).stage(3, 72).look(85)));
    cases.add(
        new Case(
            4,
            "the last stage, without control: in a week 6 % buy where history expects 20 %",
            Verdict.REVIEW,
            g -> AgainstBaselineTest.ofWeek(g, 126).look(AgainstBaselineTest.SETTLED)));
    cases.add(
        new Case(
            6,
            "max_duration of 13 h passed with 50 units each",
            Verdict.REVIEW,
            g -> g.canary(Duration.ofHours(13), false, false).alike(50).look(14)));
    cases.add(new Case(6, "no events at all", Verdict.HOLD, g -> g.look(13)));
    cases.add(
        new Case(
            6,
            "20,000 units each after 5 of 12 hours",
            Verdict.HOLD,
            g -> g.alike(20_000).look(5)));
    cases.add(
        new Case(
            6,
            "the rollout is paused",
            Verdict.HOLD,
            g -> g.alike(20_000).event(RolloutEvent.Kind.PAUSED, "", 12).look(13)));
    cases.add(
        new Case(
            0,
            "harm, overridden with HOLD",
            Verdict.HOLD,
            g -> {
              harmed(g).look(5);
              return g.decide("override", 6, List.of(), "HOLD").look(7);
            }));
    cases.add(
        new Case(
            4,
            "the stage after that override: its own units are fine, with the older ones it is still"
                + " worse",
            Verdict.REVIEW,
            g -> {
              harmed(g).look(5);
              g.decide("override", 6, List.of(), "HOLD").look(7);
              return g.stage(1, 24).alike(100_000).look(30);
            }));
    return cases;
  }

  @Test
  void page_says_what_the_rule_does() throws IOException {
    StringBuilder page = new StringBuilder(HEAD);
    for (Case c : cases()) {
      GateSignal signal = c.look().apply(new GateFixture());
      assertThat(signal.verdict())
          .as("%s: %s", c.situation(), signal.reasons())
          .isEqualTo(c.verdict());
      page.append("| ")
          .append(c.step() == 0 ? "–" : Integer.toString(c.step()))
          .append(" | ")
          .append(c.situation())
          .append(" | ")
          .append(signal.verdict())
          .append(signal.overridden() ? " (overridden)" : "")
          .append(" | `")
          .append(String.join("`, `", new TreeSet<>(GateFixture.codes(signal))))
          .append("` |\n");
    }
    if (System.getenv("TIDEGATE_WRITE") != null) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).content().isEqualTo(page.toString());
  }

  private static final String HEAD =
      """
      # The decision rule, case by case

      Every row is run by `DecisionCasesTest`, which writes this page (`TIDEGATE_WRITE=1`). The rollout is `matched`, in its first
      stage (10 %, then 25 %; `min_duration` 12 h, `min_units` 100), with guardrails conversion, revenue and errors at a margin of
      10 %, `alpha_rollback` 0.01, `alpha` 0.05. Twenty per cent of the units buy and ten per cent have one failed request of ten,
      unless the row says otherwise. *Step* is the one that decides: 1 harm, 2 quality, 3 external shock, 4 worse within
      tolerance, 5 enough, 6 deadline or hold, – a person's override. Every reason is listed, those that did not decide too.

      | step | situation | verdict | reason codes |
      |---|---|---|---|
      """;

  /** Of the stage's twelfth hour. */
  private static ArrivalFact fact(
      String name, long records, long dead, long ahead, long leastLagMs) {
    long minuteMs = Rollouts.START_MS + 12 * Rollouts.HOUR_MS;
    return new ArrivalFact(minuteMs, false, name, "", records, dead, ahead, leastLagMs);
  }
}
