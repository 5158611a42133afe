package io.tidegate.stats.lifetime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;

/** Forecasts of customers that live as the models say, against what those customers then spend. */
class ValueModelTest {

  private static final double SEEN = 60;
  private static final double AHEAD = 60;
  private static final int BUYERS = 600;
  private static final int UNITS = 1_600;

  @Test
  void interval_holdsWhatIsSpentThen() {
    int rounds = Boolean.getBoolean("tidegate.full") ? 200 : 6;
    int held = 0;
    for (int seed = 0; seed < rounds; seed++) {
      World world = new World(seed);
      ValueForecast forecast = forecast(world.buyers);
      double error = Math.abs(forecast.mean() - world.spentThen / UNITS);
      held += error <= 1.96 * Math.hypot(forecast.se(), world.noise()) ? 1 : 0;
    }
    assertThat(held).isGreaterThanOrEqualTo((int) (0.85 * rounds));
  }

  @Test
  void sampleOfTheBuyers_saysTheSameLessSurely() {
    World world = new World(3);
    ValueForecast all = forecast(world.buyers);
    ValueForecast some = forecast(world.buyers.subList(0, BUYERS / 4));
    assertThat(some.mean()).isCloseTo(all.mean(), within(3 * some.se()));
    assertThat(some.se()).isBetween(1.1 * all.se(), 3 * all.se());
  }

  @Test
  void customersAllAlike_areForecastInTheModelsLimit() {
    List<Buyer> alike = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      alike.add(new Buyer(5 + i % 3, 50 + i % 7, 60, 20));
    }
    ValueForecast forecast = ValueModel.fit(alike).orThrow().forecast(400, 400, 60).orThrow();
    assertThat(forecast.mean()).isBetween(90.0, 140.0);
    assertThat(forecast.se()).isPositive().isLessThan(20);
  }

  @Test
  void fewRepeats_cannotSay() {
    List<Buyer> once = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      once.add(new Buyer(0, 0, 30, 0));
    }
    assertThat(ValueModel.fit(once).said()).isFalse();
    assertThat(ValueModel.fit(List.of()).said()).isFalse();
  }

  private static ValueForecast forecast(List<Buyer> sample) {
    return ValueModel.fit(sample).orThrow().forecast(BUYERS, UNITS, AHEAD).orThrow();
  }

  /** Customers of r 0.8, α 10, a 0.8, b 3 that spend as p 6, q 4, γ 15 say. */
  private static final class World {
    final List<Buyer> buyers = new ArrayList<>();
    double spentThen;
    private double squares;

    World(int seed) {
      Well19937c random = new Well19937c(seed);
      GammaDistribution rates = new GammaDistribution(random, 0.8, 1 / 10.0);
      BetaDistribution leaving = new BetaDistribution(random, 0.8, 3);
      GammaDistribution scales = new GammaDistribution(random, 4, 1 / 15.0);
      for (int i = 0; i < BUYERS; i++) {
        live(random, rates.sample(), leaving.sample(), scales.sample());
      }
    }

    private void live(Well19937c random, double rate, double leaves, double scale) {
      GammaDistribution values = new GammaDistribution(random, 6, 1 / scale);
      double time = 0;
      double last = 0;
      int repeats = 0;
      double value = 0;
      double later = 0;
      while (random.nextDouble() >= leaves) {
        time -= Math.log(1 - random.nextDouble()) / rate;
        if (time > SEEN + AHEAD) {
          break;
        } else if (time > SEEN) {
          later += values.sample();
        } else {
          repeats++;
          last = time;
          value += values.sample();
        }
      }
      buyers.add(new Buyer(repeats, last, SEEN, repeats == 0 ? 0 : value / repeats));
      spentThen += later;
      squares += later * later;
    }

    /** Standard error of what is spent a unit, which no model knows beforehand. */
    double noise() {
      return Math.sqrt(squares) / UNITS;
    }
  }
}
