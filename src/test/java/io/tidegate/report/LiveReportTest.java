package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.analysis.privacy.PublishedRows;
import io.tidegate.codec.SignalCodec;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReportData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveReportTest {

  /** The sample with a last signal as it stands on the topic when the rollout is over. */
  private static ReportData over() throws IOException {
    ReportData all = SampleRollout.rolledBack();
    List<GateSignal> signals = new ArrayList<>(all.signals());
    GateSignal last = signals.remove(signals.size() - 1);
    String json = new String(SignalCodec.signal(last), StandardCharsets.UTF_8);
    String ended = json.replaceFirst("\"next_look\":\"[^\"]*\"", "\"next_look\":null");
    signals.add(SignalCodec.readSignal(ended.getBytes(StandardCharsets.UTF_8)));
    return new ReportData(
        all.spec(),
        all.resolved(),
        all.specText(),
        all.attempt(),
        all.asOfMs(),
        all.events(),
        signals,
        all.estimates(),
        List.of(),
        ReportData.Health.NONE,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null);
  }

  @Test
  void timeline_ends_with_the_last_look_where_none_follows() throws IOException {
    JsonNode page = LiveReport.page(PublishedRows.of(over()), LiveFacts.NONE);
    JsonNode timeline = page.path("sections").get(1);
    assertThat(timeline.path("lead").asText()).isEqualTo("3 of 4 stages were judged, over 6 d.");
    String end = "\"to\":" + (SampleRollout.START + 144 * SampleRollout.HOUR);
    assertThat(timeline.at("/charts/0/spec").asText()).contains(end);
  }

  @Test
  void health_says_nothing_of_tables_that_were_not_read() throws IOException {
    String page = LiveReport.page(PublishedRows.of(over()), LiveFacts.NONE).toString();
    assertThat(page).contains("events were used").doesNotContain("in the table", "in no table");
  }
}
