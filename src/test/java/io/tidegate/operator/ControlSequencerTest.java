package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.ControlEvent;
import io.tidegate.model.RolloutEvent;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class ControlSequencerTest {

  private static OneInputStreamOperatorTestHarness<RolloutEvent, ControlEvent> harness()
      throws Exception {
    return new OneInputStreamOperatorTestHarness<>(new ControlSequencer(false));
  }

  @Test
  void time_after_a_restart_is_what_it_was_though_no_further_tick_comes() throws Exception {
    OperatorSubtaskState state;
    try (var before = harness()) {
      before.open();
      before.processElement(new StreamRecord<>(RolloutEvent.tick("t", 5_000)));
      assertThat(before.getOutput()).contains(new Watermark(4_999));
      state = before.snapshot(1, 1);
    }
    try (var after = harness()) {
      after.initializeState(state);
      after.open();
      assertThat(after.getOutput()).containsExactly(new Watermark(4_999));
    }
  }

  @Test
  void before_the_first_tick_there_is_no_time() throws Exception {
    try (var harness = harness()) {
      harness.open();
      assertThat(harness.getOutput()).isEmpty();
    }
  }
}
