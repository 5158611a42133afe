package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Points put in one after the other in any order lie in event-time order, each as it came. */
class OpenPointsTest {

  private static final int SEEDS = Boolean.getBoolean("tidegate.full") ? 2_000 : 400;
  private static final long START_MS = 1_767_571_200_000L;
  private static final List<String> LONG =
      List.of("x".repeat(63), "x".repeat(64), "é".repeat(40), "x".repeat(5_000));

  @Test
  void points_in_any_order_lie_in_event_time_order() {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      OpenPoints open = new OpenPoints();
      List<Point> sorted = new ArrayList<>();
      StateBytes scratch = new StateBytes();
      for (int i = 1 + random.nextInt(seed % 50 == 0 ? 200 : 12); i > 0; i--) {
        Point point = point(random);
        sorted.add(point);
        sorted.sort(Point.ORDER);
        assertThat(open.insert(point, scratch)).as("seed " + seed).isEqualTo(sorted.indexOf(point));
      }
      assertThat(open.list())
          .as("seed " + seed)
          .usingRecursiveFieldByFieldElementComparator()
          .isEqualTo(sorted);
      assertThat(open.size()).isEqualTo(sorted.size());
      assertThat(open.firstMs()).isEqualTo(sorted.get(0).timeMs);
      assertThat(open.lastMs()).isEqualTo(sorted.get(sorted.size() - 1).timeMs);
      OpenPoints.Reader heads = open.reader();
      for (int i = 0; i < sorted.size(); i++) {
        assertThat(open.id(i)).isEqualTo(sorted.get(i).idHash);
        Point head = new Point();
        assertThat(heads.nextWithoutTexts(head)).isTrue();
        assertThat(Point.ORDER.compare(head, sorted.get(i))).isZero();
        assertThat(head.arrivalMs).isEqualTo(sorted.get(i).arrivalMs);
        assertThat(head.name).isEmpty();
      }
      assertThat(heads.nextWithoutTexts(new Point())).isFalse();
    }
  }

  @Test
  void bytes_and_copies_hold_what_was_put_and_take_more() throws IOException {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      OpenPoints open = new OpenPoints();
      for (int i = 1 + random.nextInt(12); i > 0; i--) {
        open.insert(point(random), new StateBytes());
      }
      StateBytes bytes = new StateBytes();
      open.writeTo(START_MS, bytes);
      OpenPoints read =
          OpenPoints.readFrom(
              open.size(),
              START_MS,
              new DataInputStream(new ByteArrayInputStream(bytes.toBytes())),
              new StateBytes());
      OpenPoints copy = open.copy();
      Point more = point(random);
      open.insert(more, new StateBytes());
      for (OpenPoints other : List.of(read, copy)) {
        assertThat(other.size()).isEqualTo(open.size() - 1);
        other.insert(more, new StateBytes());
        assertThat(other.list())
            .as("seed " + seed)
            .usingRecursiveFieldByFieldElementComparator()
            .isEqualTo(open.list());
      }
    }
  }

  @Test
  void a_reader_goes_on_from_where_it_was_copied() {
    OpenPoints open = new OpenPoints();
    Random random = new Random(1);
    for (int i = 0; i < 5; i++) {
      open.insert(point(random), new StateBytes());
    }
    OpenPoints.Reader reader = open.reader();
    Point point = new Point();
    assertThat(reader.next(point)).isTrue();
    assertThat(reader.next(point)).isTrue();
    OpenPoints.Reader copy = reader.copy();
    assertThat(copy.place()).isEqualTo(2);
    for (int i = 2; i < 5; i++) {
      assertThat(copy.next(point)).isTrue();
      assertThat(point.idHash).isEqualTo(open.id(i));
    }
    assertThat(copy.next(point)).isFalse();
    assertThat(reader.place()).isEqualTo(2);
  }

  /** Times that often meet, and far apart ones; few names and many. */
  private static Point point(Random random) {
    Point point = new Point();
    point.timeMs = START_MS + random.nextInt(random.nextBoolean() ? 4 : 100_000_000) - 7;
    point.exposure = random.nextInt(4) == 0;
    point.name =
        random.nextInt(9) == 0 ? LONG.get(random.nextInt(LONG.size())) : "n" + random.nextInt(100);
    point.idHash = random.nextLong();
    point.contentHash = random.nextInt();
    point.valueMicros = random.nextBoolean() ? random.nextLong() : 1_000_000L * random.nextInt(9);
    if (point.exposure) {
      point.variant = random.nextBoolean() ? "on" : "off";
    }
    if (random.nextBoolean()) {
      point.arrivalMs = point.timeMs + random.nextInt(1_000_000);
      point.attributes =
          new String[] {"device", (random.nextBoolean() ? "d" : "dé") + random.nextInt(40)};
    }
    return point;
  }
}
