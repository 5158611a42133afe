package io.tidegate.analysis.resolve;

import io.tidegate.model.Margin;
import org.jspecify.annotations.Nullable;

/**
 * What a stage must show of a guardrail, and how long that takes if the change does no harm.
 *
 * @param unitsPerVariant units per variant that show the margin in 82–85 % of runs; null where
 *     history cannot say
 * @param days days after the stage's entry until they are there; null where history cannot say
 * @param late whether that is after the stage's {@code max_duration}
 */
public record MarginPlan(
    String stage,
    String metric,
    Margin margin,
    @Nullable Double unitsPerVariant,
    @Nullable Double days,
    boolean late) {}
