package io.tidegate.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Margin;
import io.tidegate.model.ReportData;
import io.tidegate.model.Resolved;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EffectSectionTest {

  private static final String LINE = "taken back beyond";

  private static String errors(Map<String, Margin> ofCanary) {
    Resolved resolved =
        new Resolved(
            0, Map.of(), Map.of(), List.of(new Resolved.StagePlan("canary", 1_000, ofCanary)));
    ReportData data = new ChangedReport(SampleRollout.rolledBack()).resolved(resolved).data();
    return EffectSection.of(data, new Findings(data)).charts().stream()
        .filter(chart -> chart.id().equals("chart-effect-errors"))
        .findFirst()
        .orElseThrow()
        .spec();
  }

  @Test
  void rollback_line_is_drawn_where_the_stage_tolerates_something_else() {
    assertThat(errors(Map.of())).doesNotContain(LINE);
    assertThat(errors(Map.of("errors", Margin.relative(0.20)))).contains(LINE);
  }

  @Test
  void ranges_of_every_look_are_told_from_those_of_one_look_where_both_stand() {
    ReportData both = SampleRollout.rolledBack();
    assertThat(EffectSection.of(both, new Findings(both)).notes())
        .singleElement()
        .asString()
        .contains("every look", "one look");
    ReportData alone = SampleRollout.with(both, both.events(), both.signals(), both.estimates());
    assertThat(EffectSection.of(alone, new Findings(alone)).notes()).isEmpty();
  }
}
