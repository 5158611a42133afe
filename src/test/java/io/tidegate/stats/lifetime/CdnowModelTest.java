package io.tidegate.stats.lifetime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The models on the sample that they were published with. */
class CdnowModelTest {

  private static CdnowBuyers sample;
  private static BetaGeometric.Fit fit;

  @BeforeAll
  static void fit() {
    sample = CdnowBuyers.read();
    fit = BetaGeometric.fit(sample.buyers).orThrow();
  }

  /** Fader, Hardie and Lee 2005, table 2, with lifetimes' further digits. */
  @Test
  void repeatPurchases_areThePublishedModel() {
    assertThat(sample.buyers).hasSize(2357);
    assertThat(fit.model().r()).isCloseTo(0.2426, within(5e-5));
    assertThat(fit.model().alpha()).isCloseTo(4.4135, within(5e-4));
    assertThat(fit.model().a()).isCloseTo(0.7929, within(5e-4));
    assertThat(fit.model().b()).isCloseTo(2.4258, within(1e-3));
    assertThat(fit.logLikelihood()).isCloseTo(-9582.43, within(0.005));
  }

  /** Weeks 40 to 78: what the published parameters forecast, and what was bought. */
  @Test
  void heldOutWeeks_areForecastAsByThePublishedModel() {
    double own = forecast(fit.model());
    double published = forecast(new BetaGeometric(0.243, 4.414, 0.793, 2.426));
    double error = sample.heldOut - own;
    double publishedError = sample.heldOut - published;
    assertThat(error).isCloseTo(publishedError, within(0.05 * Math.abs(publishedError)));
    assertThat(own).isCloseTo(sample.heldOut, within(0.15 * sample.heldOut));
  }

  /** Fader and Hardie 2013: p 6.25, q 3.74, γ 15.44 on the customers that bought again. */
  @Test
  void values_areThePublishedModel() {
    GammaGamma values = GammaGamma.fit(sample.buyers).orThrow();
    assertThat(values.p()).isCloseTo(6.25, within(0.01));
    assertThat(values.q()).isCloseTo(3.74, within(0.01));
    assertThat(values.gamma()).isCloseTo(15.44, within(0.02));
  }

  private static double forecast(BetaGeometric model) {
    return sample.buyers.stream().mapToDouble(b -> model.expectedAfter(b, CdnowBuyers.WEEKS)).sum();
  }
}
