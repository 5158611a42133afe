package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.UnitDelta;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalCombineTest {

  private final List<DeltaBatch> sent = new ArrayList<>();
  private final LocalCombine combine = new LocalCombine(sent::add);

  @Test
  void sums_leave_with_the_watermark_that_lets_a_boundary_read_them() {
    add("a", 0, 60);
    add("a", 0, 60);
    add("b", 60, 120);
    combine.sendDue(59);
    assertThat(said()).isEmpty();
    combine.sendDue(60);
    assertThat(said()).containsExactly("a 0: 2");
    combine.sendDue(120);
    assertThat(said()).containsExactly("b 60: 1");
  }

  @Test
  void all_leave_when_told_to() {
    add("a", 0, 60);
    add("b", 60, Long.MAX_VALUE);
    combine.sendAll();
    assertThat(said()).containsExactly("a 0: 1", "b 60: 1");
    combine.sendAll();
    assertThat(said()).isEmpty();
  }

  @Test
  void much_is_not_held_for_long() {
    for (int bucket = 0; bucket < 100_000; bucket++) {
      add("a", 60L * bucket, Long.MAX_VALUE);
    }
    assertThat(said()).hasSizeBetween(20_000, 99_999);
  }

  private void add(String rollout, long bucketMs, long dueMs) {
    UnitDelta delta = new UnitDelta();
    delta.rolloutId = rollout;
    delta.bucketMs = bucketMs;
    delta.dueMs = dueMs;
    delta.sign = 1;
    delta.enters = true;
    combine.post(delta);
  }

  /** What came out since the last question. */
  private List<String> said() {
    List<String> said = new ArrayList<>();
    for (DeltaBatch batch : sent) {
      CellBatch.read(
          batch.cells,
          (bucketMs, key, sums) ->
              said.add(batch.rolloutId + " " + bucketMs + ": " + sums.units()));
    }
    sent.clear();
    return said;
  }
}
