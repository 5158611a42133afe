package io.tidegate.stats.sequence.calibration;

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
 */
record Row(
    String section,
    String method,
    String figure,
    double measured,
    double error,
    double anchor,
    double anchorError) {

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
        Tally.error(anchor, anchorRuns));
  }

  static Row delay(String section, String method, Tally tally, double anchor, int anchorRuns) {
    double error = tally.medianError(method);
    double theirs = error * Math.sqrt((double) tally.runs() / anchorRuns) + 0.005 * anchor;
    return new Row(section, method, DELAY, tally.median(method), error, anchor, theirs);
  }

  boolean anchored() {
    return !Double.isNaN(anchor);
  }

  /** The difference in standard errors of both. */
  double deviation() {
    double gap = measured - anchor;
    return gap == 0 ? 0 : gap / Math.hypot(error, anchorError);
  }
}
