package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Archived;
import io.tidegate.model.ArchivedOffsets;
import io.tidegate.model.DeadLetter;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Origin;
import io.tidegate.model.Outcome;
import io.tidegate.model.ReceivedOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class SetAsideTest {

  private static final int ROWS = 0;
  private static final int LETTERS = 1;
  private static final int BOTH = 2;
  private static final int NEITHER = 3;

  /** Each offset holds two events that can be used and two that cannot. */
  @Test
  void of_a_record_with_several_events_rows_and_dead_letters_are_held_apart() throws Exception {
    assertThat(passed(true))
        .containsExactly(
            ROWS + " refused",
            ROWS + " refused",
            LETTERS + " used",
            LETTERS + " used",
            NEITHER + " used",
            NEITHER + " used",
            NEITHER + " refused",
            NEITHER + " refused");
  }

  /** What a changed limit makes of a record that was refused is not kept beside its dead letter. */
  @Test
  void of_a_record_with_one_event_either_holds_all() throws Exception {
    assertThat(passed(false))
        .containsExactly(
            NEITHER + " used", NEITHER + " used", NEITHER + " refused", NEITHER + " refused");
  }

  private static List<String> passed(boolean severalEach) throws Exception {
    ArchivedOffsets rows = offsets(ROWS, BOTH);
    ArchivedOffsets letters = offsets(LETTERS, BOTH);
    ArchivedOffsets none = new ArchivedOffsets();
    ArchivedOffsets either = offsets(ROWS, LETTERS, BOTH);
    SetAside<ReceivedOutcome> step =
        new SetAside<>(
            severalEach ? new Archived(none, rows, letters) : new Archived(either, none, none));
    try (var harness = new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(step))) {
      harness.open();
      List<String> passed = new ArrayList<>();
      for (int offset : List.of(ROWS, LETTERS, BOTH, NEITHER)) {
        harness.getOutput().clear();
        long before = letters(harness).size();
        harness.processElement(new StreamRecord<>(usable(offset)));
        harness.processElement(new StreamRecord<>(refused(offset)));
        harness.processElement(new StreamRecord<>(usable(offset)));
        harness.processElement(new StreamRecord<>(refused(offset)));
        harness
            .extractOutputValues()
            .forEach(outcome -> passed.add(outcome.origin().offset() + " used"));
        letters(harness).stream()
            .skip(before)
            .forEach(letter -> passed.add(letter.offset() + " refused"));
      }
      return passed;
    }
  }

  private static List<DeadLetter> letters(
      OneInputStreamOperatorTestHarness<ReceivedOutcome, ReceivedOutcome> harness) {
    var output = harness.getSideOutput(SetAside.DEAD_LETTERS);
    return output == null ? List.of() : output.stream().map(StreamRecord::getValue).toList();
  }

  private static ArchivedOffsets offsets(long... held) {
    ArchivedOffsets offsets = new ArchivedOffsets();
    for (long offset : held) {
      offsets.add("outcomes", 0, offset);
    }
    return offsets;
  }

  private static ReceivedOutcome usable(long offset) {
    return new ReceivedOutcome(
        new Origin("outcomes", 0, offset, 0),
        new Outcome("e", 0, "u", "purchase", 0, false, Map.of()),
        null);
  }

  private static ReceivedOutcome refused(long offset) {
    return new ReceivedOutcome(
        new Origin("outcomes", 0, offset, 0),
        null,
        new DeadLetter("outcomes", 0, offset, 0, DeadLetterReason.MALFORMED_JSON, "", ""));
  }
}
