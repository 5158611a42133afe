package io.tidegate.analysis.impact;

import io.tidegate.stats.Stated;
import io.tidegate.stats.sums.Moments;
import io.tidegate.stats.sums.RatioMoments;
import io.tidegate.stats.sums.UnitSums;
import org.jspecify.annotations.Nullable;

/**
 * One variant in one stratum. A unit's score is (y − ratio·d − centre)/meanD: for a mean ratio 0
 * and meanD 1, for a ratio of means centre 0, for an adjusted mean d the covariate, ratio θ and
 * meanD 1.
 *
 * @param n units, at least 2
 * @param meanVariance squared standard error of {@code mean}
 */
record Arm(
    Slice slice,
    long n,
    double mean,
    double meanVariance,
    double ratio,
    double centre,
    double meanD) {

  /** A mean of y, or the ratio Σy/Σd; null where it or its error cannot be said. */
  static @Nullable Arm of(Slice slice, UnitSums sums, boolean isRatio) {
    if (sums.units() < 2) {
      return null;
    }
    if (!isRatio) {
      Moments m = sums.moments();
      return new Arm(slice, m.n(), m.mean(), m.meanVariance().orThrow(), 0, m.mean(), 1);
    }
    RatioMoments joint = sums.ratio();
    Stated<Moments> score = joint.score();
    if (!score.said()) {
      return null;
    }
    Moments m = score.orThrow();
    return new Arm(slice, m.n(), m.mean(), m.meanVariance().orThrow(), m.mean(), 0, joint.meanD());
  }

  /** A share. */
  static @Nullable Arm ofSuccesses(Slice slice, long successes, long n) {
    if (n < 2) {
      return null;
    }
    Moments m = Moments.ofSuccesses(successes, n);
    return new Arm(slice, n, m.mean(), m.meanVariance().orThrow(), 0, m.mean(), 1);
  }

  /** The same of the units whose covariate is not known, all given one worth {@code shift}. */
  Arm unadjusted(double shift) {
    return new Arm(slice, n, mean, meanVariance, 0, centre + shift, meanD);
  }

  /** The same with a unit's variance no smaller than the other's. */
  Arm varyingAtLeastAs(Arm other) {
    double least = other.meanVariance * other.n / n;
    return new Arm(slice, n, mean, Math.max(meanVariance, least), ratio, centre, meanD);
  }

  /** Σ over units in both arms of score × score, each divided by its arm's n. */
  double cross(CrossSums shared, Arm other) {
    return shared.scoreProduct(ratio, centre, other.ratio, other.centre)
        / (meanD * other.meanD)
        / ((double) n * other.n);
  }
}
