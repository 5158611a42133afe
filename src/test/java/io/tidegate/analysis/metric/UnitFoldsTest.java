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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0", "7", "007", "120", "999999999999999", "9999999999999999", "9007199254740993", "1.5",
        "-3", "+3", " 4 ", "1e3", "0x1p3", "1f", "\u0661", "NaN"
      })
  void a_measure_is_the_number_that_java_reads(String text) {
    Point point = new Point();
    point.attributes = new String[] {"latency_ms", text};
    double read = Double.NaN;
    try {
      read = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      // No number.
    }
    assertThat(Double.valueOf(UnitFolds.measured(point, "latency_ms")))
        .isEqualTo(Double.valueOf(read));
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
