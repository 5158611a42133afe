package io.tidegate.stats.sequence.calibration;

import static io.tidegate.stats.sequence.calibration.Row.FALSE_POSITIVES;
import static io.tidegate.stats.sequence.calibration.Row.POWER;

import io.tidegate.stats.sequence.LabelStratum;
import io.tidegate.stats.sequence.LabelTest;
import io.tidegate.stats.sequence.MeanStratum;
import io.tidegate.stats.sequence.MixtureAverage;
import io.tidegate.stats.sequence.NormalTail;
import io.tidegate.stats.sequence.Side;
import io.tidegate.stats.sequence.Tuning;
import java.util.ArrayList;
import java.util.List;

/** anchors.md §1: a look at about 500 sizes, balanced variants, alpha 5 %. */
final class Peeking {

  static final String TWO = "mean sequence, two-sided";
  static final String ONE = "mean sequence, one-sided harm";
  static final String THREE = "average of three, one-sided harm";
  static final String LABEL_TWO = "label test, two-sided";
  static final String LABEL_ONE = "label test, one-sided harm";

  private static final double ALPHA = 0.05;
  private static final double CAP = Math.exp(3 + 1.5 * 2.0537);
  private static final double LATENCY_MU = 5;
  private static final double LATENCY_UNIT = 0.3;
  private static final double LATENCY_REQUEST = 0.5;
  private static final double THRESHOLD =
      LATENCY_MU + 1.6448536 * Math.hypot(LATENCY_UNIT, LATENCY_REQUEST);

  /** Adds the outcomes of the next users of one variant. */
  private interface Arrivals {
    void add(Draws draws, Sums arm, int users, boolean shifted);
  }

  /** Running sums of one variant, also of a ratio's numerator and denominator. */
  private static final class Sums {
    long n;
    double s;
    double ss;
    double d;
    double dd;
    double sd;
    long events;

    double mean(boolean ratio) {
      return ratio ? s / d : s / n;
    }

    double variance(boolean ratio) {
      if (!ratio) {
        return Math.max(0, (ss - s * s / n) / (n - 1));
      }
      double r = s / d;
      double centred = (ss - s * s / n) - 2 * r * (sd - s * d / n) + r * r * (dd - d * d / n);
      return Math.max(0, centred / (n - 1) / (d / n * d / n));
    }
  }

  private record Scenario(
      String name,
      int users,
      Side harm,
      boolean ratio,
      boolean labels,
      double variance,
      Arrivals a) {}

  private Peeking() {}

  static List<Row> rows(int nullRuns, int powerRuns) {
    List<Row> rows = new ArrayList<>();
    rows.addAll(
        rows(
            binary("conversion 5 % → 4.5 %", 60000, Side.LESS, .05, .045),
            nullRuns,
            powerRuns,
            new double[][] {
              {2.38, 89.78, 27360}, {2.61, 93.60, 21840}, {2.84, 84.32, 32160}, {3.04, 89.38, 25920}
            },
            20000,
            5000));
    rows.addAll(
        rows(
            binary("error users 0.1 % → 0.3 %", 20000, Side.GREATER, .001, .003),
            nullRuns,
            powerRuns,
            new double[][] {
              {.88, 95.54, 8080}, {.92, 97.54, 6880}, {1.00, 95.24, 8172}, {1.15, 97.56, 6720}
            },
            20000,
            5000));
    rows.addAll(
        rows(
            revenue(),
            nullRuns / 2,
            powerRuns / 2,
            new double[][] {{2.08, 99.88, 14235}, {2.46, 99.95, 11590}},
            10000,
            4000));
    rows.addAll(
        rows(
            latency(),
            nullRuns / 4,
            powerRuns / 4,
            new double[][] {{2.60, 100, 750}, {2.65, 100, 619}},
            4000,
            1500));
    return rows;
  }

  private static Scenario binary(String name, int users, Side harm, double pA, double pB) {
    return new Scenario(
        name,
        users,
        harm,
        false,
        true,
        pA * (1 - pA),
        (draws, arm, n, shifted) -> {
          int x = draws.binomial(n, shifted ? pB : pA);
          arm.n += n;
          arm.s += x;
          arm.ss += x;
          arm.events += x;
        });
  }

  private static Scenario revenue() {
    Draws pilot = new Draws(0);
    double mean = 0;
    double square = 0;
    int n = 400_000;
    for (int i = 0; i < n; i++) {
      double x = Math.min(CAP, pilot.logNormal(3, 1.5));
      mean += x / n;
      square += x * x / n;
    }
    double variance = .05 * square - .05 * mean * (.05 * mean);
    return new Scenario(
        "revenue −30 %, 5 % pay, capped",
        60000,
        Side.LESS,
        false,
        false,
        variance,
        (draws, arm, users, shifted) -> {
          int payers = draws.binomial(users, .05);
          arm.n += users;
          for (int i = 0; i < payers; i++) {
            double x = Math.min(CAP, (shifted ? .7 : 1) * draws.logNormal(3, 1.5));
            arm.s += x;
            arm.ss += x * x;
          }
        });
  }

  private static Scenario latency() {
    Arrivals arrivals =
        (draws, arm, users, shifted) -> {
          double shift = shifted ? Math.log(1.1) : 0;
          for (int i = 0; i < users; i++) {
            int k = 1 + draws.poisson(4);
            double level = LATENCY_MU + shift + LATENCY_UNIT * draws.normal();
            double p = Math.exp(NormalTail.logCdf((level - THRESHOLD) / LATENCY_REQUEST));
            int slow = draws.binomial(k, p);
            arm.n++;
            arm.s += slow;
            arm.ss += slow * slow;
            arm.d += k;
            arm.dd += k * k;
            arm.sd += slow * k;
          }
        };
    Sums pilot = new Sums();
    arrivals.add(new Draws(1), pilot, 100_000, false);
    return new Scenario(
        "p95 latency +10 % (share of slow requests)",
        4000, Side.GREATER, true, false, pilot.variance(true), arrivals);
  }

  private static List<Row> rows(
      Scenario s,
      int nullRuns,
      int powerRuns,
      double[][] anchors,
      int nullAnchor,
      int powerAnchor) {
    Tally none = run(s, nullRuns, false, 11);
    Tally shifted = run(s, powerRuns, true, 12);
    List<Row> rows = new ArrayList<>();
    String[] methods = {TWO, ONE, LABEL_TWO, LABEL_ONE};
    for (int i = 0; i < anchors.length; i++) {
      String m = methods[i];
      rows.add(Row.percent(s.name, m, FALSE_POSITIVES, none, anchors[i][0], nullAnchor));
      rows.add(Row.percent(s.name, m, POWER, shifted, anchors[i][1], powerAnchor));
      rows.add(Row.delay(s.name, m, shifted, anchors[i][2], powerAnchor));
    }
    rows.add(Row.percent(s.name, THREE, FALSE_POSITIVES, none, Double.NaN, 1));
    rows.add(Row.percent(s.name, THREE, POWER, shifted, Double.NaN, 1));
    rows.add(Row.delay(s.name, THREE, shifted, Double.NaN, 1));
    return rows;
  }

  private static Tally run(Scenario s, int runs, boolean shifted, long seed) {
    int[] looks = Grid.looks(s.users, 500);
    int[] steps = Grid.steps(looks);
    Tuning tuning = Tuning.at(ALPHA, s.users / 4.0, s.variance);
    Draws draws = new Draws(seed + s.users);
    Tally tally = new Tally();
    for (int r = 0; r < runs; r++) {
      Sums a = new Sums();
      Sums b = new Sums();
      for (int i = 0; i < looks.length; i++) {
        s.a.add(draws, a, steps[i], false);
        s.a.add(draws, b, steps[i], shifted);
        look(s, tuning, a, b, tally);
      }
      tally.endRun();
    }
    return tally;
  }

  private static void look(Scenario s, Tuning tuning, Sums a, Sums b, Tally tally) {
    boolean started = a.n >= 100 && (!s.labels || a.events + b.events >= 20);
    if (started) {
      List<MeanStratum> stratum =
          List.of(
              new MeanStratum(
                  a.n,
                  a.mean(s.ratio),
                  a.variance(s.ratio),
                  b.n,
                  b.mean(s.ratio),
                  b.variance(s.ratio)));
      mean(tally, TWO, stratum, Side.TWO, tuning, MixtureAverage.SINGLE, a.n);
      mean(tally, ONE, stratum, s.harm, tuning, MixtureAverage.SINGLE, a.n);
      mean(tally, THREE, stratum, s.harm, tuning, MixtureAverage.THREE, a.n);
    }
    if (s.labels) {
      label(tally, LABEL_TWO, Side.TWO, a, b);
      label(tally, LABEL_ONE, s.harm, a, b);
    }
  }

  private static void mean(
      Tally tally,
      String method,
      List<MeanStratum> stratum,
      Side side,
      Tuning tuning,
      MixtureAverage mixture,
      long at) {
    if (!tally.done(method)) {
      tally.look(method, Arms.crosses(stratum, side, tuning, mixture, true), at);
    }
  }

  private static void label(Tally tally, String method, Side side, Sums a, Sums b) {
    if (!tally.done(method)) {
      double logE = LabelTest.logE(List.of(new LabelStratum(.5, a.events, b.events)), 0, side);
      tally.look(method, logE >= -Math.log(ALPHA), a.n);
    }
  }
}
