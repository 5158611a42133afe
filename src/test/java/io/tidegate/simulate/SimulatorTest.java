package io.tidegate.simulate;

import static io.tidegate.simulate.Worlds.DAY_MS;
import static io.tidegate.simulate.Worlds.HOUR_MS;
import static io.tidegate.simulate.Worlds.START_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.model.Assignment;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SimulatorTest {

  private static List<Arrival> rampUp(Simulator simulator, long sliceMs) {
    List<Arrival> all = new ArrayList<>();
    String[] stages = {"canary", "early", "half"};
    long atMs = START_MS;
    for (int day = 0; day < 4; day++) {
      if (day > 0) {
        simulator.enterStage(stages[day - 1], atMs);
      }
      long end = atMs + DAY_MS;
      while (atMs < end) {
        atMs = Math.min(end, atMs + sliceMs);
        simulator.advanceTo(atMs, all::add);
      }
    }
    return all;
  }

  private static List<Exposure> exposures(List<Arrival> arrivals) {
    return arrivals.stream()
        .filter(Arrival.Exposed.class::isInstance)
        .map(a -> ((Arrival.Exposed) a).event())
        .toList();
  }

  private static List<Outcome> outcomes(List<Arrival> arrivals) {
    return arrivals.stream()
        .filter(Arrival.Happened.class::isInstance)
        .map(a -> ((Arrival.Happened) a).event())
        .toList();
  }

  @Test
  void advanceTo_anySlices_giveTheSameArrivals() {
    SimulationConfig config =
        Worlds.plain(Assignment.MATCHED, 7, 150)
            .withFaults(new Faults(0.02, 0.3, 0.01, 0.01, 0.01, 0.001, 0))
            .withEffects(List.of(PlantedEffect.everywhere(Lever.RETURN, 0.5)));
    List<Arrival> whole = rampUp(new Simulator(config), DAY_MS);
    List<Arrival> pieces = rampUp(new Simulator(config), 37 * 60_000L + 123);
    assertThat(whole).hasSizeGreaterThan(2_000).isEqualTo(pieces);
    assertThat(whole).isSortedAccordingTo(Comparator.comparingLong(Arrival::arrivalMs));
  }

  @Test
  void advanceTo_anotherSeed_givesOtherArrivals() {
    List<Arrival> one =
        Worlds.run(new Simulator(Worlds.plain(Assignment.MATCHED, 1, 50)), START_MS + DAY_MS);
    List<Arrival> two =
        Worlds.run(new Simulator(Worlds.plain(Assignment.MATCHED, 2, 50)), START_MS + DAY_MS);
    assertThat(one).isNotEqualTo(two);
  }

  @Test
  void traffic_meetsWhatWasAskedFor_andReturns() {
    SimulationConfig config = Worlds.plain(Assignment.MATCHED, 3, 1000);
    Map<Long, Set<String>> byDay = new HashMap<>();
    for (Outcome outcome : outcomes(Worlds.run(new Simulator(config), START_MS + 28 * DAY_MS))) {
      if (outcome.name().equals("session_start")) {
        byDay
            .computeIfAbsent(outcome.eventTimeMs() / DAY_MS, d -> new HashSet<>())
            .add(outcome.unitId());
      }
    }
    double perDay = byDay.values().stream().mapToInt(Set::size).average().orElseThrow();
    assertThat(perDay).isCloseTo(1000 * 1.05, within(90.0));
    Set<String> all = byDay.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
    assertThat((double) all.size()).isLessThan(perDay * 28 * 0.6);
    long sunday = START_MS / DAY_MS + 6;
    long wednesday = START_MS / DAY_MS + 2;
    assertThat(byDay.getOrDefault(sunday, Set.of()).size())
        .isGreaterThan(byDay.getOrDefault(wednesday, Set.of()).size());
  }

  @Test
  void assignment_matched_isNestedAndNeverChangesAVariant() {
    List<Arrival> arrivals =
        rampUp(new Simulator(Worlds.plain(Assignment.MATCHED, 5, 2000)), 6 * HOUR_MS);
    Map<String, Set<String>> served = new HashMap<>();
    Map<String, Set<String>> byVariant = new HashMap<>();
    for (Exposure exposure : exposures(arrivals)) {
      if (!exposure.variant().equals("default")) {
        served.computeIfAbsent(exposure.unitId(), u -> new HashSet<>()).add(exposure.variant());
      }
      if (exposure.eventTimeMs() >= START_MS + 3 * DAY_MS) {
        byVariant.computeIfAbsent(exposure.variant(), v -> new HashSet<>()).add(exposure.unitId());
      }
    }
    assertThat(served.values()).allMatch(variants -> variants.size() == 1);
    double on = byVariant.getOrDefault("on", Set.of()).size();
    double off = byVariant.getOrDefault("off", Set.of()).size();
    assertThat(byVariant).doesNotContainKey("default");
    assertThat(on / (on + off)).isCloseTo(0.5, within(0.04));
  }

  @Test
  void assignment_ramped_keepsTheTreatedAndMeetsTheShare() {
    List<Arrival> arrivals =
        rampUp(new Simulator(Worlds.plain(Assignment.RAMPED, 5, 2000)), 6 * HOUR_MS);
    Set<String> treated = new HashSet<>();
    int backToControl = 0;
    Set<String> lastDayOn = new HashSet<>();
    Set<String> lastDay = new HashSet<>();
    List<Exposure> byTime =
        exposures(arrivals).stream()
            .sorted(Comparator.comparingLong(Exposure::eventTimeMs))
            .toList();
    for (Exposure exposure : byTime) {
      boolean on = exposure.variant().equals("on");
      backToControl += !on && treated.contains(exposure.unitId()) ? 1 : 0;
      if (on) {
        treated.add(exposure.unitId());
      }
      if (exposure.eventTimeMs() >= START_MS + 3 * DAY_MS + Assigner.PROPAGATION_MS) {
        lastDay.add(exposure.unitId());
        if (on) {
          lastDayOn.add(exposure.unitId());
        }
      }
    }
    assertThat(backToControl).isZero();
    assertThat((double) lastDayOn.size() / lastDay.size()).isCloseTo(0.5, within(0.04));
  }

  @Test
  void rollBack_servesNobodyTheTreatment() {
    Simulator simulator = new Simulator(Worlds.plain(Assignment.MATCHED, 5, 500));
    simulator.enterStage("half", START_MS);
    Worlds.run(simulator, START_MS + DAY_MS);
    simulator.rollBack(START_MS + DAY_MS);
    List<Exposure> after =
        exposures(Worlds.run(simulator, START_MS + 2 * DAY_MS)).stream()
            .filter(e -> e.eventTimeMs() >= START_MS + DAY_MS)
            .toList();
    assertThat(after).isNotEmpty().allMatch(e -> e.variant().equals("default"));
  }

  @Test
  void faults_comeAtTheStatedRatesAndAreCounted() {
    Faults faults = new Faults(0.05, 0.2, 0.03, 0.02, 0.01, 0.002, 0);
    Simulator simulator =
        new Simulator(Worlds.plain(Assignment.MATCHED, 11, 800).withFaults(faults));
    List<Arrival> arrivals = Worlds.run(simulator, START_MS + 4 * DAY_MS);
    Truth.Counts counts = simulator.truth(START_MS + 4 * DAY_MS).counts();
    assertThat(counts.records()).isEqualTo(arrivals.size());
    double sound = counts.exposures() + counts.outcomes();
    assertThat(counts.duplicates() / sound).isCloseTo(0.05, within(0.01));
    assertThat(counts.late() / sound).isCloseTo(0.03, within(0.01));
    assertThat(counts.malformed() / sound).isCloseTo(0.02, within(0.005));
    assertThat(counts.absurd() / sound).isCloseTo(0.01, within(0.005));
    Map<DeadLetterReason, Long> broken =
        arrivals.stream()
            .filter(Arrival.Broken.class::isInstance)
            .collect(
                Collectors.groupingBy(a -> ((Arrival.Broken) a).reason(), Collectors.counting()));
    assertThat(broken)
        .containsEntry(DeadLetterReason.MALFORMED_JSON, counts.malformed())
        .containsEntry(DeadLetterReason.ABSURD_TIME, counts.absurd())
        .containsEntry(DeadLetterReason.OVERSIZE, counts.oversized());
    long distinct =
        exposures(arrivals).stream().map(Exposure::eventId).distinct().count()
            + outcomes(arrivals).stream().map(Outcome::eventId).distinct().count();
    assertThat((double) distinct).isEqualTo(sound);
  }

  @Test
  void shock_movesTheTrafficOfItsTime() {
    Shock outage = new Shock(Lever.TRAFFIC, -0.8, START_MS + DAY_MS, START_MS + 2 * DAY_MS);
    SimulationConfig config = Worlds.plain(Assignment.MATCHED, 3, 1000).withShocks(List.of(outage));
    List<Arrival> arrivals = Worlds.run(new Simulator(config), START_MS + 3 * DAY_MS);
    Map<Long, Long> byDay =
        arrivals.stream()
            .collect(Collectors.groupingBy(a -> a.arrivalMs() / DAY_MS, Collectors.counting()));
    long first = START_MS / DAY_MS;
    long plain = byDay.getOrDefault(first, 0L);
    assertThat(byDay.get(first + 1)).isLessThan(plain / 3);
    assertThat(byDay.get(first + 2)).isGreaterThan(plain / 2);
  }

  @Test
  void enterStage_inThePastOrUnknown_isRefused() {
    Simulator simulator = new Simulator(Worlds.plain(Assignment.MATCHED, 1, 10));
    Worlds.run(simulator, START_MS + HOUR_MS);
    assertThatThrownBy(() -> simulator.enterStage("canary", START_MS))
        .hasMessageContaining("before what was simulated");
    assertThatThrownBy(() -> simulator.enterStage("none", START_MS + HOUR_MS))
        .hasMessage("rollout checkout has no stage none");
  }
}
