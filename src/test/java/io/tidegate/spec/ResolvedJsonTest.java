package io.tidegate.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.model.Resolved;
import io.tidegate.model.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResolvedJsonTest {

  @Test
  void what_was_written_is_read() {
    assertThat(ResolvedJson.read("defined", ResolvedJson.write(Resolved.NONE)))
        .isEqualTo(Resolved.NONE);
  }

  /** A zone that the gate cannot use must refuse the definition, not fail the job at a boundary. */
  @ParameterizedTest
  @ValueSource(strings = {"", "Mars/Olympus_Mons", "+99:00"})
  void an_unknown_time_zone_is_refused(String zone) {
    String json = "{\"seasonal\": {\"zone\": \"" + zone + "\", \"weeks\": 3}}";
    assertThatThrownBy(() -> ResolvedJson.read("defined", json))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("time zone");
  }
}
