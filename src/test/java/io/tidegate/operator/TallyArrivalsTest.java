package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.attribution.ArrivalFact;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.model.DeadLetter;
import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Origin;
import io.tidegate.model.Outcome;
import io.tidegate.model.ReceivedOutcome;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.StreamFlatMap;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class TallyArrivalsTest {

  private static final long MINUTE = ArrivalFact.MINUTE_MS;

  private static OneInputStreamOperatorTestHarness<ReceivedOutcome, Point> harness(
      OperatorSubtaskState from) throws Exception {
    OneInputStreamOperatorTestHarness<ReceivedOutcome, Point> harness =
        new OneInputStreamOperatorTestHarness<>(
            new StreamFlatMap<>(
                new TallyArrivals<ReceivedOutcome>(
                    false,
                    (in, tally) ->
                        tally.event(
                            in.usable().name(),
                            in.usable().eventTimeMs(),
                            in.origin().recordTimeMs(),
                            in.usable().attributes()))));
    harness.initializeState(from);
    harness.open();
    return harness;
  }

  private static StreamRecord<ReceivedOutcome> bought(long eventMs, long recordMs) {
    Outcome outcome = new Outcome("e" + eventMs, eventMs, "u", "purchase", 0, false, Map.of());
    return new StreamRecord<>(
        new ReceivedOutcome(new Origin("outcomes", 0, 0, recordMs), outcome, null));
  }

  private static StreamRecord<ReceivedOutcome> broken(long recordMs) {
    DeadLetter dead =
        new DeadLetter("outcomes", 0, 0, recordMs, DeadLetterReason.MALFORMED_JSON, "", "");
    return new StreamRecord<>(
        new ReceivedOutcome(new Origin("outcomes", 0, 0, recordMs), null, dead));
  }

  private static List<ArrivalFact> facts(
      OneInputStreamOperatorTestHarness<ReceivedOutcome, Point> harness) {
    return harness.extractOutputValues().stream().map(ArrivalFact::of).toList();
  }

  @Test
  void a_minute_is_told_once_it_is_over_and_survives_a_checkpoint() throws Exception {
    OperatorSubtaskState taken;
    try (OneInputStreamOperatorTestHarness<ReceivedOutcome, Point> first =
        harness(OperatorSubtaskState.builder().build())) {
      first.processElement(bought(1_000, 1_400));
      first.processElement(bought(2_000 + 2 * MINUTE, 2_000));
      first.processElement(broken(3_000));
      assertThat(facts(first)).isEmpty();
      taken = first.snapshot(1, 1);
    }
    try (OneInputStreamOperatorTestHarness<ReceivedOutcome, Point> then = harness(taken)) {
      then.processElement(bought(5_000, 5_000));
      then.processElement(bought(MINUTE, MINUTE));
      assertThat(facts(then))
          .containsExactlyInAnyOrder(
              new ArrivalFact(0, false, "purchase", "", 3, 0, 1, -2 * MINUTE),
              new ArrivalFact(0, false, "", "", 4, 1, 0, Long.MAX_VALUE));
    }
  }

  @Test
  void a_record_dated_far_ahead_does_not_silence_those_after_it() throws Exception {
    long farMs = 1_000_000 * MINUTE;
    try (OneInputStreamOperatorTestHarness<ReceivedOutcome, Point> tally =
        harness(OperatorSubtaskState.builder().build())) {
      tally.processElement(bought(1_000, 1_000));
      tally.processElement(bought(farMs, farMs));
      for (int minute = 1; minute < 30; minute++) {
        tally.processElement(bought(minute * MINUTE, minute * MINUTE));
      }
      assertThat(facts(tally))
          .filteredOn(fact -> fact.name().equals("purchase"))
          .extracting(ArrivalFact::minuteMs)
          .contains(0L, 20 * MINUTE, 28 * MINUTE, farMs)
          .doesNotHaveDuplicates()
          .hasSize(30);
    }
  }
}
