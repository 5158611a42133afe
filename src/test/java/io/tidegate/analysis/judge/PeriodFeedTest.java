package io.tidegate.analysis.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeriodFeedTest {

  private static SplitRow row(String test, int time, String variant, long count) {
    RowTime at = RowTime.parse(Integer.toString(time)).orElseThrow();
    return new SplitRow(test, at, variant, count);
  }

  private static List<String> periods(int limit, SplitRow... rows) {
    LateRows<SplitRow> late = new LateRows<>(limit);
    for (SplitRow r : rows) {
      assertThat(late.look(r)).isTrue();
    }
    List<String> out = new ArrayList<>();
    PeriodFeed<SplitRow> feed =
        new PeriodFeed<>(
            late,
            (series, time, given) -> {
              StringBuilder text = new StringBuilder(series.test() + "@" + time.text());
              given.forEach((v, r) -> text.append(' ').append(v).append('=').append(r.count()));
              out.add(text.toString());
            });
    for (SplitRow r : rows) {
      feed.accept(r);
    }
    feed.finish();
    return out;
  }

  @Test
  void periods_comeWholeAndInOrder() {
    assertThat(
            periods(
                10,
                row("t", 1, "a", 1),
                row("t", 1, "b", 2),
                row("u", 1, "a", 9),
                row("t", 3, "a", 3),
                row("t", 2, "a", 7),
                row("t", 1, "b", 5),
                row("t", 3, "a", 4)))
        .containsExactly("t@1 a=1 b=5", "t@2 a=7", "t@3 a=4", "u@1 a=9");
  }

  @Test
  void periods_beforeTheFirstRowOfTheFile() {
    assertThat(periods(10, row("t", 5, "a", 1), row("t", 4, "a", 2), row("t", 4, "b", 3)))
        .containsExactly("t@4 a=2 b=3", "t@5 a=1");
  }

  @Test
  void lateRows_areBounded() {
    LateRows<SplitRow> late = new LateRows<>(1);
    assertThat(late.look(row("t", 2, "a", 1))).isTrue();
    assertThat(late.look(row("t", 1, "a", 1))).isTrue();
    assertThat(late.look(row("t", 1, "b", 1))).isFalse();
    assertThat(late.count()).isEqualTo(1);
  }
}
