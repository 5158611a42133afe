package io.tidegate.stats.sequence.calibration;

import static io.tidegate.stats.sequence.calibration.Row.FALSE_POSITIVES;

import io.tidegate.stats.sequence.LabelStratum;
import io.tidegate.stats.sequence.LabelTest;
import io.tidegate.stats.sequence.MeanStratum;
import io.tidegate.stats.sequence.MixtureAverage;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sequence.Tuning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * anchors.md §3: users' totals keep moving after exposure; the variance clock and the label test.
 */
final class MovingTotals {

  private static final int USERS = 8000;
  private static final int PILOT_RUNS = 30;
  private static final double ALPHA = .05;
  private static final String MEAN = "variance clock, two-sided";
  private static final String LABEL = "label test, two-sided";

  /** How totals accrue. */
  private enum Accrual {
    FINAL_AT_EXPOSURE("outcome final at exposure", 1.47, 2.10, 3000, .05),
    CONVERSION_5("first conversion, delayed, 5 %", 1.47, 2.10, 3000, .05),
    CONVERSION_40("first conversion, delayed, 40 %", 2.50, 2.93, 3000, .4),
    CONVERSION_95("first conversion, delayed, 95 %", 4.30, 3.07, 3000, .95),
    UNEQUAL_COUNTS("open-ended counts, users very unequal", .20, Double.NaN, 1000, 0),
    EQUAL_COUNTS("open-ended counts, users alike", 1.40, Double.NaN, 1000, 0),
    REFUNDS("purchases, half refunded soon after", 2.90, Double.NaN, 3000, 0);

    private final String title;
    private final double anchor;
    private final double labelAnchor;
    private final int anchorRuns;
    private final double rate;

    Accrual(String title, double anchor, double labelAnchor, int anchorRuns, double rate) {
      this.title = title;
      this.anchor = anchor;
      this.labelAnchor = labelAnchor;
      this.anchorRuns = anchorRuns;
      this.rate = rate;
    }

    boolean once() {
      return rate > 0;
    }
  }

  private MovingTotals() {}

  static List<Row> rows(int runs) {
    double[] looks =
        DoubleStream.concat(Grid.ratios(1e-3, 1, 200), Grid.even(1.0 / 200, 1, 200))
            .sorted()
            .distinct()
            .toArray();
    List<Row> rows = new ArrayList<>();
    for (Accrual accrual : Accrual.values()) {
      int n = accrual.once() || accrual == Accrual.REFUNDS ? runs : runs / 3;
      Tally tally = tally(accrual, looks, n);
      String name = "totals that move: " + accrual.title;
      rows.add(Row.percent(name, MEAN, FALSE_POSITIVES, tally, accrual.anchor, accrual.anchorRuns));
      if (accrual.once()) {
        rows.add(
            Row.percent(
                name, LABEL, FALSE_POSITIVES, tally, accrual.labelAnchor, accrual.anchorRuns));
      }
    }
    return rows;
  }

  private static Tally tally(Accrual accrual, double[] looks, int runs) {
    Draws pilot = new Draws(4);
    double information = 0;
    for (int r = 0; r < PILOT_RUNS; r++) {
      Arms[] path = path(accrual, looks, pilot);
      information +=
          Arms.information(List.of(path[looks.length - 1].stratum()), false) / PILOT_RUNS;
    }
    Tuning tuning = Tuning.at(ALPHA, information, 1);
    Draws draws = new Draws(5);
    Tally tally = new Tally();
    for (int r = 0; r < runs; r++) {
      Arms[] path = path(accrual, looks, draws);
      for (int i = 0; i < looks.length; i++) {
        look(accrual, path[i], tuning, looks[i], tally);
      }
      tally.endRun();
    }
    return tally;
  }

  private static void look(Accrual accrual, Arms arms, Tuning tuning, double at, Tally tally) {
    boolean started = arms.nA >= 100 && arms.nB >= 100;
    boolean enough =
        !accrual.once() || accrual == Accrual.FINAL_AT_EXPOSURE || arms.sumA + arms.sumB >= 20;
    if (!tally.done(MEAN)) {
      boolean crosses = false;
      if (started && enough) {
        MeanStratum s = arms.stratum();
        crosses =
            s.varianceControl() > 0
                && s.varianceTreatment() > 0
                && Arms.crosses(List.of(s), Side.TWO, tuning, MixtureAverage.SINGLE, false);
      }
      tally.look(MEAN, crosses, at);
    }
    if (accrual.once() && !tally.done(LABEL)) {
      LabelStratum s = new LabelStratum(.5, (long) arms.sumA, (long) arms.sumB);
      tally.look(LABEL, LabelTest.logE(List.of(s), 0, Side.TWO) >= -Math.log(ALPHA), at);
    }
  }

  /** The sums at every look of one run: increments by look, then added up. */
  private static Arms[] path(Accrual accrual, double[] looks, Draws draws) {
    Arms[] path = new Arms[looks.length + 1];
    Arrays.setAll(path, i -> new Arms());
    boolean throughout = accrual == Accrual.FINAL_AT_EXPOSURE;
    for (int u = 0; u < USERS; u++) {
      boolean treated = draws.uniform() < .5;
      double entered = throughout ? draws.uniform() : .1 * draws.uniform();
      Arms at = path[index(looks, entered)];
      if (treated) {
        at.nB++;
      } else {
        at.nA++;
      }
      user(accrual, looks, draws, path, treated, entered);
    }
    for (int i = 1; i < looks.length; i++) {
      path[i].add(path[i - 1]);
    }
    return path;
  }

  private static void user(
      Accrual accrual, double[] looks, Draws draws, Arms[] path, boolean treated, double entered) {
    if (accrual.once()) {
      if (draws.uniform() < accrual.rate) {
        double delay = accrual == Accrual.FINAL_AT_EXPOSURE ? 0 : draws.exponential(.3);
        move(path[index(looks, entered + delay)], treated, 1, 1);
      }
      return;
    }
    double mean =
        switch (accrual) {
          case UNEQUAL_COUNTS -> draws.gammaHalf(10);
          case EQUAL_COUNTS -> 5;
          default -> 1;
        };
    int purchases = draws.poisson(mean * (1 - entered));
    double[][] events = new double[2 * purchases][];
    int count = 0;
    for (int k = 0; k < purchases; k++) {
      double t = entered + (1 - entered) * draws.uniform();
      events[count++] = new double[] {t, 1};
      if (accrual == Accrual.REFUNDS && draws.uniform() < .5) {
        events[count++] = new double[] {t + draws.exponential(.05), -1};
      }
    }
    Arrays.sort(events, 0, count, (x, y) -> Double.compare(x[0], y[0]));
    double total = 0;
    for (int k = 0; k < count; k++) {
      double x = events[k][1];
      move(path[index(looks, events[k][0])], treated, x, x * (2 * total + x));
      total += x;
    }
  }

  private static void move(Arms at, boolean treated, double sum, double square) {
    if (treated) {
      at.sumB += sum;
      at.squareB += square;
    } else {
      at.sumA += sum;
      at.squareA += square;
    }
  }

  /** The first look at or after {@code time}; one past the last for later times. */
  private static int index(double[] looks, double time) {
    int found = Arrays.binarySearch(looks, time);
    return found >= 0 ? found : -found - 1;
  }
}
