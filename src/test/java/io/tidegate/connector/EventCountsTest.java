package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.connector.EventCounts.Difference;
import io.tidegate.model.DeadLetter;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Origin;
import io.tidegate.model.Outcome;
import io.tidegate.model.Received;
import io.tidegate.model.ReceivedOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class EventCountsTest {

  private static final TopicPartition AT = new TopicPartition("outcomes", 1);
  private static final Origin HERE = new Origin("outcomes", 1, 7, 0);

  @Test
  void a_record_that_is_held_with_each_of_its_events_is_sound() {
    assertThat(compare(held(3, 2), 3, 2)).isEqualTo(new Difference(0, 0));
    assertThat(compare(held(0, 0), 0, 0)).isEqualTo(new Difference(0, 0));
  }

  @Test
  void what_is_missing_of_a_record_and_what_is_there_again_are_told_apart() {
    assertThat(compare(held(1, 2), 3, 2)).isEqualTo(new Difference(2, 0));
    assertThat(compare(held(3, 0), 3, 2)).isEqualTo(new Difference(2, 0));
    assertThat(compare(held(6, 4), 3, 2)).isEqualTo(new Difference(0, 5));
    assertThat(compare(held(5, 0), 3, 2))
        .as("rows make no dead letters good")
        .isEqualTo(new Difference(2, 2));
    assertThat(compare(held(1, 0), 0, 0))
        .as("nothing is to be held of a record of another stream")
        .isEqualTo(new Difference(0, 1));
  }

  @Test
  void other_offsets_partitions_and_topics_are_others() {
    EventCounts counts = new EventCounts();
    counts.row("outcomes", 1, 6);
    counts.row("outcomes", 2, 7);
    counts.row("exposures", 1, 7);
    assertThat(compare(counts, 1, 0)).isEqualTo(new Difference(1, 0));
  }

  private static EventCounts held(int rows, int letters) {
    EventCounts counts = new EventCounts();
    for (int i = 0; i < rows; i++) {
      counts.row("outcomes", 1, 7);
    }
    for (int i = 0; i < letters; i++) {
      counts.letter(HERE);
    }
    return counts;
  }

  private static Difference compare(EventCounts counts, int usable, int refused) {
    List<Received> events = new ArrayList<>();
    for (int i = 0; i < usable; i++) {
      Outcome outcome = new Outcome("e" + i, 0, "u", "purchase", 0, false, Map.of());
      events.add(new ReceivedOutcome(HERE, outcome, null));
    }
    for (int i = 0; i < refused; i++) {
      DeadLetter letter =
          new DeadLetter("outcomes", 1, 7, 0, DeadLetterReason.MISSING_FIELD, "", "");
      events.add(new ReceivedOutcome(HERE, null, letter));
    }
    return counts.compare(AT, 7, events);
  }
}
