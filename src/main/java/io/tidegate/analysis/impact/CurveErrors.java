package io.tidegate.analysis.impact;

/** How the errors of one variant's figures at the ages of a curve go together. */
interface CurveErrors {

  /** Number of ages. */
  int size();

  /** Units at an age; 0 where the variant has too few. */
  long units(int index);

  /** Adds to the lower triangle the covariance of the figures, each times its weight. */
  void addTo(double[][] covariance, double[] weights);
}
