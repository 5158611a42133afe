package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.alarm.SeriesHours;
import io.tidegate.model.HourlyCount;
import java.math.BigInteger;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class GatherHoursTest {

  private static final long HOUR_MS = 3_600_000L;
  private static final int HOURS = 100;

  @Test
  void seriesOfUnderOneAnHour_isNotHandedOn() throws Exception {
    try (OneInputStreamOperatorTestHarness<HourlyCount, SeriesHours> gather =
        new OneInputStreamOperatorTestHarness<>(new GatherHours(0, HOURS * HOUR_MS))) {
      gather.open();
      gather.processElement(part("a", 3, HOURS - 1), 0);
      gather.processElement(part("b", 4, HOURS - 1), 0);
      gather.processElement(part("b", 3, 1), 0);
      gather.processElement(part("c", HOURS, HOURS), 0);
      gather.endInput();
      assertThat(gather.extractOutputValues())
          .extracting(series -> series.outcome)
          .containsExactly("b");
      assertThat(gather.extractOutputValues().get(0).counts).hasSize(HOURS);
    }
  }

  private static HourlyCount part(String outcome, int hour, long count) {
    return new HourlyCount(hour * HOUR_MS, outcome, "all", "*", count, 0, BigInteger.ZERO);
  }
}
