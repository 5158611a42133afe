package io.tidegate.model;

import java.io.Serializable;

/**
 * How far a run of the baseline folded a series, and from what.
 *
 * @param revision number of the run
 * @param foldedToMs end of the history that it read
 * @param knownFromMs start of the archive
 * @param recipe how units enter, are split and counted
 * @param treatments what made a unit treated
 * @param exposuresSnapshot snapshot of {@code exposures} read; 0 for none
 */
public record BaselineProgress(
    int revision,
    long foldedToMs,
    long knownFromMs,
    String recipe,
    String treatments,
    long exposuresSnapshot,
    long outcomesSnapshot,
    long hourlySnapshot)
    implements Serializable {

  /** The same run with a series' recipe. */
  public BaselineProgress of(String seriesRecipe) {
    return new BaselineProgress(
        revision,
        foldedToMs,
        knownFromMs,
        seriesRecipe,
        treatments,
        exposuresSnapshot,
        outcomesSnapshot,
        hourlySnapshot);
  }
}
