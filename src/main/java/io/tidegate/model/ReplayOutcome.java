package io.tidegate.model;

import java.util.List;

/**
 * How a replay of a rollout compares with what is archived.
 *
 * @param boundaries boundaries recomputed up to the newest archived one
 * @param identical boundaries whose content is the same to the last bit
 * @param corrected ids of the signals that were appended, or would be, because the content differs
 * @param absent boundaries that the archive lacks although it holds a later one
 * @param beyond boundaries later than the newest archived one, not compared
 */
public record ReplayOutcome(
    String rolloutId,
    int boundaries,
    int identical,
    List<String> corrected,
    int absent,
    int beyond) {

  public ReplayOutcome {
    corrected = List.copyOf(corrected);
  }

  /** Whether every archived boundary came out the same. */
  public boolean reproduces() {
    return boundaries > 0 && identical == boundaries;
  }
}
