package io.tidegate.operator;

import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.UnitDelta;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Adds deltas up before they travel; sends them on before a watermark that lets a boundary read
 * them, when new boundaries become known, before each checkpoint, and when many cells are held.
 * Needs no state, and a hot rollout stops mattering.
 */
@SuppressWarnings("NullAway.Init")
public final class LocalCombine extends AbstractStreamOperator<DeltaBatch>
    implements OneInputStreamOperator<UnitDelta, DeltaBatch>, BoundedOneInput {

  private static final long serialVersionUID = 1L;
  private static final int MOST_CELLS = 100_000;

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
      flush();
      return;
    }
    batch.add(delta);
    if (batch.size() >= MOST_CELLS) {
      flush();
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() >= batch.dueMs()) {
      flush();
    }
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    flush();
  }

  @Override
  public void endInput() {
    flush();
  }

  private void flush() {
    if (batch.size() > 0) {
      for (String rollout : batch.rollouts()) {
        output.collect(new StreamRecord<>(DeltaBatch.of(rollout, batch.write(rollout))));
      }
      batch.clear();
    }
  }
}
