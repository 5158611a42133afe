package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.baseline.HistoryBatch;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.HistoryRequest.Series;
import io.tidegate.analysis.baseline.HistoryRequest.Wanted;
import io.tidegate.analysis.baseline.HourBook;
import io.tidegate.model.Assignment;
import io.tidegate.model.BaselineRow;
import io.tidegate.model.HourlyCount;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class FitBaselinesTest {

  private static final long DAY_MS = Rollouts.DAY_MS;
  private static final long START_MS = Math.floorDiv(Rollouts.START_MS, DAY_MS) * DAY_MS;
  private static final int DAYS = 3;

  private static final HistoryRequest REQUEST =
      new HistoryRequest(
          START_MS,
          START_MS + DAYS * DAY_MS,
          List.of(new Wanted("m", List.of(new Series(0, "conversion")), true, List.of(), START_MS)),
          List.of());

  @Test
  void days_of_a_series_that_nobody_wants_any_more_are_left_as_they_are() throws Exception {
    try (OneInputStreamOperatorTestHarness<HistoryBatch, BaselineRow> fit =
        new OneInputStreamOperatorTestHarness<>(
            new FitBaselines(REQUEST, json -> Rollouts.spec("m", Assignment.MATCHED), Map.of()))) {
      fit.open();
      fit.processElement(kept("conversion"), 0);
      fit.processElement(kept("no longer wanted"), 0);
      fit.processElement(kept(BaselineRow.volumeKey("purchase")), 0);
      fit.endInput();
      assertThat(fit.getSideOutput(FitBaselines.DAYS))
          .extracting(StreamRecord::getValue)
          .extracting(day -> day.key)
          .hasSize(2 * DAYS)
          .containsOnly("conversion", BaselineRow.volumeKey("purchase"));
    }
  }

  private static HistoryBatch kept(String key) {
    HourlyCount count = new HourlyCount(START_MS, "purchase", "all", "*", 7, 0, BigInteger.ZERO);
    return HistoryBatch.ofDay(key, START_MS, 1, HourBook.of(count, REQUEST).write());
  }
}
