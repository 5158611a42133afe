package io.tidegate.simulate;

import io.tidegate.model.RolloutSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A world to simulate.
 *
 * @param spec the rollout: its flag, split, stages and metrics
 * @param startMs first instant, a midnight in UTC
 * @param unitsPerDay units expected on a plain day at the start
 * @param growthPerWeek growth of the traffic a week as a fraction
 * @param holidays day since 1970-01-01 → factor on that day's traffic
 * @param effects what the treatments truly do
 * @param shocks what happens to everybody
 * @param exposuresBefore whether the flag is evaluated (serving nobody the treatment) before the
 *     first stage
 */
public record SimulationConfig(
    RolloutSpec spec,
    long seed,
    long startMs,
    double unitsPerDay,
    double growthPerWeek,
    Map<Long, Double> holidays,
    List<PlantedEffect> effects,
    List<Shock> shocks,
    Faults faults,
    boolean exposuresBefore) {

  public static final long DAY_MS = 86_400_000L;

  public SimulationConfig {
    if (startMs % DAY_MS != 0) {
      throw new IllegalArgumentException("startMs " + startMs + " is no midnight in UTC");
    }
    if (!(unitsPerDay >= 1 && unitsPerDay <= 100_000_000)) {
      throw new IllegalArgumentException("unitsPerDay must be in [1, 10⁸], not " + unitsPerDay);
    }
    if (!(growthPerWeek > -0.5 && growthPerWeek < 1)) {
      throw new IllegalArgumentException(
          "growthPerWeek must be in (−0.5, 1), not " + growthPerWeek);
    }
    for (PlantedEffect effect : effects) {
      if (!effect.fromStage().isEmpty() && spec.stageIndex(effect.fromStage()) < 0) {
        throw new IllegalArgumentException("no stage " + effect.fromStage() + " in " + spec.id());
      }
    }
    holidays = java.util.Collections.unmodifiableMap(new TreeMap<>(holidays));
    effects = List.copyOf(effects);
    shocks = List.copyOf(shocks);
  }

  /** A plain world without effects, holidays, shocks or faults, growing by 1 % a week. */
  public static SimulationConfig plain(
      RolloutSpec spec, long seed, long startMs, double unitsPerDay) {
    return new SimulationConfig(
        spec, seed, startMs, unitsPerDay, 0.01, Map.of(), List.of(), List.of(), Faults.NONE, true);
  }

  public SimulationConfig withEffects(List<PlantedEffect> planted) {
    return new SimulationConfig(
        spec,
        seed,
        startMs,
        unitsPerDay,
        growthPerWeek,
        holidays,
        planted,
        shocks,
        faults,
        exposuresBefore);
  }

  public SimulationConfig withFaults(Faults stated) {
    return new SimulationConfig(
        spec,
        seed,
        startMs,
        unitsPerDay,
        growthPerWeek,
        holidays,
        effects,
        shocks,
        stated,
        exposuresBefore);
  }

  public SimulationConfig withHolidays(Map<Long, Double> factors) {
    return new SimulationConfig(
        spec,
        seed,
        startMs,
        unitsPerDay,
        growthPerWeek,
        factors,
        effects,
        shocks,
        faults,
        exposuresBefore);
  }

  public SimulationConfig withShocks(List<Shock> felt) {
    return new SimulationConfig(
        spec,
        seed,
        startMs,
        unitsPerDay,
        growthPerWeek,
        holidays,
        effects,
        felt,
        faults,
        exposuresBefore);
  }
}
