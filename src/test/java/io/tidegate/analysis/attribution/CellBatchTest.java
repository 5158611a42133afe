package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CellBatchTest {

  private static final int[][] STARTS = {
    {1}, {1, 5}, {1, 5, 8}, {1, 5, 8, 10}, {1, 3, 6, 8, 12}, {1, 3, 6, 8, 12, 14}
  };

  private final CellBatch batch = new CellBatch();

  @Test
  void what_a_boundary_reads_leaves_and_the_rest_stays() {
    add("a", 0, 60, 1);
    add("a", 60, 120, 2);
    add("b", 0, 60, 3);
    assertThat(batch.dueMs()).isEqualTo(60);
    int size = batch.size();

    assertThat(drained(59)).isEmpty();
    assertThat(drained(60))
        .containsExactly(
            "a 0 -1/0: 1", "a 0 0/1: 1", "a 0 1/0: 1", "b 0 -1/0: 3", "b 0 0/1: 3", "b 0 1/0: 3");

    assertThat(batch.dueMs()).isEqualTo(120);
    assertThat(batch.size()).isPositive().isLessThan(size);
    add("a", 60, 120, 5);
    add("c", 60, 120, 1);
    assertThat(drained(120))
        .containsExactly(
            "a 60 -1/0: 7",
            "a 60 0/1: 7",
            "a 60 1/0: 7",
            "c 60 -1/0: 1",
            "c 60 0/1: 1",
            "c 60 1/0: 1");

    assertThat(batch.size()).isZero();
    assertThat(batch.dueMs()).isEqualTo(Long.MAX_VALUE);
    assertThat(drained(Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void an_earlier_boundary_that_became_known_is_not_missed() {
    add("a", 0, 60, 1);
    add("a", 0, 30, 1);
    assertThat(batch.dueMs()).isEqualTo(30);
    assertThat(drained(30)).containsExactly("a 0 -1/0: 2", "a 0 0/1: 2", "a 0 1/0: 2");
    assertThat(batch.dueMs()).isEqualTo(Long.MAX_VALUE);
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
    assertThat(drained(60)).containsExactly("a 0 -1/0: 1", "a 0 -1/3: 2", "a 0 -1/40: 1");
  }

  @Test
  void a_segment_of_a_large_dimension_keeps_its_number() {
    UnitDelta delta = delta("a", 0, 60);
    delta.enters = true;
    delta.segmentStarts = new int[] {1, 70_001, 70_004, 140_004};
    for (int[] segments : new int[][] {{65_535, 2, 65_535}, {65_536, 2, 0}}) {
      delta.segments = segments;
      batch.add(delta);
    }
    assertThat(drained(60))
        .containsExactly(
            "a 0 -1/0: 2",
            "a 0 0/65535: 1",
            "a 0 0/65536: 1",
            "a 0 1/2: 2",
            "a 0 2/0: 1",
            "a 0 2/65535: 1");
  }

  @Test
  void random_deltas_add_up_as_one_by_one_whatever_leaves_when() {
    for (int seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      Map<String, UnitSums> expected = new HashMap<>();
      Map<String, UnitSums> found = new HashMap<>();
      for (int i = 0; i < 60_000; i++) {
        // A few busy blocks, whose rows run over, and thousands of others.
        boolean busy = random.nextInt(4) > 0;
        UnitDelta delta = random(random, busy ? 3 : 60, busy ? 1 : 40);
        batch.add(delta);
        expect(delta, expected);
        if (random.nextInt(9_000) == 0) {
          drain(random.nextInt(2_400), found);
        }
      }
      drain(Long.MAX_VALUE, found);
      expected.values().removeIf(UnitSums::isZero);
      found.values().removeIf(UnitSums::isZero);
      assertThat(found).as("seed %d", seed).isEqualTo(expected);
      assertThat(batch.size()).isZero();
    }
  }

  private static UnitDelta random(Random random, int rollouts, int buckets) {
    int rollout = random.nextInt(rollouts);
    int bucket = 60 * random.nextInt(buckets);
    UnitDelta delta = delta("r" + rollout, bucket, bucket + 60);
    delta.attempt = 1;
    delta.process = random.nextInt(2) - 1;
    delta.stratum = random.nextInt(2);
    delta.variant = random.nextInt(3) - 1;
    delta.sign = random.nextInt(4) == 0 ? -1 : 1;
    delta.channel = CellKey.VERSION + random.nextInt(40);
    delta.segmentStarts = STARTS[rollout % STARTS.length];
    delta.segments = new int[0];
    if (delta.channel == CellKey.USED || delta.channel == CellKey.VERSION) {
      delta.outcome = random.nextInt(251);
      delta.enters = true;
    } else {
      delta.segments = new int[delta.segmentStarts.length - 1];
      for (int d = 0; d < delta.segments.length; d++) {
        int[] starts = delta.segmentStarts;
        delta.segments[d] = random.nextInt(starts[d + 1] - starts[d]);
      }
      delta.enters = random.nextBoolean();
      delta.yOld = random.nextBoolean() ? 0 : random.nextInt(3) * 1_000_000_000_000L - 500;
      delta.yNew = random.nextBoolean() ? 0 : random.nextLong() >> 8;
      delta.dOld = random.nextInt(2) * 3L;
      delta.dNew = random.nextInt(2) * 1_000_000L;
    }
    return delta;
  }

  private static void expect(UnitDelta delta, Map<String, UnitSums> into) {
    expect(delta, -1, delta.outcome, into);
    for (int d = 0; d < delta.segments.length; d++) {
      expect(delta, d, delta.segments[d], into);
    }
  }

  private static void expect(
      UnitDelta delta, int dimension, int segment, Map<String, UnitSums> into) {
    CellKey key =
        new CellKey(
            delta.attempt,
            delta.process,
            delta.stratum,
            delta.variant,
            dimension,
            segment,
            delta.channel);
    UnitSums sums =
        into.computeIfAbsent(delta.rolloutId + delta.bucketMs + key, k -> new UnitSums());
    if (delta.enters && delta.sign > 0) {
      sums.enter(delta.yNew, delta.dNew);
    } else if (delta.enters) {
      sums.leave(delta.yNew, delta.dNew);
    } else if (delta.sign > 0) {
      sums.move(delta.yOld, delta.dOld, delta.yNew, delta.dNew);
    } else {
      sums.move(delta.yNew, delta.dNew, delta.yOld, delta.dOld);
    }
  }

  private void drain(long untilMs, Map<String, UnitSums> into) {
    batch.drain(
        untilMs,
        (rollout, cells) ->
            CellBatch.read(
                cells,
                (bucketMs, key, sums) ->
                    into.computeIfAbsent(rollout + bucketMs + key, k -> new UnitSums()).add(sums)));
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

  private List<String> drained(long untilMs) {
    List<String> found = new ArrayList<>();
    batch.drain(
        untilMs,
        (rollout, cells) ->
            CellBatch.read(
                cells,
                (bucketMs, key, sums) ->
                    found.add(
                        "%s %d %d/%d: %d"
                            .formatted(
                                rollout, bucketMs, key.dimension(), key.segment(), sums.units()))));
    return found;
  }
}
