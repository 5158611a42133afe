package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * A world that nothing changes, computed and not drawn: how far the level of a week of entry that
 * begins for all units at once is from that of history's weeks, which begin at all hours.
 */
class CommonStartTest {

  private static final int WEEK = 168;
  private static final int POINTS = 25;
  private static final double FURTHEST = 3.5;
  private static final double CONVERSION = 0.3;

  /** Visits up to each hour of three weeks of a unit with one a day, and those that buy. */
  private static final class World {
    private final double[] buys = new double[WEEK];
    private final double[] visits = new double[3 * WEEK + 1];
    private final double[] bought = new double[3 * WEEK + 1];

    World(double weekendTraffic, double weekendConversion) {
      for (int h = 0; h < 3 * WEEK; h++) {
        boolean weekend = h % WEEK / 24 >= 5;
        double visit = (weekend ? weekendTraffic : 1) / 24;
        buys[h % WEEK] = CONVERSION * (weekend ? weekendConversion : 1);
        visits[h + 1] = visits[h] + visit;
        bought[h + 1] = bought[h] + visit * buys[h % WEEK];
      }
    }

    /** Share that buys within a day of an entry at an hour, its visit's purchase included. */
    double conversion(double perDay, int hour) {
      return 1 - (1 - buys[hour]) * Math.exp(-perDay * (bought[hour + 24] - bought[hour]));
    }

    /** Units and buyers by the hour of their first visit in a week that begins at an hour. */
    void enter(double perDay, double weight, int begin, double[] units, double[] buyers) {
      for (int h = begin; h < begin + WEEK; h++) {
        double entered =
            weight
                * (Math.exp(-perDay * (visits[h] - visits[begin]))
                    - Math.exp(-perDay * (visits[h + 1] - visits[begin])));
        units[h % WEEK] += entered;
        buyers[h % WEEK] += entered * conversion(perDay, h % WEEK);
      }
    }
  }

  /** Relative error of a week that begins at an hour for all; units' rates are log-normal. */
  private static double off(World world, double median, double sigma, int begin) {
    double[] units = new double[WEEK];
    double[] buyers = new double[WEEK];
    double[] entered = new double[WEEK];
    double[] bought = new double[WEEK];
    for (int i = 0; i < POINTS; i++) {
      double z = FURTHEST * (2.0 * i / (POINTS - 1) - 1);
      double perDay = median * Math.exp(sigma * z);
      double weight = Math.exp(-z * z / 2);
      for (int each = 0; each < WEEK; each++) {
        world.enter(perDay, weight, each, units, buyers);
      }
      world.enter(perDay, weight, begin, entered, bought);
    }
    double expected = 0;
    for (int day = 0; day < 7; day++) {
      double ofDay = 0;
      double traffic = 0;
      double level = 0;
      for (int h = 0; h < 24; h++) {
        int hour = (begin + 24 * day + h) % WEEK;
        ofDay += entered[hour];
        traffic += units[hour];
        level += buyers[hour];
      }
      expected += ofDay * level / traffic;
    }
    return Arrays.stream(bought).sum() / expected - 1;
  }

  @Test
  void a_week_that_begins_for_all_at_once_is_off_by_less_than_the_interval_is_wider() {
    double least = 0;
    double most = 0;
    for (double conversion : new double[] {0.7, 1, 1.3, 1.5}) {
      World world = new World(0.7, conversion);
      for (double median : new double[] {0.2, 1}) {
        for (double sigma : new double[] {1, 1.5}) {
          for (int begin : new int[] {0, 32, 72, 96, 120, 144}) {
            double off = off(world, median, sigma, begin);
            least = Math.min(least, off);
            most = Math.max(most, off);
          }
        }
      }
    }
    System.out.printf("a week is off by %.1f to %+.1f %%%n", 100 * least, 100 * most);
    assertThat(least).as("it is seen").isBetween(-AgainstBaseline.COMMON_START, -0.03);
    assertThat(most).isBetween(0.01, AgainstBaseline.COMMON_START);
    assertThat(Math.abs(off(new World(1, 1), 0.2, 1.5, 120))).as("no season").isLessThan(1e-3);
  }
}
