package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.analysis.privacy.PublishedRows;
import io.tidegate.codec.SignalCodec;
import io.tidegate.model.GateSignal;
import io.tidegate.model.GateSignal.Arrivals;
import io.tidegate.model.ReportData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
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
    return with(all, signals);
  }

  private static ReportData with(ReportData all, List<GateSignal> signals) {
    return ReportData.judged(
        all.spec(),
        all.resolved(),
        all.specText(),
        all.attempt(),
        all.asOfMs(),
        all.events(),
        signals,
        all.estimates(),
        List.of());
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
  void traffic_is_a_rate_from_look_to_look_and_late_only_where_something_was() throws IOException {
    SortedMap<Long, Arrivals> arrivals = new TreeMap<>();
    arrivals.put(0L, new Arrivals(100, 0, 0, 0));
    arrivals.put(2 * SampleRollout.HOUR, new Arrivals(500, 0, 0, 0));
    assertThat(traffic(arrivals).at("/charts/0/spec").asText()).contains("\"level\":200.0");
    assertThat(traffic(arrivals).at("/notes/0").asText()).isEqualTo("No event came late.");
    arrivals.put(3 * SampleRollout.HOUR, new Arrivals(600, 0, 20, 0));
    assertThat(traffic(arrivals).at("/charts/1/id").asText()).isEqualTo("chart-lateness");
    assertThat(traffic(arrivals).at("/charts/1/spec").asText()).contains("\"level\":0.2");
  }

  private static JsonNode traffic(SortedMap<Long, Arrivals> arrivals) throws IOException {
    LiveFacts facts = new LiveFacts(arrivals, List.of());
    JsonNode page = LiveReport.page(PublishedRows.of(over()), facts);
    for (JsonNode section : page.path("sections")) {
      if (section.path("id").asText().equals("traffic")) {
        return section;
      }
    }
    throw new AssertionError("no traffic");
  }

  @Test
  void check_that_found_something_says_it() throws IOException {
    ReportData all = over();
    GateSignal last = all.lastSignal();
    String json = new String(SignalCodec.signal(last), StandardCharsets.UTF_8);
    String late =
        json.replaceFirst(
            "\"reasons\":\\[",
            "\"reasons\":[{\"code\":\"LATE_SHARE\",\"sentence\":\"many came late\","
                + "\"observed\":\"9 %\",\"threshold\":\"1 %\"},");
    List<GateSignal> signals =
        List.of(SignalCodec.readSignal(late.getBytes(StandardCharsets.UTF_8)));
    JsonNode checks =
        LiveReport.page(PublishedRows.of(with(all, signals)), LiveFacts.NONE).path("checks");
    assertThat(checks.findValuesAsText("ok"))
        .containsExactly("true", "true", "false", "true", "true", "true", "true");
    assertThat(checks.at("/2/says").asText()).isEqualTo("many came late");
  }

  @Test
  void health_says_nothing_of_tables_that_were_not_read() throws IOException {
    String page = LiveReport.page(PublishedRows.of(over()), LiveFacts.NONE).toString();
    assertThat(page)
        .contains("events of its units were used")
        .doesNotContain("in the table", "in no table");
  }
}
