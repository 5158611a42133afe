package io.tidegate.stats.season;

import static io.tidegate.stats.Reasons.assertCannotSay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.season.SeasonFit.Settings;
import io.tidegate.stats.season.SeasonHistory.Point;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.tail.CountDistribution;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeasonTest {
  private static final Settings DAY = new Settings(4, 20, 2.5, 6, 4, 0, 0);
  private static final double[] FLAT = {1, 1, 1, 1};
  private static final double[] SHAPE = {0.5, 1, 1.5, 1};

  private static List<Point> history(int weeks, long seed) {
    Random random = new Random(seed);
    List<Point> points = new ArrayList<>();
    for (int week = 0; week < weeks; week++) {
      for (int slot = 0; slot < 4; slot++) {
        double mean = 1000 * Math.pow(1.02, week) * SHAPE[slot];
        points.add(
            new Point(
                Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()), 1, slot, week, false));
      }
    }
    return points;
  }

  private static Stated<SeasonFit> fit(List<Point> points, double[] parent, Settings settings) {
    return SeasonFit.fit(SeasonHistory.of(points, settings.slots()), parent, settings);
  }

  @Test
  void fit_findsProfileAndLevels_despiteAnOutageAndADoubledDay() {
    List<Point> points = history(8, 1);
    points.set(9, new Point(20, 1, 1, 2, false));
    points.set(18, new Point(3100, 1, 2, 4, false));
    SeasonFit fit = fit(points, FLAT, DAY).orThrow();
    for (int slot = 0; slot < 4; slot++) {
      assertThat(fit.profile().get(slot)).isCloseTo(SHAPE[slot], within(0.05));
    }
    assertThat(fit.levels().get(7).orThrow()).isCloseTo(1000 * Math.pow(1.02, 7), within(40.0));
    assertThat(fit.scale()).isBetween(0.3, 2.0);
    assertThat(fit.dispersion()).isLessThan(0.01);
    SeasonForecast next = SeasonForecast.of(fit, 1).orThrow();
    assertThat(next.level()).isCloseTo(1000 * Math.pow(1.02, 8), within(60.0));
    assertThat(next.dispersion().orThrow()).isGreaterThanOrEqualTo(fit.dispersion());
  }

  @Test
  void fit_sparseSlots_takeTheParentsShape() {
    List<Point> sparse = new ArrayList<>();
    for (int slot = 0; slot < 4; slot++) {
      sparse.add(new Point(slot == 0 ? 2 : 0, 1, slot, 0, false));
    }
    SeasonFit own = fit(sparse, FLAT, new Settings(4, 0, 2.5, 3, 4, 0, 0)).orThrow();
    SeasonFit shrunk = fit(sparse, FLAT, new Settings(4, 1000, 2.5, 3, 4, 0, 0)).orThrow();
    assertThat(own.profile().get(0)).isEqualTo(4);
    SeasonFit unseen =
        fit(sparse.subList(0, 3), new double[] {1, 1, 1, 3}, new Settings(4, 0, 2.5, 1, 4, 0, 0))
            .orThrow();
    assertThat(unseen.profile().get(3)).isPositive();
    assertThat(shrunk.profile().get(0)).isCloseTo(1, within(0.01));
  }

  @Test
  void fit_aMaskedWeek_hasNoLevel() {
    List<Point> points = history(4, 2);
    for (int i = 4; i < 8; i++) {
      Point p = points.get(i);
      points.set(i, new Point(p.count(), 1, p.slot(), p.week(), true));
    }
    SeasonFit fit = fit(points, FLAT, DAY).orThrow();
    assertCannotSay(fit.levels().get(1), Reason.NO_DATA, "the week has no usable bucket");
    assertThat(fit.levels().get(2).said()).isTrue();
    assertThat(SeasonForecast.of(fit, 1).said()).isTrue();
  }

  @Test
  void fit_rareEvents_keepTheirRateAndABurstCountsForFew() {
    double[] flat = new double[HourOfWeek.SLOTS];
    Arrays.fill(flat, 1);
    for (double rate : new double[] {0.05, 0.1, 0.3, 1}) {
      Random random = new Random(7);
      SeasonHistory history = new SeasonHistory(HourOfWeek.SLOTS);
      for (int i = 0; i < 8 * HourOfWeek.SLOTS; i++) {
        int count = -1;
        for (double sum = 0; sum < rate; count++) {
          sum -= Math.log(1 - random.nextDouble());
        }
        history.add(i == 500 ? 1000 : count, 1, i % 168, i / 168, false);
      }
      SeasonFit fit = SeasonFit.fit(history, flat, Settings.HOUR_OF_WEEK).orThrow();
      assertThat(SeasonForecast.of(fit, 1).orThrow().level() / rate)
          .as("%s an hour", rate)
          .isBetween(0.6, 1.4);
    }
  }

  @Test
  void fit_partAfterPart_isEachPartsOwn() {
    List<Point> points = history(12, 6);
    SeasonHistory all = SeasonHistory.of(points, DAY.slots());
    SeasonFitter fitter = new SeasonFitter(DAY);
    for (int week = 8; week <= 12; week++) {
      assertThat(fitter.fit(all, week - 8, week, FLAT))
          .isEqualTo(fit(points.subList(4 * (week - 8), 4 * week), FLAT, DAY));
    }
    assertThat(fitter.fit(all, 0, 12, FLAT)).isEqualTo(fit(points, FLAT, DAY));
    assertThatThrownBy(() -> all.add(1, 1, 0, 10, false)).hasMessage("week 10 comes after 11");
  }

  @Test
  void fit_withoutData_cannotSay() {
    List<Point> masked = List.of(new Point(5, 1, 0, 0, true));
    assertCannotSay(
        fit(masked, FLAT, DAY), Reason.NO_DATA, "no usable bucket in 1 weeks of history");
    List<Point> unmeasured = List.of(new Point(5, 0, 0, 0, false));
    assertThat(fit(unmeasured, FLAT, DAY).said()).isFalse();
    List<Point> zeros = List.of(new Point(0, 1, 0, 0, false), new Point(0, 1, 1, 1, false));
    SeasonFit fit = fit(zeros, FLAT, DAY).orThrow();
    assertThat(fit.scale()).isEqualTo(1);
    assertThat(fit.levels().get(0).orThrow()).isZero();
    assertCannotSay(SeasonForecast.of(fit, 1), Reason.NO_DATA, "no week has a positive level");
  }

  @Test
  void fit_aConstant_isItself() {
    List<Point> constant = new ArrayList<>();
    for (int week = 0; week < 4; week++) {
      for (int slot = 0; slot < 4; slot++) {
        constant.add(new Point(7, 1, slot, week, false));
      }
    }
    SeasonFit fit = fit(constant, FLAT, DAY).orThrow();
    assertThat(fit.profile()).allSatisfy(factor -> assertThat(factor).isCloseTo(1, within(1e-9)));
    assertThat(fit.dispersion()).isZero();
    SeasonForecast next = SeasonForecast.of(fit, 1).orThrow();
    assertThat(next.level()).isCloseTo(7, within(1e-9));
    assertThat(next.dispersion().orThrow()).isCloseTo(0, within(1e-9));
  }

  @Test
  void fit_onePoint_hasItsLevelAndNoDispersion() {
    SeasonFit fit = fit(List.of(new Point(100, 1, 2, 5, false)), FLAT, DAY).orThrow();
    SeasonForecast next = SeasonForecast.of(fit, 1).orThrow();
    assertThat(next.level() * fit.profile().get(2)).isCloseTo(100, within(20.0));
    assertThat(next.dispersion().said()).isFalse();
  }

  @Test
  void fit_pointsInAnyOrderOrTwice_areTheSameFit() {
    List<Point> points = history(8, 4);
    SeasonFit sorted = fit(points, FLAT, new Settings(4, 0, 2.5, 6, 4, 0, 0)).orThrow();
    List<Point> shuffled = new ArrayList<>(points);
    shuffled.addAll(points);
    Collections.shuffle(shuffled, new Random(5));
    SeasonFit twice = fit(shuffled, FLAT, new Settings(4, 0, 2.5, 6, 4, 0, 0)).orThrow();
    for (int slot = 0; slot < 4; slot++) {
      assertThat(twice.profile().get(slot)).isCloseTo(sorted.profile().get(slot), within(1e-3));
    }
    for (int week = 0; week < 8; week++) {
      assertThat(twice.levels().get(week).orThrow())
          .isCloseTo(sorted.levels().get(week).orThrow(), within(1.0));
    }
  }

  @Test
  void forecast_ofOneWeek_hasNoDispersion() {
    SeasonFit fit = fit(history(1, 3), FLAT, DAY).orThrow();
    SeasonForecast next = SeasonForecast.of(fit, 1).orThrow();
    assertCannotSay(next.dispersion(), Reason.TOO_FEW_UNITS, "one week of history");
    assertThat(next.levelSd()).isZero();
    assertThat(next.level()).isCloseTo(fit.levels().get(0).orThrow(), within(1e-9));
  }

  @Test
  void forecast_growthIsDampedAndCut() {
    List<Stated<Double>> doubling = new ArrayList<>();
    List<Stated<Double>> halving = new ArrayList<>();
    for (int week = 0; week < 6; week++) {
      doubling.add(Stated.of(Math.pow(2, week)));
      halving.add(Stated.of(Math.pow(2, -week)));
    }
    double up = forecast(doubling, 1);
    assertThat(up).isCloseTo(Math.pow(2, 3.5) * Math.exp(0.05 * 2.5), within(1e-12));
    assertThat(forecast(doubling, 3)).isCloseTo(up * Math.exp(0.1), within(1e-12));
    assertThat(forecast(halving, 1))
        .isCloseTo(Math.pow(2, -3.5) * Math.exp(-0.05 * 2.5), within(1e-12));
  }

  private static double forecast(List<Stated<Double>> levels, double gapWeeks) {
    SeasonFit fit = new SeasonFit(List.of(1.0), levels, 1, 0.01, 4);
    return SeasonForecast.of(fit, gapWeeks).orThrow().level();
  }

  @Test
  void settings_outOfRange_areRefused() {
    assertThat(Settings.HOUR_OF_WEEK).isEqualTo(new Settings(168, 20, 2.5, 6, 4, 3, 0.1));
    for (double[] s :
        new double[][] {
          {0, 1, 1, 1, 1, 0, 0},
          {1, -1, 1, 1, 1, 0, 0},
          {1, 1, 0, 1, 1, 0, 0},
          {1, 1, 1, 0, 1, 0, 0},
          {1, 1, 1, 1, 0, 0, 0},
          {1, 1, 1, 1, 1, -1, 0},
          {1, 1, 1, 1, 1, 0, -1}
        }) {
      assertThatThrownBy(() -> new Settings((int) s[0], s[1], s[2], (int) s[3], s[4], s[5], s[6]))
          .hasMessageEndingWith("out of range");
    }
    assertThat(new Settings(1, 0, 1, 1, 1, 0, 0).slots()).isEqualTo(1);
    assertThatThrownBy(() -> new Point(Double.NaN, 1, 0, 0, false))
        .hasMessage("count NaN, denominator 1.0 and slot 0 must be finite and >= 0");
    assertThatThrownBy(() -> fit(List.of(new Point(1, 1, 4, 0, false)), FLAT, DAY))
        .hasMessage("slot 4 must be below the profile's 4");
    assertThatThrownBy(() -> fit(List.of(), new double[3], DAY))
        .hasMessage("parent has 3 slots, the history 4, the profile 4");
  }

  @Test
  void hourOfWeek_followsTheWallClock() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    long springForward = 1_711_846_800_000L;
    assertThat(HourOfWeek.of(springForward - 1, berlin)).isEqualTo(145);
    assertThat(HourOfWeek.of(springForward, berlin)).isEqualTo(147);
    assertThat(HourOfWeek.of(345_600_000L, ZoneId.of("UTC"))).isZero();
  }

  @Test
  void count_scoresAreCutAndSigned() {
    CountDistribution expected = new CountDistribution(100, 0);
    assertThat(CountInterval.score(expected, 100)).isCloseTo(0, within(0.05));
    assertThat(CountInterval.score(expected, 0)).isEqualTo(-8);
    assertThat(CountInterval.score(expected, 100_000)).isEqualTo(8);
    assertThat(CountInterval.score(expected, 120)).isBetween(1.8, 2.1);
    assertThat(CountInterval.score(expected, 80)).isBetween(-2.2, -1.9);
    assertThat(CountInterval.of(expected, 0.05)).isEqualTo(new Interval(81, 120));
    for (double alpha : new double[] {0, 1}) {
      assertThatThrownBy(() -> CountInterval.of(expected, alpha))
          .hasMessage("alpha " + alpha + " must lie in (0, 1)");
    }
  }

  @Test
  void shiryaevRoberts_growsWithoutBoundAsALogarithm() {
    ShiryaevRoberts detector = ShiryaevRoberts.START;
    for (int i = 0; i < 1000; i++) {
      detector = detector.next(9, 1, 4);
    }
    assertThat(detector.logStatistic()).isCloseTo(3500 - Math.log(2), within(0.1));
    assertThat(detector.logUp() - detector.logDown()).isGreaterThan(3000);
    ShiryaevRoberts other = ShiryaevRoberts.START.next(-9, 1, 4);
    assertThat(other.logDown()).isEqualTo(3.5);
    assertThat(other.logUp()).isEqualTo(-4.5);
  }

  /** A mean of at least A scores between false alarms, here 50 (Shin, Ramdas and Rinaldo 2024). */
  @Test
  void shiryaevRoberts_falseAlarmsAreNoMoreFrequentThanAsked() {
    Random random = new Random(4);
    int runs = 400;
    double scores = 0;
    for (int run = 0; run < runs; run++) {
      ShiryaevRoberts detector = ShiryaevRoberts.START;
      while (detector.logStatistic() < Math.log(50)) {
        detector = detector.next(random.nextGaussian(), 1, 4);
        scores++;
      }
    }
    assertThat(scores / runs).isGreaterThan(50);
  }

  @Test
  void whitened_freesOfLagOneCorrelation() {
    assertThat(ShiryaevRoberts.whitened(1, 0.5, 0.6)).isCloseTo(0.875, within(1e-15));
    for (double rho : new double[] {-1, 1, Double.NaN}) {
      assertThatThrownBy(() -> ShiryaevRoberts.whitened(1, 1, rho))
          .hasMessage("rho " + rho + " must lie in (-1, 1)");
    }
  }

  @Test
  void medians() {
    assertThat(Medians.median(new double[] {3, 1, 2})).isEqualTo(2);
    assertThat(Medians.median(new double[] {4, 1, 2, 3})).isEqualTo(2.5);
    double[] values = {3, 1, 2};
    Medians.median(values);
    assertThat(Arrays.stream(values).boxed().toList()).containsExactly(3.0, 1.0, 2.0);
  }
}
