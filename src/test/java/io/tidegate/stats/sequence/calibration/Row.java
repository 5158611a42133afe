package io.tidegate.stats.sequence.calibration;

import io.tidegate.stats.estimate.Proportions;
import io.tidegate.stats.tail.Tails;

/**
 * One measured figure beside its anchor.
 *
 * @param section scenario
 * @param method what was run
 * @param figure what was measured: false positives %, power %, median delay
 * @param measured the figure here
 * @param error its Monte-Carlo standard error
 * @param anchor the figure of vectors/anchors.md; NaN where it has none
 * @param anchorError its standard error
 * @param deviation how far apart the two are, in standard errors
 */
record Row(
    String section,
    String method,
    String figure,
    double measured,
    double error,
    double anchor,
    double anchorError,
    double deviation) {

  static final String FALSE_POSITIVES = "false positives %";
  static final String POWER = "power %";
  static final String DELAY = "median delay";

  static Row percent(
      String section, String method, String figure, Tally tally, double anchor, int anchorRuns) {
    return new Row(
        section,
        method,
        figure,
        tally.percent(method),
        tally.error(method),
        anchor,
        Tally.error(anchor, anchorRuns),
        Double.isNaN(anchor) ? Double.NaN : deviation(tally, method, anchor, anchorRuns));
  }

  /**
   * The z of Fisher's exact p between the crossings here and there: a standard error estimated from
   * few runs with an extreme share is far too small.
   */
  private static double deviation(Tally tally, String method, double anchor, int anchorRuns) {
    long theirs = Math.round(anchor / 100 * anchorRuns);
    double p = Proportions.fisher(theirs, anchorRuns, tally.crossed(method), tally.runs());
    return p >= 1 ? 0 : Tails.normalUpperQuantile(p / 2);
  }

  static Row delay(String section, String method, Tally tally, double anchor, int anchorRuns) {
    double error = tally.medianError(method);
    double theirs = error * Math.sqrt((double) tally.runs() / anchorRuns) + 0.005 * anchor;
    double gap = tally.median(method) - anchor;
    double deviation = gap == 0 ? 0 : Math.abs(gap) / Math.hypot(error, theirs);
    return new Row(section, method, DELAY, tally.median(method), error, anchor, theirs, deviation);
  }

  boolean anchored() {
    return !Double.isNaN(anchor);
  }
}
