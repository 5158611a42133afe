package io.tidegate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Incident;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IncidentBookTest {

  private final IncidentBook book = new IncidentBook();

  private static Incident incident(
      String id, String rollout, long eventMs, long openedMs, @Nullable Long closedMs) {
    return new Incident(
        id,
        eventMs,
        openedMs,
        closedMs,
        rollout,
        Incident.Kind.DIP,
        Incident.Severity.WARNING,
        id,
        List.of("purchase"),
        Map.of(),
        false,
        "",
        null,
        1,
        2);
  }

  @Test
  void newest_state_stays_in_whatever_order_states_come() {
    assertThat(book.take(incident("a", "", 20, 10, 20L))).isTrue();
    assertThat(book.take(incident("a", "", 15, 10, null))).isFalse();
    assertThat(book.concerning("x", 0, 100))
        .singleElement()
        .satisfies(one -> assertThat(one.closedAtMs()).isEqualTo(20));
  }

  @Test
  void incident_of_no_rollout_concerns_what_ran_while_it_was_open() {
    book.take(incident("before", "", 5, 1, 10L));
    book.take(incident("during", "", 12, 9, 11L));
    book.take(incident("open", "", 12, 12, null));
    book.take(incident("after", "", 30, 20, null));
    book.take(incident("other", "y", 12, 12, null));
    book.take(incident("own", "x", 40, 40, null));
    assertThat(book.concerning("x", 10, 20))
        .extracting(Incident::incidentId)
        .containsExactly("during", "open", "own");
  }

  @Test
  void the_one_told_of_longest_ago_goes_when_there_are_too_many() {
    for (int i = 0; i <= IncidentBook.MOST; i++) {
      book.take(incident("i" + i, "", i, i, null));
    }
    assertThat(book.concerning("x", 0, Long.MAX_VALUE))
        .hasSize(IncidentBook.MOST)
        .extracting(Incident::incidentId)
        .doesNotContain("i0")
        .contains("i1");
  }
}
