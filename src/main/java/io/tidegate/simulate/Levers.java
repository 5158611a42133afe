package io.tidegate.simulate;

import java.util.Map;

/** What effects and shocks make of each lever for a unit at an instant. */
final class Levers {

  private final SimulationConfig config;
  private final Season season;
  private final Timeline timeline;

  Levers(SimulationConfig config, Season season, Timeline timeline) {
    this.config = config;
    this.season = season;
    this.timeline = timeline;
  }

  /**
   * Factor on a lever.
   *
   * @param variant index of the variant the unit has: 0 control, negative none
   */
  double factor(Lever lever, int variant, long timeMs, Map<String, String> attributes) {
    double factor = season.factor(lever, timeMs);
    if (variant <= 0) {
      return factor;
    }
    int stage = timeline.stageAt(timeMs);
    String name = config.spec().flag().variants().get(variant);
    for (PlantedEffect effect : config.effects()) {
      boolean here =
          effect.lever() == lever
              && stage != Timeline.NONE
              && (effect.variant().isEmpty() || effect.variant().equals(name))
              && (effect.fromStage().isEmpty()
                  || stage >= config.spec().stageIndex(effect.fromStage()))
              && attributes.entrySet().containsAll(effect.where().entrySet());
      if (here) {
        factor *= 1 + effect.relative();
      }
    }
    return factor;
  }
}
