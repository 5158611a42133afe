package io.tidegate.simulate;

import static io.tidegate.simulate.Worlds.DAY_MS;
import static io.tidegate.simulate.Worlds.START_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.model.Assignment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TruthTest {

  private static Truth ramp(SimulationConfig config, int daysPerStage) {
    Simulator simulator = new Simulator(config);
    long atMs = START_MS;
    for (String stage : List.of("canary", "early", "half")) {
      simulator.enterStage(stage, atMs);
      atMs += daysPerStage * DAY_MS;
      simulator.advanceTo(atMs, a -> {});
    }
    return simulator.truth(atMs);
  }

  private static double sum(Truth truth, String metric, String variant, String segment) {
    double numerator = 0;
    double denominator = 0;
    for (Truth.Row row : truth.rows()) {
      if (row.metric().equals(metric)
          && row.variant().equals(variant)
          && row.segment().equals(segment)) {
        numerator += row.numeratorMicros();
        denominator += row.denominatorMicros();
      }
    }
    return numerator / denominator;
  }

  @Test
  void truth_ofAPlantedEffect_showsItWhereItWasPlantedOnly() {
    PlantedEffect harm =
        new PlantedEffect(Lever.PURCHASE, -0.5, "on", "", Map.of("device", "mobile"));
    Truth truth = ramp(Worlds.plain(Assignment.MATCHED, 9, 4000).withEffects(List.of(harm)), 2);
    double mobile =
        sum(truth, "conversion", "on", "mobile") / sum(truth, "conversion", "off", "mobile");
    double desktop =
        sum(truth, "conversion", "on", "desktop") / sum(truth, "conversion", "off", "desktop");
    assertThat(mobile).isCloseTo(0.52, within(0.08));
    assertThat(desktop).isCloseTo(1, within(0.12));
    assertThat(sum(truth, "conversion", "off", "*")).isBetween(0.25, 0.45);
    assertThat(sum(truth, "errors", "off", "*")).isCloseTo(0.02, within(0.005));
    assertThat(sum(truth, "d1", "off", "*")).isBetween(0.05, 0.15);
    assertThat(truth.effects()).containsExactly(harm);
  }

  @Test
  void truth_matched_countsAUnitOnceOverTheStages() {
    Truth truth = ramp(Worlds.plain(Assignment.MATCHED, 9, 1000), 1);
    long perStage =
        truth.rows().stream()
            .filter(r -> r.metric().equals("revenue") && r.segment().equals("*"))
            .mapToLong(Truth.Row::units)
            .sum();
    long bySegment =
        truth.rows().stream()
            .filter(r -> r.metric().equals("revenue") && r.dimension().equals("device"))
            .mapToLong(Truth.Row::units)
            .sum();
    assertThat(bySegment).isEqualTo(perStage);
    assertThat(truth.rows().stream().map(Truth.Row::segment)).contains("(other)");
    assertThat(truth.rows().stream().map(Truth.Row::stratum)).containsOnly(0.0);
  }

  @Test
  void truth_ramped_splitsAStageByTheShareServedControlBefore() {
    Truth truth = ramp(Worlds.plain(Assignment.RAMPED, 9, 3000), 2);
    List<Truth.Row> half =
        truth.rows().stream()
            .filter(r -> r.stage().equals("half") && r.metric().equals("revenue"))
            .filter(r -> r.segment().equals("*"))
            .toList();
    assertThat(half.stream().map(Truth.Row::stratum).distinct()).containsExactly(0.0, 0.10, 0.25);
    for (double seen : List.of(0.0, 0.10, 0.25)) {
      double on = units(half, seen, "on");
      double off = units(half, seen, "off");
      assertThat(on / (on + off)).isCloseTo((0.5 - seen) / (1 - seen), within(0.04));
    }
  }

  @Test
  void truth_duplicatesAndDisorder_changeNoFigure() {
    SimulationConfig config = Worlds.plain(Assignment.MATCHED, 4, 300);
    SimulationConfig faulty = config.withFaults(new Faults(0.1, 0.5, 0, 0.05, 0, 0, 0));
    long boundaryMs = START_MS + 3 * DAY_MS;
    Simulator clean = new Simulator(config);
    Simulator dirty = new Simulator(faulty);
    for (Simulator simulator : List.of(clean, dirty)) {
      simulator.enterStage("half", START_MS);
      simulator.advanceTo(boundaryMs + 60_000, a -> {});
    }
    assertThat(dirty.truth(boundaryMs).rows())
        .isNotEmpty()
        .isEqualTo(clean.truth(boundaryMs).rows());
  }

  private static double units(List<Truth.Row> rows, double stratum, String variant) {
    return rows.stream()
        .filter(r -> r.stratum() == stratum && r.variant().equals(variant))
        .mapToLong(Truth.Row::units)
        .sum();
  }
}
