package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.UnitDelta;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LocalCombineTest {

  private OneInputStreamOperatorTestHarness<UnitDelta, DeltaBatch> combine;

  @BeforeEach
  void open() throws Exception {
    combine = new OneInputStreamOperatorTestHarness<>(new LocalCombine());
    combine.open();
  }

  @AfterEach
  void close() throws Exception {
    combine.close();
  }

  @Test
  void sums_leave_before_the_watermark_that_lets_a_boundary_read_them() throws Exception {
    add("a", 0, 60);
    add("a", 0, 60);
    add("b", 60, 120);
    combine.processWatermark(59);
    assertThat(said()).containsExactly("watermark 59");
    combine.processWatermark(60);
    assertThat(said()).containsExactly("a 0: 2", "watermark 60");
    combine.processWatermark(120);
    assertThat(said()).containsExactly("b 60: 1", "watermark 120");
  }

  @Test
  void all_leave_before_a_checkpoint_for_nothing_is_kept_in_state() throws Exception {
    add("a", 0, 60);
    add("b", 60, 120);
    combine.prepareSnapshotPreBarrier(1);
    assertThat(said()).containsExactly("a 0: 1", "b 60: 1");
  }

  @Test
  void all_leave_when_boundaries_have_changed() throws Exception {
    add("a", 0, 60);
    add("b", 60, Long.MAX_VALUE);
    combine.processElement(new StreamRecord<>(UnitDelta.boundariesChanged()));
    assertThat(said()).containsExactly("a 0: 1", "b 60: 1");
  }

  @Test
  void all_leave_at_the_end_of_input() throws Exception {
    add("a", 0, Long.MAX_VALUE);
    combine.endInput();
    assertThat(said()).containsExactly("a 0: 1");
  }

  @Test
  void much_is_not_held_for_long() throws Exception {
    for (int bucket = 0; bucket < 100_000; bucket++) {
      add("a", 60L * bucket, Long.MAX_VALUE);
    }
    assertThat(said()).hasSizeBetween(20_000, 99_999);
  }

  private void add(String rollout, long bucketMs, long dueMs) throws Exception {
    UnitDelta delta = new UnitDelta();
    delta.rolloutId = rollout;
    delta.bucketMs = bucketMs;
    delta.dueMs = dueMs;
    delta.sign = 1;
    delta.enters = true;
    combine.processElement(new StreamRecord<>(delta));
  }

  /** What came out since the last question. */
  private List<String> said() {
    List<String> said = new ArrayList<>();
    for (Object out = combine.getOutput().poll(); out != null; out = combine.getOutput().poll()) {
      if (out instanceof Watermark mark) {
        said.add("watermark " + mark.getTimestamp());
      } else {
        DeltaBatch batch = (DeltaBatch) ((StreamRecord<?>) out).getValue();
        CellBatch.read(
            batch.cells,
            (bucketMs, key, sums) ->
                said.add(batch.rolloutId + " " + bucketMs + ": " + sums.units()));
      }
    }
    return said;
  }
}
