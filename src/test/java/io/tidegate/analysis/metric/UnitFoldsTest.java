package io.tidegate.analysis.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.model.MetricKind;
import io.tidegate.model.Outcome;
import io.tidegate.model.OutcomeFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitFoldsTest {

  private static final OutcomeFilter PURCHASE = OutcomeFilter.of("purchase");

  @ParameterizedTest
  @ValueSource(longs = {Outcome.MAX_VALUE_MICROS, -Outcome.MAX_VALUE_MICROS})
  void values_that_no_long_can_hold_together_stop_no_job(long value) {
    UnitFold fold = UnitFolds.of(new MetricKind.Sum(PURCHASE, null, null, null), 0);
    assertThat(total(fold, value, 20)).isEqualTo(Long.signum(value) * Long.MAX_VALUE);
  }

  @Test
  void nor_do_those_of_a_mean() {
    UnitFold fold = UnitFolds.of(new MetricKind.Mean(PURCHASE, null), 0);
    assertThat(total(fold, Outcome.MAX_VALUE_MICROS, 20)).isEqualTo(Long.MAX_VALUE);
  }

  private static long total(UnitFold fold, long value, int times) {
    Point point = new Point();
    point.name = "purchase";
    point.valueMicros = value;
    long[] slots = new long[fold.slots()];
    for (int i = 0; i < times; i++) {
      fold.outcome(slots, 0, point, 0);
    }
    return fold.y(slots, 0);
  }
}
