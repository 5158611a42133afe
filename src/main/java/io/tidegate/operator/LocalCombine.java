package io.tidegate.operator;

import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.UnitDelta;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Adds deltas up before they travel; sends those on that a boundary reads before the watermark that
 * lets it, and all when new boundaries become known, before each checkpoint, and when much is held.
 * Needs no state, and a hot rollout stops mattering.
 */
@SuppressWarnings("NullAway.Init")
public final class LocalCombine extends AbstractStreamOperator<DeltaBatch>
    implements OneInputStreamOperator<UnitDelta, DeltaBatch>, BoundedOneInput {

  private static final long serialVersionUID = 1L;

  /** 32 MB, about. */
  private static final int MOST_LONGS = 1 << 22;

  private transient CellBatch batch;

  @Override
  public void open() throws Exception {
    super.open();
    batch = new CellBatch();
  }

  @Override
  public void processElement(StreamRecord<UnitDelta> element) {
    UnitDelta delta = element.getValue();
    if (delta.isBoundariesChanged()) {
      flush(Long.MAX_VALUE);
      return;
    }
    batch.add(delta);
    if (batch.size() >= MOST_LONGS) {
      flush(Long.MAX_VALUE);
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() >= batch.dueMs()) {
      flush(mark.getTimestamp());
    }
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    flush(Long.MAX_VALUE);
  }

  @Override
  public void endInput() {
    flush(Long.MAX_VALUE);
  }

  /** Sends what a boundary up to an instant reads. */
  private void flush(long untilMs) {
    batch.drain(
        untilMs,
        (rollout, cells) -> output.collect(new StreamRecord<>(DeltaBatch.of(rollout, cells))));
  }
}
