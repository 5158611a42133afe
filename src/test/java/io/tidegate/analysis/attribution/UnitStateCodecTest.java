package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.analysis.metric.UnitFold;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A unit's bytes: what is read is what was written, and how many there are. */
class UnitStateCodecTest {

  private static final long FOLDED_MS = 1_767_571_200_000L;
  private static final int SLICE = (int) (FOLDED_MS / 600_000);

  @Test
  void whatever_is_written_is_read() throws Exception {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      RolloutUnit unit = unit(slots(random));
      long[] ids = random.longs(random.nextInt(8)).toArray();
      int[] slices = new int[ids.length];
      int slice = SLICE;
      for (int i = 0; i < ids.length; i++) {
        slice += random.nextInt(3) - 1;
        slices[i] = slice;
      }
      UnitState state = UnitState.restored(FOLDED_MS, List.of(unit), List.of(), ids, slices);
      UnitState read = read(written(state));
      assertThat(read.foldedToMs).isEqualTo(FOLDED_MS);
      assertThat(read.bases().get(0)).usingRecursiveComparison().isEqualTo(unit);
      assertThat(read.seenIds).as("seed " + seed).isEqualTo(ids);
      assertThat(read.seenSlices).as("seed " + seed).isEqualTo(slices);
    }
  }

  @Test
  void a_unit_with_five_metrics_touched_takes_250_bytes_and_its_ids_eight_each() throws Exception {
    long[] slots = new long[20];
    for (int i = 0; i < 10; i += 2) {
      slots[i] = 37 * UnitFold.ONE;
      slots[i + 1] = 12_345_678_901L + i;
    }
    int without = written(state(slots, 0)).length;
    assertThat(without).isLessThan(250);
    assertThat(written(state(slots, 100)).length - without).isBetween(800, 810);
  }

  @Test
  void a_state_of_the_version_before_is_read() throws Exception {
    RolloutUnit unit = unit(new long[] {0, 3 * UnitFold.ONE, 17});
    StateBytes old = new StateBytes();
    old.putByte(3);
    old.putNumber(FOLDED_MS);
    old.putNumber(1);
    old.putNumber(unit.rollout);
    old.putByte(1);
    for (long number : new long[] {unit.epoch, unit.attempt, unit.process, unit.stratum}) {
      old.putNumber(number);
    }
    old.putNumber(unit.variant);
    old.putNumber(unit.entryMs - FOLDED_MS);
    old.putNumber(unit.segments.length);
    for (int segment : unit.segments) {
      old.putNumber(segment);
    }
    old.putNumber(unit.slots.length);
    old.putByte(0b110);
    old.putNumber(unit.slots[1]);
    old.putNumber(unit.slots[2]);
    old.putNumber(unit.controlShare);
    old.putNumber(unit.barredFrom);
    old.putNumber(unit.clearedBy);
    old.putNumber(2);
    old.putNumber(SLICE);
    old.putLong(11);
    old.putNumber(1);
    old.putLong(-12);
    old.putNumber(0);
    UnitState read = read(old.toBytes());
    assertThat(read.bases().get(0)).usingRecursiveComparison().isEqualTo(unit);
    assertThat(read.seenIds).containsExactly(11, -12);
    assertThat(read.seenSlices).containsExactly(SLICE, SLICE + 1);
  }

  @Test
  void a_version_that_is_not_known_is_refused() {
    assertThatThrownBy(() -> read(new byte[] {2}))
        .isInstanceOf(IOException.class)
        .hasMessage("unit state of version 2; this build reads versions 3 to 4");
  }

  private static UnitState state(long[] slots, int ids) {
    return UnitState.restored(
        FOLDED_MS,
        List.of(unit(slots)),
        List.of(),
        new Random(1).longs(ids).toArray(),
        new Random(1).ints(ids, SLICE, SLICE + 1).toArray());
  }

  private static RolloutUnit unit(long[] slots) {
    RolloutUnit unit = new RolloutUnit(3);
    unit.entered = true;
    unit.epoch = 1_000;
    unit.attempt = 1;
    unit.process = CellKey.MATCHED;
    unit.variant = 1;
    unit.entryMs = FOLDED_MS - 86_400_000;
    unit.segments = new int[] {2, 0, 1, 1};
    unit.slots = slots;
    return unit;
  }

  private static long[] slots(Random random) {
    long[] slots = new long[random.nextInt(20)];
    for (int i = 0; i < slots.length; i++) {
      slots[i] =
          switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> (random.nextInt(9) - 4) * UnitFold.ONE;
            case 2 -> random.nextLong();
            default -> Long.MAX_VALUE / UnitFold.ONE * UnitFold.ONE;
          };
    }
    return slots;
  }

  private static byte[] written(UnitState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    state.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static UnitState read(byte[] bytes) throws IOException {
    return UnitState.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)));
  }
}
