package io.tidegate.analysis.timeline;

import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import org.jspecify.annotations.Nullable;

/**
 * A spec with its frozen quantities.
 *
 * @param specHash SHA-256 of the spec's canonical form
 */
public record Definition(RolloutSpec spec, Resolved resolved, String specHash) {

  /** The margin to be shown in a stage: as resolved, else {@link RolloutSpec#stageMargin}. */
  public @Nullable Margin stageMargin(Stage stage, Metric metric) {
    for (Resolved.StagePlan plan : resolved.stages()) {
      if (plan.stage().equals(stage.name()) && plan.margins().containsKey(metric.name())) {
        return plan.margins().get(metric.name());
      }
    }
    return spec.stageMargin(stage, metric);
  }
}
