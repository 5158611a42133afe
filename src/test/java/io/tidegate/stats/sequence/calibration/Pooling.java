package io.tidegate.stats.sequence.calibration;

import static io.tidegate.stats.sequence.calibration.Row.FALSE_POSITIVES;

import io.tidegate.stats.Stated;
import io.tidegate.stats.sequence.GrowthBook;
import io.tidegate.stats.sequence.MeanContrast;
import io.tidegate.stats.sequence.MeanStratum;
import io.tidegate.stats.sequence.MixtureAverage;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sequence.Tuning;
import java.util.ArrayList;
import java.util.List;

/** anchors.md §4: three ramp epochs with different rates and shares, no effect, 300 looks. */
final class Pooling {

  private static final String NAME = "three ramp epochs (5, 25, 50 %), no effect";
  private static final String TWO = "strata, two-sided";
  private static final String UP = "strata, one-sided up";
  private static final String DOWN = "strata, one-sided down";
  private static final String POOLED = "GrowthBook's sequence on pooled counts";
  private static final double[][] EPOCHS = {{.05, .06}, {.25, .04}, {.5, .05}};
  private static final int UNITS = 20000;
  private static final int LOOKS = 100;
  private static final int PILOT_RUNS = 40;

  private Pooling() {}

  static List<Row> rows(int runs) {
    Draws pilot = new Draws(81);
    double information = 0;
    for (int r = 0; r < PILOT_RUNS; r++) {
      List<MeanStratum> strata = new ArrayList<>();
      for (double[] e : EPOCHS) {
        Arms arms = new Arms();
        arrive(pilot, arms, e, LOOKS, LOOKS);
        strata.add(arms.stratum());
      }
      information += Arms.information(strata, true) / PILOT_RUNS;
    }
    Tuning tuning = Tuning.at(.05, information, 1);
    Draws draws = new Draws(8);
    Tally tally = new Tally();
    for (int r = 0; r < runs; r++) {
      run(draws, tuning, tally);
      tally.endRun();
    }
    return List.of(
        Row.percent(NAME, TWO, FALSE_POSITIVES, tally, 1.18, 6000),
        Row.percent(NAME, UP, FALSE_POSITIVES, tally, 1.55, 6000),
        Row.percent(NAME, DOWN, FALSE_POSITIVES, tally, 1.50, 6000),
        Row.percent(NAME, POOLED, FALSE_POSITIVES, tally, 64.58, 6000));
  }

  private static void run(Draws draws, Tuning tuning, Tally tally) {
    List<MeanStratum> strata = new ArrayList<>();
    Arms pooled = new Arms();
    for (double[] e : EPOCHS) {
      Arms arms = new Arms();
      strata.add(Arms.EMPTY);
      for (int k = 1; k <= LOOKS; k++) {
        Arms step = new Arms();
        arrive(draws, step, e, k, 1);
        arms.add(step);
        pooled.add(step);
        strata.set(strata.size() - 1, arms.stratum());
        look(strata, pooled, tuning, tally);
      }
    }
  }

  private static void look(List<MeanStratum> strata, Arms pooled, Tuning tuning, Tally tally) {
    Stated<MeanContrast> contrast = MeanContrast.of(strata, 1, true);
    boolean started =
        contrast instanceof Stated.Value<MeanContrast> c && c.value().information() > 1.5;
    look(tally, TWO, started, contrast, Side.TWO, tuning);
    look(tally, UP, started, contrast, Side.GREATER, tuning);
    look(tally, DOWN, started, contrast, Side.LESS, tuning);
    boolean apart =
        GrowthBook.twoSided(pooled.stratum(), .05, 5000, false)
                instanceof Stated.Value<GrowthBook> g
            && g.value().pValue() <= .05;
    tally.look(POOLED, apart, pooled.nB);
  }

  private static void look(
      Tally tally,
      String method,
      boolean started,
      Stated<MeanContrast> contrast,
      Side side,
      Tuning tuning) {
    boolean crosses =
        started && Arms.crosses(contrast.orThrow(), side, tuning, MixtureAverage.SINGLE);
    tally.look(method, crosses, 0);
  }

  /** The units that come between look {@code to − looks} and look {@code to} of an epoch. */
  private static void arrive(Draws draws, Arms arms, double[] epoch, int to, int looks) {
    int nA = units(1 - epoch[0], to) - units(1 - epoch[0], to - looks);
    int nB = units(epoch[0], to) - units(epoch[0], to - looks);
    arms.nA += nA;
    arms.nB += nB;
    arms.sumA += draws.binomial(nA, epoch[1]);
    arms.sumB += draws.binomial(nB, epoch[1]);
    arms.squareA = arms.sumA;
    arms.squareB = arms.sumB;
  }

  private static int units(double share, int look) {
    return (int) Math.rint(UNITS * share * look / LOOKS);
  }
}
