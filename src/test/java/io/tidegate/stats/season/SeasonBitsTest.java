package io.tidegate.stats.season;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidegate.stats.Stated;
import io.tidegate.stats.season.SeasonFit.Settings;
import io.tidegate.stats.season.SeasonHistory.Point;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Fits are to the bit what they were when each bucket was taken by itself and values sorted. */
class SeasonBitsTest {
  private static final int WEEKS = 16;
  private static final int SLOTS = HourOfWeek.SLOTS;
  private static final Settings SIX_PASSES = new Settings(SLOTS, 20, 2.5, 6, 4, 3, 0);

  private enum Kind {
    COUNTS,
    BURSTS,
    RATES,
    GAPS,
    BEGUN_ON_THE_THIRD_DAY
  }

  private static List<Point> week(Kind kind, int week, double mean, Random random) {
    List<Point> points = new ArrayList<>();
    for (int hour = 0; hour < SLOTS; hour++) {
      int slot = kind == Kind.BEGUN_ON_THE_THIRD_DAY ? (hour + 53) % SLOTS : hour;
      double denominator = kind == Kind.RATES ? random.nextInt(1000) : 1;
      double expected =
          mean * denominator * (1 + 0.6 * StrictMath.sin(slot % 24 * 0.2618)) * (1 + 0.01 * week);
      double count =
          StrictMath.rint(expected + StrictMath.sqrt(expected) * random.nextGaussian() * 1.3);
      if (kind != Kind.COUNTS && random.nextInt(80) == 0) {
        count *= 4;
      }
      count = StrictMath.max(0, count);
      boolean masked = kind == Kind.GAPS && (random.nextInt(20) == 0 || week == 5);
      boolean missing = kind == Kind.GAPS && slot == 2 && week == 7;
      boolean twice = kind == Kind.GAPS && slot == 2 && week == 9;
      for (int i = missing ? 1 : 0; i < (twice ? 2 : 1); i++) {
        points.add(new Point(count + i, denominator, slot, week, masked));
      }
    }
    return points;
  }

  private static void put(MessageDigest digest, Stated<SeasonFit> stated) {
    SeasonFit fit = stated.orThrow();
    ByteBuffer bytes = ByteBuffer.allocate(8 * (fit.profile().size() + fit.levels().size() + 2));
    fit.profile().forEach(bytes::putDouble);
    fit.levels().forEach(level -> bytes.putDouble(level.said() ? level.orThrow() : -1));
    digest.update(bytes.putDouble(fit.scale()).putDouble(fit.dispersion()).array());
  }

  private interface Taker {
    void take(SeasonHistory history, double[] parent) throws Exception;
  }

  /** Sixteen weeks of series of 0.1 to 1,000 an hour, the last eight of them each week. */
  private static void histories(Kind kind, Taker taker) throws Exception {
    double[] flat = new double[SLOTS];
    double[] shape = new double[SLOTS];
    Arrays.fill(flat, 1);
    Arrays.setAll(shape, slot -> 1 + slot % 7);
    for (int series = 0; series < 12; series++) {
      Random random = new Random(series);
      double mean = StrictMath.pow(10, series % 5 - 1);
      List<List<Point>> weeks = new ArrayList<>();
      for (int week = 0; week < WEEKS; week++) {
        weeks.add(week(kind, week, mean, random));
        List<Point> recent =
            weeks.subList(StrictMath.max(0, week - 7), week + 1).stream()
                .flatMap(List::stream)
                .toList();
        taker.take(SeasonHistory.of(recent, SLOTS), series % 2 == 0 ? flat : shape);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "COUNTS, 2a25305e37d2511419427100e3abd547b47d61d7948b1ba51516f0abd175f632",
    "BURSTS, a1848180dc8644398eea974e31f704a97d105a7851211b0b59925cb3f0ac194e",
    "RATES, ae4a9d8561d6f243d679182b8a59844180912ba40c2bb3bbcaa026864c635abb",
    "GAPS, 151839c2ebd6c4487ee29c0b469f7a9ebf1e0eefeb813c94daf8fa1d1d39f635",
    "BEGUN_ON_THE_THIRD_DAY, ef11df2b344c190e063f855e5d98a9bca21b0aad41da44c35d82ad64e664ebd0"
  })
  void fit_ofEveryPass_staysTheSameToTheBit(Kind kind, String expected) throws Exception {
    double[] flat = new double[SLOTS];
    Arrays.fill(flat, 1);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    histories(
        kind,
        (history, parent) -> {
          put(digest, SeasonFit.fit(history, parent, SIX_PASSES));
          put(digest, SeasonFit.fit(history, flat, new Settings(SLOTS, 0, 1.5, 9, 2, 0, 0)));
        });
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "COUNTS, c2dda92550d188590896a54611225431c24742903afc147ca58e28e7bedc1117",
    "BURSTS, baca668140257577b3f867759f111cadb2ef50739688f94e3f0d6b6dabda4e4d",
    "RATES, c818f0496483791f416676e67565cc2ae7fa0506adcbaa269148e2793c33c7d0",
    "GAPS, 28a911dcdecc805ebe69b0753938c8b26d1b3356bdca2da97bc1b93e222a9c06",
    "BEGUN_ON_THE_THIRD_DAY, e16ea8abc0f771f0a7c59869067b6bce4d27db121cf6354c1f4430b132f8211a"
  })
  void fit_staysTheSameToTheBit(Kind kind, String expected) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    histories(
        kind,
        (history, parent) -> put(digest, SeasonFit.fit(history, parent, Settings.HOUR_OF_WEEK)));
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(expected);
  }

  /** With gaps, and slots that come twice, a fit does not hang on where weeks begin. */
  @Test
  void fit_ofWeeksWithGaps_isTheSameWhereverTheyBegin() throws Exception {
    double[] flat = new double[SLOTS];
    Arrays.fill(flat, 1);
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<Point> ordered = new ArrayList<>();
      List<Point> begunLater = new ArrayList<>();
      for (int week = 0; week < 10; week++) {
        List<Point> points = week(Kind.GAPS, week, 30, random);
        ordered.addAll(points);
        points.stream().filter(p -> p.slot() >= 53).forEach(begunLater::add);
        points.stream().filter(p -> p.slot() < 53).forEach(begunLater::add);
      }
      SeasonFit one = SeasonFit.fit(SeasonHistory.of(ordered, SLOTS), flat, SIX_PASSES).orThrow();
      SeasonFit two =
          SeasonFit.fit(SeasonHistory.of(begunLater, SLOTS), flat, SIX_PASSES).orThrow();
      assertThat(two.dispersion()).isCloseTo(one.dispersion(), within(1e-9));
      assertThat(two.scale()).isCloseTo(one.scale(), within(1e-9));
      for (int slot = 0; slot < SLOTS; slot++) {
        assertThat(two.profile().get(slot)).isCloseTo(one.profile().get(slot), within(1e-9));
      }
    }
  }

  /** A factor's standard error is that of its slot's events and of the weeks' spread. */
  @ParameterizedTest
  @EnumSource
  void fit_endsWhereSixPassesEnd(Kind kind) throws Exception {
    List<Double> apart = new ArrayList<>();
    histories(
        kind,
        (history, parent) -> {
          SeasonFit fit = SeasonFit.fit(history, parent, Settings.HOUR_OF_WEEK).orThrow();
          SeasonFit six = SeasonFit.fit(history, parent, SIX_PASSES).orThrow();
          double weeks = SeasonForecast.effectiveWeeks(six.levels().size(), 4);
          double[] events = new double[SLOTS];
          Arrays.fill(events, SIX_PASSES.shrinkage());
          history.rows.forEach(
              row -> Arrays.setAll(events, slot -> events[slot] + row.counts[slot]));
          for (int slot = 0; slot < SLOTS; slot++) {
            double factor = six.profile().get(slot);
            double error = factor * StrictMath.sqrt(1 / events[slot] + six.dispersion() / weeks);
            assertThat(fit.profile().get(slot)).isCloseTo(factor, within(0.25 * error));
            apart.add(StrictMath.abs(fit.profile().get(slot) - factor) / error);
          }
          assertThat(level(fit) / level(six)).isCloseTo(1, within(0.003));
        });
    assertThat(apart.stream().mapToDouble(d -> d).average().orElseThrow()).isBetween(1e-9, 0.005);
  }

  private static double level(SeasonFit fit) {
    return SeasonForecast.of(fit, 1).orThrow().level();
  }
}
