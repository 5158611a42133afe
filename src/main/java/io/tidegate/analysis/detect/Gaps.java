package io.tidegate.analysis.detect;

/** How unusual a run of absent buckets is, by its rank among all runs so far. */
final class Gaps {
  private static final int KEPT = 256;

  private final double[] largest = new double[KEPT];
  private int kept;

  /**
   * log of the buckets in which one gap as large is seen, from {@code buckets} seen; then keeps it.
   */
  double add(double mass, double buckets) {
    int larger = 0;
    int smallest = 0;
    for (int i = 0; i < kept; i++) {
      larger += largest[i] >= mass ? 1 : 0;
      smallest = largest[i] < largest[smallest] ? i : smallest;
    }
    if (kept < KEPT) {
      largest[kept++] = mass;
    } else if (mass > largest[smallest]) {
      largest[smallest] = mass;
    }
    return StrictMath.log((buckets + 1) / (larger + 1.0));
  }
}
