package io.tidegate.stats.sequence.calibration;

import static io.tidegate.stats.sequence.calibration.Row.FALSE_POSITIVES;
import static io.tidegate.stats.sequence.calibration.Row.POWER;

import io.tidegate.stats.Stated;
import io.tidegate.stats.sequence.LabelStratum;
import io.tidegate.stats.sequence.LabelTest;
import io.tidegate.stats.sequence.MeanContrast;
import io.tidegate.stats.sequence.MixtureAverage;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sequence.Tuning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** anchors.md §2 and the 1:9 part of §1: a small treatment, with and without the variance floor. */
final class Canary {

  private static final double[] ALPHAS = {.05, .01, .001};
  private static final boolean[] FLOORS = {false, true};
  private static final double CAP = Math.exp(3 + 1.5 * 2.0537);
  private static final int PILOT_RUNS = 21;
  private static final String MEAN = "mean sequence with the floor, one-sided harm";
  private static final String LABEL = "label test, one-sided harm";

  private record Skew(String name, boolean revenue, int users, int ratio, double[][] anchors) {}

  private Canary() {}

  static List<Row> rows(int runs, int powerRuns) {
    Skew revenue9 =
        new Skew(
            "capped revenue, split 1:9",
            true,
            3000,
            9,
            new double[][] {{11.83, 5.96, 2.57}, {.24, 0, 0}});
    Skew revenue40 =
        new Skew(
            "capped revenue, split 1:40",
            true,
            1500,
            40,
            new double[][] {{18.26, 12.26, 7.38}, {0, 0, 0}});
    Skew conversion =
        new Skew(
            "conversion 5 %, split 1:9",
            false, 2000, 9, new double[][] {{4.49, 1.32, .29}, {1.01, .10, 0}});
    List<Row> rows = new ArrayList<>();
    rows.addAll(floors(revenue9, runs, 20000));
    rows.addAll(floors(revenue40, runs / 2, 5000));
    rows.addAll(floors(conversion, runs, 20000));
    rows.addAll(errors(runs, powerRuns));
    return rows;
  }

  private static List<Row> floors(Skew s, int runs, int theirs) {
    int[] steps = Grid.steps(Grid.ratioLooks(100, s.users, 250));
    Tuning[][] tunings = new Tuning[FLOORS.length][ALPHAS.length];
    for (int f = 0; f < FLOORS.length; f++) {
      double target = finalInformation(s, steps, FLOORS[f]);
      for (int k = 0; k < ALPHAS.length; k++) {
        tunings[f][k] = Tuning.at(ALPHAS[k], target / 2, 1);
      }
    }
    Draws draws = new Draws(77);
    Tally tally = new Tally();
    for (int r = 0; r < runs; r++) {
      Arms arms = new Arms();
      for (int step : steps) {
        arrive(draws, s, arms, step);
        look(arms, tunings, tally);
      }
      tally.endRun();
    }
    List<Row> rows = new ArrayList<>();
    for (int f = 0; f < FLOORS.length; f++) {
      for (int k = 0; k < ALPHAS.length; k++) {
        String method = method(f, k);
        rows.add(Row.percent(s.name, method, FALSE_POSITIVES, tally, s.anchors[f][k], theirs));
      }
    }
    return rows;
  }

  private static void look(Arms arms, Tuning[][] tunings, Tally tally) {
    boolean started = arms.nonZeroA >= 10 && arms.nonZeroB >= 10;
    for (int f = 0; f < FLOORS.length; f++) {
      Stated<MeanContrast> contrast = MeanContrast.of(List.of(arms.stratum()), 1, FLOORS[f]);
      for (int k = 0; k < ALPHAS.length; k++) {
        boolean crosses =
            started
                && contrast instanceof Stated.Value<MeanContrast> c
                && Arms.crosses(c.value(), Side.LESS, tunings[f][k], MixtureAverage.SINGLE);
        tally.look(method(f, k), crosses, arms.nB);
      }
    }
  }

  private static double finalInformation(Skew s, int[] steps, boolean floor) {
    Draws draws = new Draws(78);
    int users = Arrays.stream(steps).sum();
    double[] ends = new double[PILOT_RUNS];
    for (int r = 0; r < ends.length; r++) {
      Arms arms = new Arms();
      arrive(draws, s, arms, users);
      ends[r] = Arms.information(List.of(arms.stratum()), floor);
    }
    Arrays.sort(ends);
    return ends[ends.length / 2];
  }

  private static void arrive(Draws draws, Skew s, Arms arms, int step) {
    arms.nB += step;
    arms.nA += (long) step * s.ratio;
    int hitsB = draws.binomial(step, .05);
    int hitsA = draws.binomial(step * s.ratio, .05);
    arms.nonZeroA += hitsA;
    arms.nonZeroB += hitsB;
    for (int i = 0; i < hitsA; i++) {
      double x = s.revenue ? Math.min(CAP, draws.logNormal(3, 1.5)) : 1;
      arms.sumA += x;
      arms.squareA += x * x;
    }
    for (int i = 0; i < hitsB; i++) {
      double x = s.revenue ? Math.min(CAP, draws.logNormal(3, 1.5)) : 1;
      arms.sumB += x;
      arms.squareB += x * x;
    }
  }

  private static String method(int floor, int k) {
    return (FLOORS[floor] ? "with the floor" : "without the floor")
        + ", harm at nominal "
        + 100 * ALPHAS[k]
        + " %";
  }

  private static List<Row> errors(int runs, int powerRuns) {
    String name = "error users 0.1 % → 0.3 %, split 1:9";
    Tally none = errorRuns(runs, .001);
    Tally harm = errorRuns(powerRuns, .003);
    return List.of(
        Row.percent(name, MEAN, FALSE_POSITIVES, none, .22, 6000),
        Row.percent(name, MEAN, POWER, harm, 99.93, 3000),
        Row.delay(name, MEAN, harm, 5760, 3000),
        Row.percent(name, LABEL, FALSE_POSITIVES, none, 1.58, 6000),
        Row.percent(name, LABEL, POWER, harm, 99.97, 3000),
        Row.delay(name, LABEL, harm, 3420, 3000));
  }

  private static Tally errorRuns(int runs, double rate) {
    int[] steps = Grid.steps(Grid.looks(20000, 500));
    Tuning tuning = Tuning.at(.05, .5 * 18000, .001);
    Draws draws = new Draws(19);
    Tally tally = new Tally();
    for (int r = 0; r < runs; r++) {
      Arms arms = new Arms();
      for (int step : steps) {
        arms.nA += 9L * step;
        arms.nB += step;
        arms.sumA += draws.binomial(9 * step, .001);
        arms.sumB += draws.binomial(step, rate);
        arms.squareA = arms.sumA;
        arms.squareB = arms.sumB;
        long events = (long) (arms.sumA + arms.sumB);
        if (!tally.done(MEAN)) {
          boolean crosses =
              events >= 20
                  && Arms.crosses(
                      List.of(arms.stratum()), Side.GREATER, tuning, MixtureAverage.SINGLE, true);
          tally.look(MEAN, crosses, arms.nB);
        }
        if (!tally.done(LABEL)) {
          LabelStratum s = new LabelStratum(.1, (long) arms.sumA, (long) arms.sumB);
          boolean crosses = LabelTest.logE(List.of(s), 0, Side.GREATER) >= -Math.log(.05);
          tally.look(LABEL, crosses, arms.nB);
        }
      }
      tally.endRun();
    }
    return tally;
  }
}
