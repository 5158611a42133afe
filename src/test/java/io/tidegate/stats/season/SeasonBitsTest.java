package io.tidegate.stats.season;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fits are to the bit what they were when each bucket was taken by itself and values sorted. */
class SeasonBitsTest {
  private static final int WEEKS = 16;
  private static final int SLOTS = HourOfWeek.SLOTS;

  private enum Kind {
    COUNTS,
    BURSTS,
    RATES,
    GAPS
  }

  private static List<Point> week(Kind kind, int week, double mean, Random random) {
    List<Point> points = new ArrayList<>();
    for (int slot = 0; slot < SLOTS; slot++) {
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

  @ParameterizedTest
  @CsvSource({
    "COUNTS, 2a25305e37d2511419427100e3abd547b47d61d7948b1ba51516f0abd175f632",
    "BURSTS, a1848180dc8644398eea974e31f704a97d105a7851211b0b59925cb3f0ac194e",
    "RATES, ae4a9d8561d6f243d679182b8a59844180912ba40c2bb3bbcaa026864c635abb",
    "GAPS, 151839c2ebd6c4487ee29c0b469f7a9ebf1e0eefeb813c94daf8fa1d1d39f635"
  })
  void fit_staysTheSameToTheBit(Kind kind, String expected) throws Exception {
    double[] flat = new double[SLOTS];
    double[] shape = new double[SLOTS];
    Arrays.fill(flat, 1);
    Arrays.setAll(shape, slot -> 1 + slot % 7);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
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
        SeasonHistory history = SeasonHistory.of(recent, SLOTS);
        put(digest, SeasonFit.fit(history, series % 2 == 0 ? flat : shape, Settings.HOUR_OF_WEEK));
        put(digest, SeasonFit.fit(history, flat, new Settings(SLOTS, 0, 1.5, 9, 2, 0)));
      }
    }
    assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(expected);
  }
}
