package io.tidegate.stats.sequence.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.MarkedPage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The sequences under a look at every step, beside the anchors: each figure within four standard
 * errors of both, shares by Fisher's exact test. With {@code -Dtidegate.full=true} the runs are
 * long and their table is written into docs/statistics.md.
 */
class CalibrationTest {

  private static final boolean FULL = Boolean.getBoolean("tidegate.full");
  private static final double TOLERANCE = 4;

  @Test
  void figures_agreeWithTheAnchors() {
    List<Row> rows = new ArrayList<>();
    rows.addAll(FULL ? Peeking.rows(4_000, 2_000) : Peeking.rows(60, 50));
    rows.addAll(FULL ? Canary.rows(4_000, 1_000) : Canary.rows(50, 40));
    rows.addAll(FULL ? MovingTotals.rows(1_500) : MovingTotals.rows(24));
    rows.addAll(FULL ? Pooling.rows(2_000) : Pooling.rows(80));
    rows.addAll(FULL ? Splits.rows(2_000) : Splits.rows(80));
    if (FULL) {
      MarkedPage.write(
          Path.of("docs/statistics.md"), "calibration", CalibrationTable.markdown(rows));
    }
    assertThat(rows)
        .filteredOn(Row::anchored)
        .as("all figures:\n%s", CalibrationTable.markdown(rows))
        .allSatisfy(r -> assertThat(r.deviation()).as("%s", r).isLessThan(TOLERANCE));
  }
}
