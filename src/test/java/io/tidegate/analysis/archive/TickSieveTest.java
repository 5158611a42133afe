package io.tidegate.analysis.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Origin;
import io.tidegate.model.ReceivedRolloutEvent;
import io.tidegate.model.RolloutEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TickSieveTest {

  @Test
  void only_the_latest_tick_before_an_event_and_the_last_of_all_are_kept() {
    List<ReceivedRolloutEvent> log =
        List.of(
            tick(0, 10),
            tick(1, 30),
            tick(2, 20),
            note(3, 25),
            note(4, 26),
            tick(5, 25),
            tick(6, 40),
            tick(7, 50));
    assertThat(offsets(sieve(log, List.of()))).containsExactly(1L, 3L, 4L, 7L);
  }

  @Test
  void what_is_kept_tells_the_same_frontier_before_every_event() {
    SplittableRandom random = new SplittableRandom(3);
    for (int run = 0; run < 500; run++) {
      List<ReceivedRolloutEvent> log = randomLog(random);
      List<ReceivedRolloutEvent> kept = sieve(log, List.of());
      assertThat(frontiers(kept)).isEqualTo(frontiers(log));
    }
  }

  @Test
  void reading_again_adds_nothing_and_what_was_lost_comes_back() {
    SplittableRandom random = new SplittableRandom(5);
    for (int run = 0; run < 500; run++) {
      List<ReceivedRolloutEvent> log = randomLog(random);
      List<ReceivedRolloutEvent> kept = sieve(log, List.of());
      assertThat(sieve(log, kept)).isEmpty();
      List<ReceivedRolloutEvent> part = kept.stream().filter(e -> random.nextBoolean()).toList();
      List<ReceivedRolloutEvent> both = new ArrayList<>(part);
      both.addAll(sieve(log, part));
      both.sort(java.util.Comparator.comparingLong(e -> e.origin().offset()));
      assertThat(offsets(both)).doesNotHaveDuplicates();
      assertThat(frontiers(both)).isEqualTo(frontiers(log));
    }
  }

  private static List<ReceivedRolloutEvent> sieve(
      List<ReceivedRolloutEvent> log, List<ReceivedRolloutEvent> keptBefore) {
    TreeSet<Long> before = new TreeSet<>(offsets(keptBefore));
    List<ReceivedRolloutEvent> out = new ArrayList<>();
    TickSieve sieve = new TickSieve();
    log.forEach(e -> sieve.add(e, before.contains(e.origin().offset()), out::add));
    sieve.flush(out::add);
    return out;
  }

  /** Per event that is no tick, and at the end, the latest tick before it. */
  private static List<Long> frontiers(List<ReceivedRolloutEvent> log) {
    List<Long> frontiers = new ArrayList<>();
    long frontier = Long.MIN_VALUE;
    for (ReceivedRolloutEvent e : log) {
      if (e.usable().kind() == RolloutEvent.Kind.TICK) {
        frontier = Math.max(frontier, e.usable().eventTimeMs());
      } else {
        frontiers.add(frontier);
      }
    }
    frontiers.add(frontier);
    return frontiers;
  }

  private static List<ReceivedRolloutEvent> randomLog(SplittableRandom random) {
    List<ReceivedRolloutEvent> log = new ArrayList<>();
    for (int offset = 0; offset < 30; offset++) {
      log.add(
          random.nextInt(4) == 0
              ? note(offset, random.nextInt(100))
              : tick(offset, random.nextInt(100)));
    }
    return log;
  }

  private static List<Long> offsets(List<ReceivedRolloutEvent> events) {
    return events.stream().map(e -> e.origin().offset()).toList();
  }

  private static ReceivedRolloutEvent tick(long offset, long timeMs) {
    return at(offset, RolloutEvent.tick("t" + offset, timeMs));
  }

  private static ReceivedRolloutEvent note(long offset, long timeMs) {
    return at(offset, RolloutEvent.bare("n" + offset, timeMs, "r", RolloutEvent.Kind.NOTE, ""));
  }

  private static ReceivedRolloutEvent at(long offset, RolloutEvent event) {
    return new ReceivedRolloutEvent(
        new Origin("rollouts", 0, offset, event.eventTimeMs()), event, null);
  }
}
