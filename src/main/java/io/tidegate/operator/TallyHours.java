package io.tidegate.operator;

import io.tidegate.analysis.archive.HourlyTally;
import io.tidegate.model.HourlyCount;
import io.tidegate.model.ReceivedOutcome;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Counts outcomes by the hour and hands the parts out before every checkpoint, so that it needs no
 * state.
 */
public final class TallyHours extends AbstractStreamOperator<HourlyCount>
    implements OneInputStreamOperator<ReceivedOutcome, HourlyCount>, BoundedOneInput {

  private static final long serialVersionUID = 1L;
  private static final int MOST_KEYS = 100_000;

  private final List<String> dimensions;
  private transient HourlyTally tally;

  @SuppressWarnings("NullAway.Init") // set in open
  public TallyHours(List<String> dimensions) {
    this.dimensions = List.copyOf(dimensions);
  }

  @Override
  public void open() throws Exception {
    super.open();
    tally = new HourlyTally(dimensions);
  }

  @Override
  public void processElement(StreamRecord<ReceivedOutcome> element) {
    tally.add(element.getValue().usable());
    if (tally.size() >= MOST_KEYS) {
      drain();
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    drain();
  }

  @Override
  public void endInput() {
    drain();
  }

  private void drain() {
    tally.drain(part -> output.collect(new StreamRecord<>(part)));
  }
}
