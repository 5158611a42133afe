package io.tidegate.stats.sequence.calibration;

import static io.tidegate.stats.sequence.calibration.Row.FALSE_POSITIVES;
import static io.tidegate.stats.sequence.calibration.Row.POWER;

import io.tidegate.stats.sequence.LabelStratum;
import io.tidegate.stats.sequence.LabelTest;
import io.tidegate.stats.sequence.RatioStratum;
import io.tidegate.stats.sequence.SampleRatio;
import io.tidegate.stats.sequence.Side;
import java.util.ArrayList;
import java.util.List;

/**
 * anchors.md §5 and the last lines of §4: the sample-ratio test and the label test at small alpha.
 */
final class Splits {

  private static final String SRM = "sequential sample-ratio test, alpha 0.1 %";
  private static final String CHI = "chi-square at every look, p < 0.001";
  private static final double[] ALPHAS = {.05, .01, .001};

  private Splits() {}

  static List<Row> rows(int runs) {
    List<Row> rows = new ArrayList<>();
    String even = "split 50/50, 400 looks to 100,000 units";
    Tally none = splits(runs, .5);
    rows.add(Row.percent(even, CHI, FALSE_POSITIVES, none, 3.00, 2000));
    rows.add(Row.percent(even, SRM, FALSE_POSITIVES, none, .10, 2000));
    String small = "split 50.5/49.5";
    rows.add(Row.percent(small, SRM, POWER, splits(runs, .505), 16.95, 2000));
    String large = "split 52/48";
    Tally gross = splits(runs / 2, .52);
    rows.add(Row.percent(large, SRM, POWER, gross, 100, 2000));
    rows.add(Row.delay(large, SRM, gross, 10904, 2000));
    rows.addAll(labels(runs, .05, new double[] {2.10, .60, .03}));
    rows.addAll(labels(runs, .001, new double[] {1.00, .22, 0}));
    return rows;
  }

  private static Tally splits(int runs, double share) {
    int[] looks = Grid.ratioLooks(100, 100_000, 400);
    int[] steps = Grid.steps(looks);
    Draws draws = new Draws(3);
    Tally tally = new Tally();
    for (int r = 0; r < runs; r++) {
      long first = 0;
      for (int i = 0; i < looks.length; i++) {
        first += draws.binomial(steps[i], share);
        RatioStratum s = RatioStratum.of(first, looks[i] - first, .5);
        double z = (first - looks[i] / 2.0) / Math.sqrt(looks[i] / 4.0);
        tally.look(CHI, Math.abs(z) > 3.2905, looks[i]);
        tally.look(SRM, SampleRatio.of(List.of(s)).pValue() <= .001, looks[i]);
      }
      tally.endRun();
    }
    return tally;
  }

  private static List<Row> labels(int runs, double rate, double[] anchors) {
    int[] steps = Grid.steps(Grid.looks(20000, 300));
    Draws draws = new Draws(14);
    Tally tally = new Tally();
    for (int r = 0; r < runs; r++) {
      long a = 0;
      long b = 0;
      for (int step : steps) {
        a += draws.binomial(step, rate);
        b += draws.binomial(step, rate);
        double logE = LabelTest.logE(List.of(new LabelStratum(.5, a, b)), 0, Side.GREATER);
        for (double alpha : ALPHAS) {
          tally.look(method(alpha), logE >= -Math.log(alpha), step);
        }
      }
      tally.endRun();
    }
    List<Row> rows = new ArrayList<>();
    for (int k = 0; k < ALPHAS.length; k++) {
      String name = "rate " + rate + ", 20,000 users per variant";
      rows.add(Row.percent(name, method(ALPHAS[k]), FALSE_POSITIVES, tally, anchors[k], 4000));
    }
    return rows;
  }

  private static String method(double alpha) {
    return "label test, one-sided, nominal " + 100 * alpha + " %";
  }
}
