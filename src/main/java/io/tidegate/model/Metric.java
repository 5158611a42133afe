package io.tidegate.model;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A definition that turns a unit's outcomes into a number, and what change of it matters.
 *
 * @param margin the loss tolerated at full exposure; null where none is stated
 * @param rollback harm beyond which ROLLBACK fires; null: the margin, and never for a success
 *     metric
 * @param minimumEffect the effect worth finding; null: the margin, else 5 %
 * @param segmentMargins {@code dimension=value} → margin in that segment
 * @param owner who answers for it; empty: the rollout's owner
 * @param source where its data come from; empty: the rollout's
 */
public record Metric(
    String name,
    Role role,
    MetricKind kind,
    Better better,
    @Nullable Margin margin,
    @Nullable Margin rollback,
    @Nullable Margin minimumEffect,
    Map<String, Margin> segmentMargins,
    String owner,
    String source) {

  /** The smallest effect worth finding where a metric names none. */
  public static final Margin DEFAULT_MINIMUM_EFFECT = Margin.relative(0.05);

  public Metric {
    segmentMargins = java.util.Collections.unmodifiableMap(new TreeMap<>(segmentMargins));
  }

  /** Harm beyond which ROLLBACK fires, or null where the metric never rolls back. */
  public @Nullable Margin rollbackMargin() {
    if (rollback != null) {
      return rollback;
    }
    return role == Role.GUARDRAIL ? margin : null;
  }

  /** The effect that its tests are tuned to. */
  public Margin tunedEffect() {
    if (minimumEffect != null) {
      return minimumEffect;
    }
    return margin != null ? margin : DEFAULT_MINIMUM_EFFECT;
  }
}
