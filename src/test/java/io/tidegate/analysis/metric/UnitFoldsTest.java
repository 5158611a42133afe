package io.tidegate.analysis.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.model.MetricKind;
import io.tidegate.model.Outcome;
import io.tidegate.model.OutcomeFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitFoldsTest {

  private static final OutcomeFilter PURCHASE = OutcomeFilter.of("purchase");
  private static final OutcomeFilter VIEW = OutcomeFilter.of("view");

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

  @Test
  void what_takes_any_order_is_the_same_in_every_order() {
    List<MetricKind> kinds =
        List.of(
            new MetricKind.Proportion(PURCHASE, Duration.ofDays(2)),
            new MetricKind.Count(PURCHASE, Duration.ofDays(2), 2L),
            new MetricKind.Ratio(
                new MetricKind.Term(PURCHASE, false), new MetricKind.Term(VIEW, false), null),
            new MetricKind.Quantile(PURCHASE, "latency_ms", 0.9, null),
            new MetricKind.Retention(PURCHASE, 1, 4),
            new MetricKind.Depth(PURCHASE, 190));
    for (MetricKind kind : kinds) {
      UnitFold fold = UnitFolds.of(kind, 100);
      assertThat(fold.takesAnyOrder()).as(kind.toString()).isTrue();
      assertThat(orders(fold)).as(kind.toString()).hasSize(1);
    }
  }

  @Test
  void a_funnel_and_a_time_between_outcomes_ask_for_their_order() {
    List<MetricKind> kinds =
        List.of(
            new MetricKind.Funnel(List.of(VIEW, PURCHASE), Duration.ofDays(1)),
            new MetricKind.Elapsed(VIEW, PURCHASE, Duration.ofDays(1)));
    for (MetricKind kind : kinds) {
      UnitFold fold = UnitFolds.of(kind, 0);
      assertThat(fold.takesAnyOrder()).as(kind.toString()).isFalse();
      assertThat(orders(fold)).as(kind.toString()).hasSizeGreaterThan(1);
    }
  }

  @Test
  void a_sum_that_a_long_cannot_hold_asks_for_its_order() {
    for (MetricKind kind :
        List.of(
            new MetricKind.Sum(PURCHASE, null, null, null),
            new MetricKind.Mean(PURCHASE, null),
            new MetricKind.Ratio(
                new MetricKind.Term(VIEW, false), new MetricKind.Term(PURCHASE, true), null))) {
      UnitFold fold = UnitFolds.of(kind, 0);
      assertThat(fold.takesAnyOrder()).as(kind.toString()).isFalse();
      long most = Long.MAX_VALUE / 2 + 1;
      assertThat(after(fold, most, most, -most)).isNotEqualTo(after(fold, most, -most, most));
    }
  }

  /** The state after purchases of some values. */
  private static List<Long> after(UnitFold fold, long... micros) {
    long[] slots = new long[fold.slots()];
    for (long value : micros) {
      Point point = new Point();
      point.name = "purchase";
      point.valueMicros = value;
      fold.outcome(slots, 0, point, 0);
    }
    return Arrays.stream(slots).boxed().toList();
  }

  /** The states to which six outcomes lead, in a hundred orders. */
  private static Set<List<Long>> orders(UnitFold fold) {
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
    Random random = new Random(1);
    Set<List<Long>> found = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      long[] slots = new long[fold.slots()];
      for (int at : order) {
        Point point = new Point();
        point.name = at % 3 == 0 ? "view" : "purchase";
        point.valueMicros = at * UnitFold.ONE;
        point.attributes = new String[] {"latency_ms", Integer.toString(70 * at)};
        fold.outcome(slots, 0, point, at * Duration.ofHours(31).toMillis());
      }
      found.add(Arrays.stream(slots).boxed().toList());
      Collections.shuffle(order, random);
    }
    return found;
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
