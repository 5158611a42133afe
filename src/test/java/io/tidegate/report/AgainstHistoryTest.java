package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Estimate;
import io.tidegate.model.Metric;
import io.tidegate.model.Purpose;
import io.tidegate.model.ReportData;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows against history stand in the tables and never in the place of the experiment's. */
class AgainstHistoryTest {

  private final ReportData all = SampleRollout.rolledBack();
  private final Metric metric = new Findings(all).primaryMetric();

  @Test
  void the_newest_estimate_is_the_experiments() {
    Findings before = new Findings(all);
    Estimate newest = before.latest(metric, "on").orElseThrow();
    for (Purpose purpose : Purpose.values()) {
      List<Estimate> rows = new ArrayList<>(all.estimates());
      rows.add(SampleRollout.againstHistory(metric.name(), purpose, newest.boundaryMs() + 1));
      Findings after = findings(rows);
      assertThat(after.latest(metric, "on")).as("%s", purpose).contains(newest);
      assertThat(
              findings(List.of(SampleRollout.againstHistory(metric.name(), purpose, 1)))
                  .latest(metric, "on"))
          .isEmpty();
    }
  }

  @Test
  void its_range_holds_at_one_look() {
    Contrast contrast =
        Contrast.of(
            metric, "", SampleRollout.againstHistory(metric.name(), Purpose.DETERIORATION, 1));
    assertThat(contrast.certainty())
        .contains("at one look")
        .contains("not with a control group")
        .doesNotContain("however often");
  }

  private Findings findings(List<Estimate> rows) {
    return new Findings(SampleRollout.with(all, all.events(), all.signals(), rows));
  }
}
