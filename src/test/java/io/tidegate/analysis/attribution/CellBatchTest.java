package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CellBatchTest {

  private final CellBatch batch = new CellBatch();

  @Test
  void what_a_boundary_reads_leaves_and_the_rest_stays() {
    add("a", 0, 60, 1);
    add("a", 60, 120, 2);
    add("b", 0, 60, 3);
    assertThat(batch.dueMs()).isEqualTo(60);
    int size = batch.size();

    assertThat(written("a", 60)).containsExactly("0 -1/0: 1", "0 0/1: 1", "0 1/0: 1");
    assertThat(written("b", 59)).isEmpty();
    batch.clear(60);

    assertThat(batch.rollouts()).containsExactly("a");
    assertThat(batch.dueMs()).isEqualTo(120);
    assertThat(batch.size()).isPositive().isLessThan(size);
    add("a", 60, 120, 5);
    assertThat(written("a", 120)).containsExactly("60 -1/0: 7", "60 0/1: 7", "60 1/0: 7");

    batch.clear(Long.MAX_VALUE);
    assertThat(batch.rollouts()).isEmpty();
    assertThat(batch.size()).isZero();
    assertThat(batch.dueMs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void an_earlier_boundary_that_became_known_is_not_missed() {
    add("a", 0, 60, 1);
    add("a", 0, 30, 1);
    assertThat(batch.dueMs()).isEqualTo(30);
    assertThat(written("a", 30)).containsExactly("0 -1/0: 2", "0 0/1: 2", "0 1/0: 2");
  }

  @Test
  void kinds_are_counted_by_number_whatever_comes_first() {
    UnitDelta delta = delta("a", 0, 60);
    delta.channel = CellKey.USED;
    delta.enters = true;
    for (int number : new int[] {3, 0, 40, 3}) {
      delta.outcome = number;
      batch.add(delta);
    }
    List<String> found = new ArrayList<>();
    CellBatch.read(
        batch.write("a", 60),
        (bucketMs, key, sums) ->
            found.add(key.dimension() + "/" + key.segment() + ": " + sums.units()));
    assertThat(found).containsExactly("-1/0: 1", "-1/3: 2", "-1/40: 1");
  }

  private void add(String rollout, long bucketMs, long dueMs, int units) {
    UnitDelta delta = delta(rollout, bucketMs, dueMs);
    delta.enters = true;
    delta.segments = new int[] {1, 0};
    delta.segmentStarts = new int[] {1, 4, 7};
    for (int i = 0; i < units; i++) {
      batch.add(delta);
    }
  }

  private static UnitDelta delta(String rollout, long bucketMs, long dueMs) {
    UnitDelta delta = new UnitDelta();
    delta.rolloutId = rollout;
    delta.bucketMs = bucketMs;
    delta.dueMs = dueMs;
    delta.sign = 1;
    return delta;
  }

  private List<String> written(String rollout, long untilMs) {
    List<String> found = new ArrayList<>();
    CellBatch.read(
        batch.write(rollout, untilMs),
        (bucketMs, key, sums) ->
            found.add(
                bucketMs + " " + key.dimension() + "/" + key.segment() + ": " + sums.units()));
    return found;
  }
}
