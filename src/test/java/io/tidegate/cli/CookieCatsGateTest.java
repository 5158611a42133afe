package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.Ledger;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.attribution.PostedCells;
import io.tidegate.analysis.attribution.RolloutContext;
import io.tidegate.analysis.attribution.RolloutIndex;
import io.tidegate.analysis.attribution.UnitState;
import io.tidegate.analysis.gate.Gate;
import io.tidegate.analysis.gate.GateState;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.analysis.timeline.Timeline;
import io.tidegate.codec.DecodeLimits;
import io.tidegate.codec.Decoded;
import io.tidegate.codec.EventDecoder;
import io.tidegate.codec.Pseudonymiser;
import io.tidegate.connector.imports.Importer;
import io.tidegate.job.Definitions;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.Evaluation;
import io.tidegate.model.Exposure;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Outcome;
import io.tidegate.model.Reason;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Verdict;
import io.tidegate.spec.ImportMappings;
import io.tidegate.spec.RolloutSpecs;
import io.tidegate.stats.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cookie Cats as {@code import --rollout --enter test=…} hands it over, through attribution and
 * gate: {@code matched} at 50 %, no segments, one guardrail with a margin of 2 %.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CookieCatsGateTest {

  private static final long WATCH_MS = Duration.ofDays(2).toMillis();

  private final List<Point> points = new ArrayList<>();
  private long firstMs;
  private long endMs;

  @TempDir private Path folder;

  private Path spec(int day, double alphaRollback) throws IOException {
    String text =
        """
        apiVersion: tidegate.io/v1
        kind: Rollout
        id: cookie-cats
        owner: game-team
        hypothesis: {statement: A later gate keeps more players., metric: kept}
        flag: {key: gate, control: gate_30, treatments: [gate_40], split: {gate_30: 1, gate_40: 1}, not_enrolled: none}
        assignment: matched
        looks: {every: PT6H, evidence: P1D}
        stages:
          - {name: test, percent: 50, min_duration: P7D, prove_within: P14D}
          - {name: full, percent: 100}
        metrics:
          - {name: kept, role: guardrail, kind: retention, outcome: session_start, day: %d, better: up, margin: {relative: 0.02}, rollback: {relative: 0}}
        decision: {alpha_rollback: %s}
        """
            .formatted(day, alphaRollback);
    return Files.writeString(folder.resolve("rollout.yaml"), text);
  }

  @BeforeAll
  void read() throws IOException {
    Path file = RealData.file("cookie_cats/cookie_cats.csv.gz");
    EventDecoder decoder =
        new EventDecoder(
            DecodeLimits.DEFAULT, new Pseudonymiser(new byte[Pseudonymiser.MIN_KEY_BYTES]));
    Importer importer =
        new Importer(
            ImportMappings.read(Path.of("jobs/examples/cookie_cats/mapping.yaml")),
            file,
            rejected -> {
              throw new AssertionError(rejected.problem());
            });
    Importer.Summary summary =
        importer.run(
            (exposure, timeMs, unit, json) ->
                points.add(
                    exposure
                        ? Points.of(value(decoder.exposure(json, timeMs), Exposure.class))
                        : Points.of(value(decoder.outcome(json, timeMs), Outcome.class))));
    assertThat(summary.rows()).isEqualTo(90_189);
    firstMs = summary.firstMs();
    endMs = summary.lastMs() + 1 + WATCH_MS;
  }

  /** The signals of every look, the first to the last. */
  private List<GateSignal> signals(int day, double alphaRollback) throws IOException {
    ImportedRollout rollout =
        ImportedRollout.of(
            RolloutSpecs.read(spec(day, alphaRollback), Duration.ZERO),
            Map.of("test", "2026-01-05T00:00:00Z"));
    List<RolloutEvent> events = new ArrayList<>(rollout.ramp(firstMs));
    events.add(rollout.completed(endMs));
    Sequencer sequencer = new Sequencer();
    List<ControlEvent> controls = events.stream().map(sequencer::next).toList();
    return judged(Timeline.of("cookie-cats", controls, Definitions.READER));
  }

  private static <T> T value(Decoded<T> decoded, Class<T> type) {
    if (decoded instanceof Decoded.Event<T> event) {
      return type.cast(event.event());
    }
    throw new AssertionError(decoded.toString());
  }

  private List<GateSignal> judged(Timeline timeline) {
    RolloutIndex index = RolloutIndex.of(List.of(new RolloutContext(0, timeline)));
    PostedCells batch = new PostedCells();
    Ledger ledger = new Ledger(6, batch::add);
    Map<Long, UnitState> units = new HashMap<>();
    for (Point point : points) {
      UnitState unit = units.computeIfAbsent(point.unitKey, u -> new UnitState());
      ledger.take(unit, point.copy(), index, Long.MIN_VALUE, point.timeMs);
    }
    units.values().forEach(unit -> ledger.close(unit, index, endMs));
    GateState state = new GateState();
    batch.rollouts().forEach(rollout -> state.add(batch.write(rollout)));
    List<GateSignal> signals = new ArrayList<>();
    for (long b = timeline.nextBoundary(firstMs); b <= endMs; b = timeline.nextBoundary(b)) {
      Evaluation evaluation = Gate.evaluate(state, timeline, b);
      if (evaluation != null) {
        signals.add(evaluation.signal());
      }
      if (b == endMs) {
        break;
      }
    }
    return signals;
  }

  private static GateSignal last(List<GateSignal> signals) {
    return signals.get(signals.size() - 1);
  }

  @Test
  void day_7_at_a_budget_of_5_percent_rolls_gate_40_back() throws IOException {
    List<GateSignal> signals = signals(7, 0.05);
    GateSignal last = last(signals);
    assertThat(last.verdict()).isEqualTo(Verdict.ROLLBACK);
    assertThat(last.reasons().get(0).sentence())
        .startsWith("kept is worse than control by more than nothing, and no loss is tolerated");
    assertThat(last.evidence().get(0).treatmentVariant()).isEqualTo("gate_40");
  }

  @Test
  void day_7_at_a_budget_of_1_percent_holds_and_says_how_far_rollback_is() throws IOException {
    List<GateSignal> signals = signals(7, 0.01);
    assertThat(signals).extracting(GateSignal::verdict).doesNotContain(Verdict.ROLLBACK);
    assertThat(last(signals).reasons())
        .filteredOn(r -> r.code().equals("HARM_NOT_YET_SHOWN"))
        .extracting(Reason::sentence)
        .singleElement()
        .asString()
        .matches(".*; the evidence is at [34]\\.\\d* of the 4\\.61 that ROLLBACK takes");
  }

  @Test
  void day_1_alone_holds() throws IOException {
    List<GateSignal> signals = signals(1, 0.05);
    assertThat(signals).extracting(GateSignal::verdict).containsOnly(Verdict.HOLD);
  }
}
