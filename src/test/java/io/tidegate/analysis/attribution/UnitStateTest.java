package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnitStateTest {

  private static final int ROLLOUTS = 3;

  private final StateBytes scratch = new StateBytes();

  @Test
  void settled_figures_stay_while_room_of_older_ones_is_used_again() {
    Random random = new Random(7);
    UnitState state = new UnitState();
    long[] settled = new long[ROLLOUTS];
    long[] now = new long[ROLLOUTS];
    for (int step = 0; step < 2_000; step++) {
      int rollout = random.nextInt(ROLLOUTS);
      switch (random.nextInt(8)) {
        case 0 -> {
          state.adoptFolded();
          System.arraycopy(now, 0, settled, 0, ROLLOUTS);
        }
        case 1 -> state = state.copy();
        case 2 -> state.trim();
        default -> {
          now[rollout] = step + 1L;
          RolloutUnit unit = state.writable(rollout);
          unit.attempt = 1; // known, so that it is kept
          unit.entered = true;
          unit.slots = random.nextBoolean() ? new long[] {now[rollout]} : set(unit, now[rollout]);
          state.append(point(step), scratch);
        }
      }
      for (int r = 0; r < ROLLOUTS; r++) {
        assertThat(figure(state.base(r))).as("settled, step %d", step).isEqualTo(settled[r]);
        assertThat(figure(find(state.folded(), r))).as("now, step %d", step).isEqualTo(now[r]);
      }
    }
  }

  @Test
  void what_is_written_of_a_state_stays_while_its_successor_goes_on() throws Exception {
    Random random = new Random(8);
    UnitState state = new UnitState();
    UnitState same = new UnitState();
    List<UnitState> left = new ArrayList<>();
    List<byte[]> asLeft = new ArrayList<>();
    for (int step = 0; step < 5_000; step++) {
      if (random.nextInt(4) == 0) {
        left.add(state);
        asLeft.add(bytes(state));
        state = state.successor();
      }
      int choice = random.nextInt(10);
      int rollout = random.nextInt(ROLLOUTS);
      for (UnitState one : List.of(state, same)) {
        switch (choice) {
          case 0 -> one.adoptFolded();
          case 1 -> one.trim();
          case 2 -> {
            if (one.base(rollout) != null) {
              one.markLate(rollout);
            }
          }
          case 3 -> one.remember(step, step / 500);
          case 4 -> one.forgetBefore(step / 500 - 1);
          case 5 -> settleSome(one, step);
          case 6 -> {
            RolloutUnit now = find(one.folded(), rollout);
            if (now != null) {
              RolloutUnit other = now.copy();
              set(other, step + 1L);
              one.replace(other);
            }
          }
          default -> {
            RolloutUnit unit = one.writable(rollout);
            set(unit, step + 1L);
            // Some are known no more once settled, and dropped.
            unit.attempt = step % 7 == 0 ? 0 : 1;
            unit.entered = step % 7 != 0;
            unit.late &= unit.entered;
            one.append(point(step), scratch);
          }
        }
      }
      assertThat(bytes(state)).as("step %d", step).isEqualTo(bytes(same));
      assertThat(state.folded()).hasSameSizeAs(same.folded());
      for (int r = 0; r < ROLLOUTS; r++) {
        assertThat(figure(find(state.folded(), r))).isEqualTo(figure(find(same.folded(), r)));
      }
      // What was left lately may still be being written.
      for (int i = Math.max(0, left.size() - 5); i < left.size(); i++) {
        assertThat(bytes(left.get(i))).as("left, step %d", step).isEqualTo(asLeft.get(i));
      }
    }
  }

  /** As the ledger does where some of the open points are settled. */
  private void settleSome(UnitState state, int step) {
    if (state.open() == null) {
      return;
    }
    RolloutUnit[] bases = state.folded().clone();
    for (int i = 0; i < bases.length; i++) {
      RolloutUnit base = state.base(bases[i].rollout);
      bases[i] = base == null ? new RolloutUnit(bases[i].rollout) : base.copy();
      if (i == step % bases.length) {
        set(bases[i], step + 1L);
      }
    }
    state.settleTo(bases, state.openPoints(), scratch);
  }

  private static byte[] bytes(UnitState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    state.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @Test
  void a_copy_is_not_changed_by_what_its_original_takes_later() {
    UnitState state = new UnitState();
    set(state.writable(0), 1);
    state.append(point(1), scratch);
    state.adoptFolded();
    set(state.writable(0), 2);
    state.append(point(2), scratch);
    UnitState copy = state.copy();
    state.adoptFolded();
    set(state.writable(0), 3);
    state.append(point(3), scratch);
    assertThat(figure(copy.base(0))).isEqualTo(1);
    assertThat(figure(copy.folded()[0])).isEqualTo(2);
    assertThat(copy.openPoints()).extracting(p -> p.timeMs).containsExactly(2L);
    assertThat(state.openPoints()).extracting(p -> p.timeMs).containsExactly(3L);
  }

  @Test
  void room_without_points_is_nothing_to_keep() {
    UnitState state = new UnitState();
    state.append(point(1), scratch);
    state.adoptFolded();
    assertThat(state.isEmpty()).isTrue();
    assertThat(state.open()).isNull();
    assertThat(state.comesAfterAll(point(0))).isTrue();
  }

  private static long[] set(RolloutUnit unit, long figure) {
    unit.attempt = 1;
    unit.entered = true;
    if (unit.slots.length == 0) {
      unit.slots = new long[1];
    }
    unit.slots[0] = figure;
    return unit.slots;
  }

  private static long figure(RolloutUnit unit) {
    return unit == null ? 0 : unit.slots[0];
  }

  private static RolloutUnit find(RolloutUnit[] units, int rollout) {
    for (RolloutUnit unit : units) {
      if (unit.rollout == rollout) {
        return unit;
      }
    }
    return null;
  }

  private static Point point(long timeMs) {
    Point point = new Point();
    point.timeMs = timeMs;
    point.name = "purchase";
    return point;
  }
}
