package io.tidegate.analysis.impact;

import static io.tidegate.analysis.impact.Rollouts.DAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Censoring;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ImpactEstimate.Aspect;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Units that entered when everyone had the treatment are compared with none. */
class LaunchedTest {

  private static final int UNITS = 500;

  private final List<ImpactEstimate> effects =
      ImpactTables.of(LifeWorld.launched(UNITS, 1)).effects().stream()
          .filter(e -> e.epoch() == ImpactEstimate.TO_DATE_EPOCH && e.metric().equals("revenue"))
          .toList();

  @Test
  void durability_isOfTheUnitsThatHaveAControl() {
    assertThat(effects)
        .filteredOn(e -> e.aspect() == Aspect.CHANGE)
        .singleElement()
        .matches(e -> e.ageDays() == 12)
        .matches(e -> e.unitsControl() == UNITS && e.unitsTreatment() == UNITS);
  }

  @Test
  void adjusted_isOfTheUnitsThatHaveAControl() {
    assertThat(effects)
        .filteredOn(e -> e.aspect() == Aspect.ADJUSTED)
        .singleElement()
        .matches(e -> e.unitsControl() == UNITS && e.unitsTreatment() == UNITS);
  }

  /** Twice the 20 days until the launch, from there. */
  @Test
  void projection_reachesAsFarAsTheComparisonAllows() {
    assertThat(effects)
        .filteredOn(e -> e.aspect() == Aspect.PROJECTED)
        .singleElement()
        .matches(e -> e.ageDays() == 28)
        .matches(e -> e.censoring() == Censoring.NO_CONTROL)
        .matches(e -> e.censoredAtMs() == LifeWorld.LAUNCH_DAY * DAY);
  }
}
