package io.tidegate.simulate;

import java.util.Map;
import java.util.TreeMap;

/**
 * A true effect of the treatment.
 *
 * @param relative change of the lever as a fraction: −0.4 takes 40 % away
 * @param variant the treatment that has it; empty: all treatments
 * @param fromStage first stage in which it is there; empty: from the first
 * @param where attribute → value a unit must have; empty: all units
 */
public record PlantedEffect(
    Lever lever, double relative, String variant, String fromStage, Map<String, String> where) {

  public PlantedEffect {
    if (!(relative >= -1 && relative < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("an effect is a number ≥ −1, not " + relative);
    }
    if (lever == Lever.TRAFFIC) {
      throw new IllegalArgumentException("a variant has no TRAFFIC effect; plant RETURN");
    }
    where = java.util.Collections.unmodifiableMap(new TreeMap<>(where));
  }

  /** The same effect for every treated unit, from the first stage on. */
  public static PlantedEffect everywhere(Lever lever, double relative) {
    return new PlantedEffect(lever, relative, "", "", Map.of());
  }
}
