package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.analysis.metric.UnitFold;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A unit's bytes: what is read is what was written, and how many there are. */
class UnitStateCodecTest {

  private static final int SEEDS = Boolean.getBoolean("tidegate.full") ? 500 : 150;
  private static final long FOLDED_MS = 1_767_571_200_000L;
  private static final int SLICE = (int) (FOLDED_MS / 600_000);

  @Test
  void whatever_is_written_is_read() throws Exception {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      RolloutUnit unit = unit(slots(random));
      long[] ids = random.longs(random.nextInt(8)).toArray();
      int[] slices = new int[ids.length];
      int slice = SLICE;
      for (int i = 0; i < ids.length; i++) {
        slice += random.nextInt(3) - 1;
        slices[i] = slice;
      }
      List<Point> points = points(random);
      UnitState state = UnitState.restored(FOLDED_MS, new RolloutUnit[] {unit}, null, ids, slices);
      state.setOpen(points, new StateBytes());
      UnitState read = read(written(state));
      assertThat(read.openPoints()).usingRecursiveFieldByFieldElementComparator().isEqualTo(points);
      assertThat(read.copy().openPoints())
          .usingRecursiveFieldByFieldElementComparator()
          .isEqualTo(points);
      assertThat(read.foldedToMs).isEqualTo(FOLDED_MS);
      assertThat(read.bases()[0]).usingRecursiveComparison().isEqualTo(unit);
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
  void a_state_with_each_open_point_by_itself_is_read() throws Exception {
    RolloutUnit unit = unit(new long[] {0, 3 * UnitFold.ONE, 17});
    StateBytes old = upToOpen(4, unit);
    Point open = point("purchase", FOLDED_MS + 7, false);
    old.putNumber(1);
    old.putLong(99);
    old.putNumber(7);
    old.putByte(2);
    old.putLong(open.idHash);
    old.putNumber(open.contentHash);
    old.putNumber(open.valueMicros);
    old.putNumber(0);
    old.putText(open.name);
    old.putNumber(2);
    old.putNumber(1);
    old.putText("device");
    old.putNumber(0);
    open.attributes = new String[] {"device", open.name};
    assertRead(old, unit, open);
  }

  @Test
  void a_state_with_hashes_and_values_as_numbers_in_full_is_read() throws Exception {
    RolloutUnit unit = unit(new long[] {0, 3 * UnitFold.ONE, 17});
    StateBytes old = upToOpen(5, unit);
    Point first = point("flag", FOLDED_MS + 7, true);
    first.variant = "on";
    first.attributes = new String[] {"device", "on"};
    Point second = point("purchase", FOLDED_MS + 9, false);
    second.idHash = 13;
    second.arrivalMs = second.timeMs + 4;
    second.valueMicros = 3 * UnitFold.ONE;
    old.putNumber(2);
    old.putNumber(7);
    old.putNumber(2);
    old.putNumber(5);
    for (String text : new String[] {"flag", "on", "", "device", "purchase"}) {
      old.putText(text);
    }
    old.putLong(first.idHash);
    old.putLong(second.idHash);
    StateBytes points = new StateBytes();
    points.putByte(3);
    for (long number : new long[] {0, first.contentHash, first.valueMicros, 0, 1, 2, 2, 3, 1}) {
      points.putNumber(number);
    }
    points.putByte(0);
    for (long number : new long[] {2, 4, second.contentHash, second.valueMicros, 4, 0}) {
      points.putNumber(number);
    }
    old.putNumber(points.size());
    points.writeTo(new DataOutputStream(old));
    assertRead(old, unit, first, second);
  }

  @Test
  void a_state_is_written_in_these_bytes_and_read() throws Exception {
    RolloutUnit unit = unit(new long[] {0, 3 * UnitFold.ONE, 17});
    String longName = "p".repeat(64);
    Point first = point("flag", FOLDED_MS + 7, true);
    first.variant = "on";
    first.attributes = new String[] {"pays", "Réunion"};
    Point second = point(longName, FOLDED_MS + 9, false);
    second.idHash = 13;
    second.arrivalMs = second.timeMs + 4;
    second.valueMicros = 3 * UnitFold.ONE;
    StateBytes bytes = upToOpen(6, unit);
    for (long number : new long[] {2, 7, 2, 6}) {
      bytes.putNumber(number);
    }
    for (String text : new String[] {"flag", "on", "", "pays", "Réunion", longName}) {
      bytes.putText(text);
    }
    bytes.putLong(first.idHash);
    bytes.putLong(second.idHash);
    StateBytes points = new StateBytes();
    points.putByte(1 + 2);
    points.putNumber(0);
    points.putInt(first.contentHash);
    for (long number : new long[] {first.valueMicros, 0, 1, 2, 2, 3, 4}) {
      points.putNumber(number);
    }
    points.putByte(4);
    points.putNumber(2);
    points.putNumber(4);
    points.putInt(second.contentHash);
    for (long number : new long[] {3, 5, 0}) {
      points.putNumber(number);
    }
    bytes.putNumber(points.size());
    points.writeTo(new DataOutputStream(bytes));
    assertRead(bytes, unit, first, second);
    UnitState state =
        UnitState.restored(
            FOLDED_MS,
            new RolloutUnit[] {unit},
            null,
            new long[] {11, -12},
            new int[] {SLICE, SLICE + 1});
    state.setOpen(List.of(first, second), new StateBytes());
    assertThat(written(state)).isEqualTo(bytes.toBytes());
  }

  private static StateBytes upToOpen(int version, RolloutUnit unit) {
    StateBytes old = new StateBytes();
    old.putByte(version);
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
    old.putByte(0b010);
    old.putNumber(3);
    old.putNumber(unit.slots[2]);
    old.putNumber(unit.controlShare);
    old.putNumber(unit.barredFrom);
    old.putNumber(unit.clearedBy);
    old.putNumber(2);
    old.putNumber(SLICE);
    old.putNumber(1);
    old.putLong(11);
    old.putNumber(1);
    old.putNumber(1);
    old.putLong(-12);
    return old;
  }

  private static void assertRead(StateBytes old, RolloutUnit unit, Point... open)
      throws IOException {
    UnitState read = read(old.toBytes());
    assertThat(read.bases()[0]).usingRecursiveComparison().isEqualTo(unit);
    assertThat(read.seenIds).containsExactly(11, -12);
    assertThat(read.seenSlices).containsExactly(SLICE, SLICE + 1);
    assertThat(read.openPoints())
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactly(open);
  }

  @Test
  void a_version_that_is_not_known_is_refused() {
    assertThatThrownBy(() -> read(new byte[] {2}))
        .isInstanceOf(IOException.class)
        .hasMessage("unit state of version 2; this build reads versions 3 to 6");
  }

  /** Up to 300 points, so that numbers of texts and of bytes need more than one byte. */
  private static List<Point> points(Random random) {
    List<Point> points = new ArrayList<>();
    long timeMs = FOLDED_MS - 5;
    for (int i = random.nextInt(random.nextInt(10) == 0 ? 300 : 8); i > 0; i--) {
      timeMs += random.nextInt(3) == 0 ? 0 : random.nextLong(10_000_000_000L);
      Point point = point("n" + random.nextInt(200), timeMs, random.nextBoolean());
      point.idHash = random.nextLong();
      point.contentHash = random.nextInt();
      point.valueMicros = random.nextBoolean() ? random.nextLong() : random.nextInt(9);
      point.arrivalMs = random.nextBoolean() ? Long.MIN_VALUE : timeMs + random.nextInt();
      if (point.exposure) {
        point.variant = "on";
        point.flagVersion = random.nextBoolean() ? "" : "v" + random.nextInt(9);
      }
      point.attributes = new String[2 * random.nextInt(3)];
      Arrays.setAll(point.attributes, a -> "é" + random.nextInt(20));
      points.add(point);
    }
    return points;
  }

  private static Point point(String name, long timeMs, boolean exposure) {
    Point point = new Point();
    point.name = name;
    point.timeMs = timeMs;
    point.exposure = exposure;
    point.idHash = 12;
    point.contentHash = -7;
    point.valueMicros = 5;
    return point;
  }

  private static UnitState state(long[] slots, int ids) {
    return UnitState.restored(
        FOLDED_MS,
        new RolloutUnit[] {unit(slots)},
        null,
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
