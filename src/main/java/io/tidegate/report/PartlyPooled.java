package io.tidegate.report;

import io.tidegate.model.Estimate;
import io.tidegate.model.SegmentDimension;
import io.tidegate.stats.Stated;
import io.tidegate.stats.estimate.MetaAnalysis;
import io.tidegate.stats.sequence.NormalMixture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Effects in segments drawn towards each other: what a segment's own effect says, less what chance
 * alone makes of small ones (empirical Bayes under N(mean, tau²), DerSimonian and Laird 1986; Efron
 * and Morris 1975). For display; no verdict uses it.
 */
final class PartlyPooled {

  private final Map<Estimate, Double> effects = new HashMap<>();

  private PartlyPooled() {}

  /** The segments of each dimension and treatment among themselves, on a scale's axis. */
  static PartlyPooled of(List<Estimate> rows, Scale scale) {
    Map<List<String>, List<Estimate>> families = new HashMap<>();
    for (Estimate e : rows) {
      if (!e.dimension().equals(SegmentDimension.ALL) && standardError(e, scale) > 0) {
        families
            .computeIfAbsent(List.of(e.dimension(), e.treatmentVariant()), k -> new ArrayList<>())
            .add(e);
      }
    }
    PartlyPooled pooled = new PartlyPooled();
    families.values().forEach(family -> pooled.add(family, scale));
    return pooled;
  }

  private void add(List<Estimate> family, Scale scale) {
    double[] effect = new double[family.size()];
    double[] error = new double[family.size()];
    for (int i = 0; i < effect.length; i++) {
      Double own = scale.effect(family.get(i));
      effect[i] = own == null ? Double.NaN : own;
      error[i] = standardError(family.get(i), scale);
    }
    if (effect.length > 1
        && MetaAnalysis.derSimonianLaird(effect, error) instanceof Stated.Value<MetaAnalysis> of) {
      for (int i = 0; i < effect.length; i++) {
        effects.put(family.get(i), of.orThrow().shrunk().get(i));
      }
    }
  }

  /** The effect drawn towards the others of its dimension; null where that cannot be said. */
  @Nullable Double effect(Estimate e) {
    return effects.get(e);
  }

  /**
   * The standard error behind an anytime range, at most: its half width over the smallest critical
   * value that such a range has; 0 without an effect or with an open range.
   */
  private static double standardError(Estimate e, Scale scale) {
    Double lower = scale.lower(e);
    Double upper = scale.upper(e);
    if (scale.effect(e) == null || lower == null || upper == null) {
      return 0;
    }
    double critical = NormalMixture.criticalTwo(NormalMixture.tunedKappa(e.alpha()), e.alpha());
    return (upper - lower) / 2 / critical;
  }
}
