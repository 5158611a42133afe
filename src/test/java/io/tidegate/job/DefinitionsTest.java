package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.timeline.Definition;
import io.tidegate.model.Assignment;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.UserError;
import io.tidegate.spec.ResolvedJson;
import io.tidegate.spec.RolloutSpecs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DefinitionsTest {

  private static RolloutEvent defined(String eventId, String rollout, String resolved) {
    String spec = RolloutSpecs.toJson(Rollouts.spec(rollout, Assignment.MATCHED));
    return RolloutEvent.defined(eventId, 0, rollout, "test", spec, resolved);
  }

  private static String thresholds(double latency) {
    Resolved.MetricBase base = new Resolved.MetricBase(0, 0, 0, Map.of("all=*", latency));
    return ResolvedJson.write(new Resolved(0, Map.of(), Map.of("latency", base), List.of()));
  }

  @Test
  void a_definition_is_parsed_once_and_another_is_another() {
    Definition first = Definitions.READER.read(defined("a", "r", ""));
    assertThat(Definitions.READER.read(defined("b", "r", ""))).isSameAs(first);
    assertThat(Definitions.READER.read(defined("a", "other", ""))).isNotEqualTo(first);
    Definition at20 = Definitions.READER.read(defined("a", "r", thresholds(20)));
    assertThat(at20).isNotEqualTo(first);
    assertThat(Definitions.READER.read(defined("a", "r", thresholds(30)))).isNotEqualTo(at20);
    for (int i = 0; i < Definitions.MOST; i++) {
      Definitions.READER.read(defined("c", "r" + i, ""));
    }
    assertThat(Definitions.READER.read(defined("d", "r", ""))).isEqualTo(first).isNotSameAs(first);
  }

  @Test
  void what_cannot_be_read_is_refused_each_time_by_the_name_of_its_event() {
    for (String id : List.of("first", "second")) {
      RolloutEvent broken = RolloutEvent.defined(id, 0, "r", "test", "{}", "");
      assertThatThrownBy(() -> Definitions.READER.read(broken))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("DEFINED event " + id);
    }
  }
}
