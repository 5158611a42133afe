package io.tidegate.simulate;

import io.tidegate.model.Assignment;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import java.util.List;

/**
 * The flag system: which variant a unit is served, by hashes of unit and salt. Shares are nested: a
 * unit that has a treatment keeps it as the ramp grows.
 */
final class Assigner {

  /** Longest time a changed flag takes to reach a unit's server, within the usual settle time. */
  static final long PROPAGATION_MS = 90_000;

  private final RolloutSpec spec;
  private final Timeline timeline;
  private final double mixed;
  private final long saltSeed;

  /** What a unit is served: the variant and whether it is one of the rollout's. */
  record Served(String variant, int index) {}

  Assigner(RolloutSpec spec, Timeline timeline, double mixed) {
    this.spec = spec;
    this.timeline = timeline;
    this.mixed = mixed;
    this.saltSeed = (spec.flag().key() + "/" + spec.flag().salt()).hashCode();
  }

  /** What the unit is served at an instant, at its {@code visit}-th visit of the day. */
  Served served(long unit, long timeMs, int visit) {
    long known = timeMs;
    if (spec.assignment() == Assignment.RAMPED) {
      long delay = (long) (hash("propagation", unit) * PROPAGATION_MS);
      known = timeline.since(timeMs) + delay <= timeMs ? timeMs : timeline.since(timeMs) - 1;
    }
    int stage = timeline.stageAt(known);
    Served fair = stage == Timeline.NONE ? outside() : inStage(unit, spec.stages().get(stage));
    boolean flips = mixed > 0 && fair.index() >= 0 && hash("mixed", unit) < mixed;
    return flips && visit % 2 == 1 ? variant((fair.index() + 1) % variants().size()) : fair;
  }

  private Served inStage(long unit, Stage stage) {
    double holdout = spec.holdout() == null ? 0 : spec.holdout().percent() / 100;
    double share = stage.percent() / 100;
    if (share >= 1) {
      return hash("holdout", unit) < holdout ? variant(0) : variant(treatmentOf(unit));
    }
    if (spec.assignment() == Assignment.RAMPED) {
      return variant(hash("ramp", unit) < share ? treatmentOf(unit) : 0);
    }
    double enrolled = share / spec.flag().treatmentShare();
    if (hash("enrolled", unit) >= enrolled) {
      return outside();
    }
    return variant(hash("split", unit) < spec.flag().treatmentShare() ? treatmentOf(unit) : 0);
  }

  /** Served while the rollout is not there: nobody has the treatment. */
  private Served outside() {
    return spec.assignment() == Assignment.MATCHED
        ? new Served(spec.flag().notEnrolled(), -1)
        : variant(0);
  }

  /** Index of the treatment that the unit has once it is treated. */
  private int treatmentOf(long unit) {
    List<String> treatments = spec.flag().treatments();
    double[] weights = new double[treatments.size()];
    double all = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = spec.flag().split().getOrDefault(treatments.get(i), 1.0);
      all += weights[i];
    }
    double left = hash("treatment", unit) * all;
    for (int i = 0; i < weights.length - 1; i++) {
      left -= weights[i];
      if (left < 0) {
        return i + 1;
      }
    }
    return weights.length;
  }

  private Served variant(int index) {
    return new Served(variants().get(index), index);
  }

  private List<String> variants() {
    return spec.flag().variants();
  }

  private double hash(String what, long unit) {
    return Draws.uniform(saltSeed, what, unit);
  }
}
