package io.tidegate.analysis.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.model.MetricKind;
import io.tidegate.model.Outcome;
import io.tidegate.model.OutcomeFilter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {

  private static final MetricKind.Sum IN_EUR =
      new MetricKind.Sum(
          OutcomeFilter.of("purchase"),
          null,
          100_000_000L,
          "EUR",
          Map.of("USD", 920_000_000L, "JPY", 6_123_456L));

  @ParameterizedTest
  @CsvSource({
    "10000000, '', 10000000",
    "10000000, EUR, 10000000",
    "10000000, USD, 9200000",
    "-10000000, USD, -9200000",
    "1000000, JPY, 6123",
    "500000, JPY, 3062",
    "-500000, JPY, -3062",
    "10000000, GBP, -9223372036854775808",
    "10000000, eur, -9223372036854775808",
  })
  void value_is_converted_by_its_rate_and_has_none_without_one(
      long micros, String currency, long expected) {
    assertThat(new Money(IN_EUR).micros(purchase(micros, currency))).isEqualTo(expected);
  }

  @Test
  void without_a_currency_values_stand_as_they_are() {
    MetricKind.Sum plain = new MetricKind.Sum(OutcomeFilter.of("purchase"), null, null, null);
    assertThat(new Money(plain).micros(purchase(7, "GBP"))).isEqualTo(7);
    assertThat(plain.attributeNames()).isEmpty();
    assertThat(IN_EUR.attributeNames()).containsExactly("currency");
  }

  @Test
  void conversion_is_the_exact_product_rounded_once() {
    Random random = new Random(5);
    for (int i = 0; i < 20_000; i++) {
      long micros = random.nextLong() >> random.nextInt(60);
      micros = Math.max(-Outcome.MAX_VALUE_MICROS, Math.min(Outcome.MAX_VALUE_MICROS, micros));
      long nanos = 1 + (random.nextLong() >>> (14 + random.nextInt(48)));
      BigDecimal exact =
          BigDecimal.valueOf(micros)
              .multiply(BigDecimal.valueOf(nanos, 9))
              .setScale(0, RoundingMode.HALF_UP);
      BigDecimal most = BigDecimal.valueOf(Outcome.MAX_VALUE_MICROS);
      assertThat(Money.converted(micros, nanos))
          .as("%d at %d", micros, nanos)
          .isEqualTo(exact.max(most.negate()).min(most).longValueExact());
    }
  }

  @Test
  void sum_adds_what_is_worth_the_same_and_knows_no_total_with_a_currency_that_has_no_rate() {
    UnitFold fold = UnitFolds.of(IN_EUR, 0);
    long[] slots = new long[fold.slots()];
    fold.outcome(slots, 0, purchase(10_000_000, "EUR"), 0);
    fold.outcome(slots, 0, purchase(10_000_000, "USD"), 0);
    fold.outcome(slots, 0, purchase(5_000_000, ""), 0);
    assertThat(fold.y(slots, 0)).isEqualTo(24_200_000);
    assertThat(fold.d(slots, 0)).isZero();
    fold.outcome(slots, 0, purchase(1, "GBP"), 0);
    fold.outcome(slots, 0, purchase(10_000_000, "EUR"), 0);
    assertThat(fold.y(slots, 0)).isZero();
    assertThat(fold.d(slots, 0)).isEqualTo(UnitFold.ONE);
  }

  private static Point purchase(long micros, String currency) {
    Point point = new Point();
    point.name = "purchase";
    point.valueMicros = micros;
    point.attributes = currency.isEmpty() ? new String[0] : new String[] {"currency", currency};
    return point;
  }
}
