package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.sums.Moments;

/** The set of lifts B/A − 1 that a level does not exclude; Fieller's set need not be bounded. */
public sealed interface LiftSet {

  /** The lifts between two bounds. */
  record Between(double low, double high) implements LiftSet {}

  /** The lifts outside (low, high): control's mean is not clearly away from 0. */
  record Outside(double low, double high) implements LiftSet {}

  /** Every lift. */
  record Everything() implements LiftSet {}

  /**
   * Fieller's set {θ − 1 : |m_B − θ m_A| ≤ c √(se²_B + θ² se²_A)} (Fieller 1954). With P = m_A² −
   * c² se²_A, Q = m_A m_B, R = m_B² − c² se²_B and P &gt; 0 it is an interval (Q ∓ √(Q² − PR))/P −
   * 1; with P &lt; 0 and Q² &gt; PR everything outside one; else, and where a product leaves the
   * range of doubles, every lift.
   *
   * @param squaredErrorA squared standard error of A's mean, at least 0
   * @param squaredErrorB squared standard error of B's mean, at least 0
   * @param critical c: a normal, t or anytime critical value, greater than 0
   */
  static LiftSet fieller(
      double meanA, double squaredErrorA, double meanB, double squaredErrorB, double critical) {
    if (!(squaredErrorA >= 0 && squaredErrorB >= 0 && critical > 0)
        || !Double.isFinite(meanA + meanB + squaredErrorA + squaredErrorB)) {
      throw new IllegalArgumentException(
          "means %s and %s must be finite, squared errors %s and %s >= 0, critical %s > 0"
              .formatted(meanA, meanB, squaredErrorA, squaredErrorB, critical));
    }
    double square = critical * critical;
    double p = meanA * meanA - square * squaredErrorA;
    double q = meanA * meanB;
    double r = meanB * meanB - square * squaredErrorB;
    double root2 =
        square
            * (meanA * meanA * squaredErrorB
                + meanB * meanB * squaredErrorA
                - square * squaredErrorA * squaredErrorB);
    if (!Double.isFinite(p + q + r + root2)) {
      return new Everything();
    }
    if (p > 0) {
      double root = StrictMath.sqrt(StrictMath.max(0, root2));
      return new Between(root(p, q, r, -root) - 1, root(p, q, r, root) - 1);
    }
    if (p < 0 && root2 > 0) {
      double root = StrictMath.sqrt(root2);
      double first = root(p, q, r, -root) - 1;
      double second = root(p, q, r, root) - 1;
      return new Outside(StrictMath.min(first, second), StrictMath.max(first, second));
    }
    return new Everything();
  }

  /** (q + root)/p, by the other root where the two terms cancel. */
  private static double root(double p, double q, double r, double root) {
    double sum = q + root;
    return q * root < 0 && sum != 0 && q - root != 0 ? r / (q - root) : sum / p;
  }

  /** Fieller's set from two variants' moments; cannot say below two units in a variant. */
  static Stated<LiftSet> fieller(Moments a, Moments b, double critical) {
    return Welch.bothVary(a, b, v -> fieller(a.mean(), v.a(), b.mean(), v.b(), critical));
  }
}
