package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.Point;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whatever waits comes out once, no sooner and no later than its time. */
class WaitingPointsTest {

  private static final long START_MS = 1_767_571_200_000L;

  @Test
  void each_point_is_released_once_by_the_first_instant_after_it() throws Exception {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      WaitingPoints waiting = new WaitingPoints();
      TreeSet<Long> within = new TreeSet<>();
      long nowMs = START_MS;
      for (int step = 0; step < 60; step++) {
        for (int i = random.nextInt(5); i > 0; i--) {
          long timeMs = nowMs + random.nextInt(1_500);
          if (within.add(timeMs)) {
            waiting.add(point(timeMs));
          }
        }
        nowMs += random.nextInt(400);
        if (random.nextInt(10) == 0) {
          waiting = restored(waiting.blocks());
        }
        assertThat(released(waiting, nowMs)).as("seed " + seed).isEqualTo(taken(within, nowMs));
      }
    }
  }

  @Test
  void a_point_at_the_instant_waits_also_before_1970() throws Exception {
    WaitingPoints waiting = new WaitingPoints();
    waiting.add(point(-250));
    assertThat(released(waiting, -250)).isEmpty();
    assertThat(released(waiting, -249)).containsExactly(-250L);
    assertThat(waiting.blocks()).isEmpty();
  }

  @Test
  void a_point_keeps_its_content() throws Exception {
    WaitingPoints waiting = new WaitingPoints();
    Point point = point(START_MS);
    point.name = "request";
    point.attributes = new String[] {"latency_ms", "17"};
    waiting.add(point);
    restored(waiting.blocks())
        .release(
            START_MS + 1,
            found -> {
              assertThat(found.name()).isEqualTo("request");
              assertThat(found.attribute("latency_ms")).isEqualTo("17");
              assertThat(found.idHash).isEqualTo(point.idHash);
            });
  }

  private static Point point(long timeMs) {
    Point point = new Point();
    point.timeMs = timeMs;
    point.idHash = timeMs * 31;
    return point;
  }

  private static WaitingPoints restored(List<byte[]> blocks) throws IOException {
    WaitingPoints waiting = new WaitingPoints();
    for (byte[] block : blocks) {
      waiting.restore(block);
    }
    return waiting;
  }

  private static List<Long> released(WaitingPoints waiting, long beforeMs) throws IOException {
    List<Long> times = new ArrayList<>();
    waiting.release(beforeMs, point -> times.add(point.timeMs));
    times.sort(null);
    return times;
  }

  private static List<Long> taken(NavigableSet<Long> within, long beforeMs) {
    List<Long> times = new ArrayList<>(within.headSet(beforeMs));
    within.headSet(beforeMs).clear();
    return times;
  }
}
