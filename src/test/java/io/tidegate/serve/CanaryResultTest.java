package io.tidegate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidegate.model.Purpose;
import io.tidegate.report.SampleRollout;
import org.junit.jupiter.api.Test;

class CanaryResultTest {

  @Test
  void a_metric_held_against_history_never_passes() {
    ObjectNode metric =
        CanaryResult.metric(SampleRollout.againstHistory("conversion", Purpose.DETERIORATION, 0));
    assertThat(metric.path("classification").asText()).isEqualTo("Nodata");
    assertThat(metric.path("classificationReason").asText())
        .isEqualTo(
            "no test against control: relative effect -0.7, from -0.8 to -0.6, against history");
  }
}
