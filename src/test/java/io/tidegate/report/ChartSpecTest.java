package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartSpecTest {

  private record Point(String line, int age) {}

  @Test
  void fractions_have_the_digits_that_a_drawing_shows() {
    String json =
        ChartSpec.load("series")
            .rows(
                "rows",
                List.of(
                    Rows.of("at", 1_700_000_000_123L, "level", 1.0 / 3, "lower", 1e300),
                    Rows.of("at", 0L, "level", 0.1, "lower", null)))
            .json();
    assertThat(json)
        .contains("\"at\":1700000000123,\"level\":0.33333334,\"lower\":1.0E300")
        .contains("\"at\":0,\"level\":0.1,\"lower\":null");
  }

  @Test
  void axes_have_their_labels() {
    assertThat(ChartSpec.load("effect").json())
        .contains("utcFormat(datum.value, '%H:%M')", "datum.value === 0 ? '0'")
        .doesNotContain("$utcLabel", "$zeroLabel");
  }

  @Test
  void each_line_keeps_its_ends_and_what_a_chart_has_room_for() {
    List<Point> points = new ArrayList<>();
    for (int age = 0; age < 1000; age++) {
      points.add(new Point("on", age));
      if (age < 3) {
        points.add(new Point("off", age));
      }
    }
    List<Point> drawn = ChartSpec.drawn(points, Point::line);
    assertThat(drawn).hasSize(ChartSpec.MOST_POINTS + 3).doesNotHaveDuplicates();
    assertThat(drawn).contains(new Point("on", 0), new Point("on", 999), new Point("off", 1));
  }
}
