package io.tidegate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.model.Estimate;
import io.tidegate.model.Purpose;
import io.tidegate.model.SegmentDimension;
import org.junit.jupiter.api.Test;

class CanaryResultTest {

  @Test
  void a_metric_held_against_history_never_passes() {
    ObjectNode metric = CanaryResult.metric(againstHistory());
    assertThat(metric.path("classification").asText()).isEqualTo("Nodata");
    assertThat(metric.path("classificationReason").asText())
        .isEqualTo(
            "no test against control: relative effect -0.7, from -0.8 to -0.6, against history");
  }

  private static Estimate againstHistory() {
    return new Estimate(
        "checkout-v2",
        1,
        3,
        "full",
        0,
        0,
        "",
        "on",
        "conversion",
        SegmentDimension.ALL,
        SegmentDimension.EVERY_UNIT,
        Purpose.DETERIORATION,
        Estimate.BASELINE,
        "season",
        "season_index",
        0.003,
        null,
        0.2,
        0.06,
        -0.14,
        null,
        null,
        -0.7,
        -0.8,
        -0.6,
        null,
        null,
        0,
        2_100,
        "");
  }
}
