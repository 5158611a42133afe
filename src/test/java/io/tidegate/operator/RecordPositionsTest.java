package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.DeadLetter;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.EmptyAhead;
import io.tidegate.model.Origin;
import io.tidegate.model.Outcome;
import io.tidegate.model.ReadPosition;
import io.tidegate.model.ReceivedOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class RecordPositionsTest {

  /** A topic whose partition 1 ends at offset 9 with nothing but marks after any position. */
  private static final class Marks implements EmptyAhead {
    private static final long serialVersionUID = 1L;

    @Override
    public List<ReadPosition> past(List<ReadPosition> positions) {
      return positions.stream()
          .filter(p -> p.partition() == 1)
          .map(p -> new ReadPosition(p.topic(), 1, 9, p.kept(), 0))
          .toList();
    }

    @Override
    public void close() {}
  }

  @Test
  void lastRead_tellsOfEveryRecordAndPassesOnWhatIsOfItsStream() throws Exception {
    try (var harness = new OneInputStreamOperatorTestHarness<>(new LastRead<ReceivedOutcome>())) {
      harness.open();
      ReceivedOutcome used = outcome(0, 4);
      ReceivedOutcome dead = dead(0, 5);
      ReceivedOutcome unrelated = new ReceivedOutcome(at(0, 6), null, null);
      harness.processElement(new StreamRecord<>(used));
      harness.processElement(new StreamRecord<>(dead));
      harness.processElement(new StreamRecord<>(unrelated));
      harness.processElement(new StreamRecord<>(new ReceivedOutcome(at(2, 0), null, null)));
      assertThat(harness.extractOutputValues()).containsExactly(used, dead);
      harness.prepareSnapshotPreBarrier(1);
      assertThat(told(harness)).containsExactlyInAnyOrder("0: 7, 4", "2: 1, -1");
      harness.prepareSnapshotPreBarrier(2);
      assertThat(told(harness)).as("nothing came since").hasSize(2);
      harness.endInput();
      assertThat(told(harness)).hasSize(2);
    }
  }

  @Test
  void recordPositions_saysWhatHasMovedAndGoesPastMarks() throws Exception {
    OperatorSubtaskState state;
    try (var harness = harness(List.of(position(0, 0, 30)), null)) {
      harness.processElement(new StreamRecord<>(position(0, 20, -1)));
      harness.processElement(new StreamRecord<>(position(1, 5, 3)));
      harness.prepareSnapshotPreBarrier(1);
      assertThat(said(harness)).as("the row of 30 says more than 20").containsExactly("1: 5, 3");
      harness.processElement(new StreamRecord<>(position(0, 42, 39)));
      harness.prepareSnapshotPreBarrier(2);
      assertThat(said(harness)).containsExactlyInAnyOrder("0: 42, 39", "1: 9, 3");
      harness.processElement(new StreamRecord<>(position(0, 43, -1)));
      harness.prepareSnapshotPreBarrier(3);
      assertThat(said(harness)).containsExactly("0: 43, 39");
      harness.prepareSnapshotPreBarrier(4);
      assertThat(said(harness)).as("nothing moved").isEmpty();
      state = harness.snapshot(4, 4);
    }
    try (var harness = harness(List.of(position(0, 0, 99), position(2, 7, -1)), state)) {
      harness.prepareSnapshotPreBarrier(5);
      assertThat(said(harness))
          .as("once a start, and of a partition that came since where it begins")
          .containsExactlyInAnyOrder("0: 43, 39", "1: 9, 3", "2: 7, -1");
      harness.prepareSnapshotPreBarrier(6);
      assertThat(said(harness)).isEmpty();
      harness.processElement(new StreamRecord<>(position(0, 50, 49)));
      harness.prepareSnapshotPreBarrier(7);
      assertThat(said(harness)).as("the row itself says as much").isEmpty();
    }
    try (var harness = harness(List.of(), null)) {
      harness.processElement(new StreamRecord<>(position(1, 5, 3)));
      harness.endInput();
      assertThat(said(harness)).as("the last word").containsExactly("1: 9, 3");
      harness.prepareSnapshotPreBarrier(1);
      assertThat(said(harness)).as("nothing takes more then").isEmpty();
    }
  }

  /** Rows may be on their way to the table of which neither it nor such a state tells. */
  @Test
  void recordPositions_afterAStateWithoutThisStepWaitsForARowOfEachPartition() throws Exception {
    OperatorSubtaskState without;
    try (var other = new OneInputStreamOperatorTestHarness<>(new LastRead<ReceivedOutcome>())) {
      other.open();
      without = other.snapshot(1, 1);
    }
    try (var harness = harness(List.of(position(0, 0, 30)), without)) {
      harness.processElement(new StreamRecord<>(position(0, 50, -1)));
      harness.prepareSnapshotPreBarrier(2);
      assertThat(said(harness)).isEmpty();
      harness.processElement(new StreamRecord<>(position(0, 60, 55)));
      harness.prepareSnapshotPreBarrier(3);
      assertThat(said(harness)).containsExactly("0: 60, 55");
    }
  }

  private static OneInputStreamOperatorTestHarness<ReadPosition, ReadPosition> harness(
      List<ReadPosition> before, OperatorSubtaskState from) throws Exception {
    OneInputStreamOperatorTestHarness<ReadPosition, ReadPosition> harness =
        new OneInputStreamOperatorTestHarness<>(new RecordPositions(before, new Marks()));
    if (from != null) {
      harness.initializeState(from);
    }
    harness.open();
    return harness;
  }

  /** What was said since it was last asked. */
  private static List<String> said(
      OneInputStreamOperatorTestHarness<ReadPosition, ReadPosition> harness) {
    List<String> said =
        harness.extractOutputValues().stream().map(RecordPositionsTest::text).toList();
    harness.getOutput().clear();
    return said;
  }

  private static List<String> told(
      OneInputStreamOperatorTestHarness<ReceivedOutcome, ReceivedOutcome> harness) {
    List<String> told = new ArrayList<>();
    var output = harness.getSideOutput(LastRead.POSITIONS);
    if (output != null) {
      output.forEach(record -> told.add(text(record.getValue())));
    }
    return told;
  }

  private static String text(ReadPosition p) {
    return p.partition() + ": " + p.next() + ", " + p.kept();
  }

  private static ReadPosition position(int partition, long next, long kept) {
    return new ReadPosition("outcomes", partition, next, kept, 0);
  }

  private static Origin at(int partition, long offset) {
    return new Origin("outcomes", partition, offset, 0);
  }

  private static ReceivedOutcome outcome(int partition, long offset) {
    return new ReceivedOutcome(
        at(partition, offset), new Outcome("e", 0, "u", "purchase", 0, false, Map.of()), null);
  }

  private static ReceivedOutcome dead(int partition, long offset) {
    return new ReceivedOutcome(
        at(partition, offset),
        null,
        new DeadLetter("outcomes", partition, offset, 0, DeadLetterReason.MALFORMED_JSON, "", ""));
  }
}
