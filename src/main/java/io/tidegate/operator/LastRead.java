package io.tidegate.operator;

import io.tidegate.model.Origin;
import io.tidegate.model.ReadPosition;
import io.tidegate.model.Received;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Passes on the records of a source and tells before every checkpoint how far each partition was
 * read since the last. What concerns another stream ends here.
 */
@SuppressWarnings("NullAway.Init") // set in open
public final class LastRead<T extends Received> extends AbstractStreamOperator<T>
    implements OneInputStreamOperator<T, T>, BoundedOneInput {

  private static final long serialVersionUID = 1L;

  public static final OutputTag<ReadPosition> POSITIONS =
      new OutputTag<>("read-positions", TypeInformation.of(ReadPosition.class));

  /** What was read of a partition since the task began. Mutable. */
  private static final class Read {
    private final String topic;
    private long next;
    private long kept = -1;
    private boolean moved;

    Read(String topic) {
      this.topic = topic;
    }
  }

  private transient Map<Integer, Read> partitions;

  @Override
  public void open() throws Exception {
    super.open();
    partitions = new HashMap<>();
  }

  @Override
  public void processElement(StreamRecord<T> element) {
    T record = element.getValue();
    Origin origin = record.origin();
    Read read = partitions.computeIfAbsent(origin.partition(), p -> new Read(origin.topic()));
    read.next = origin.offset() + 1;
    read.moved = true;
    if (record.unrelated()) {
      return;
    }
    if (record.refused() == null) {
      read.kept = origin.offset();
    }
    output.collect(element);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    tell();
  }

  @Override
  public void endInput() {
    tell();
  }

  private void tell() {
    long nowMs = getProcessingTimeService().getCurrentProcessingTime();
    partitions.forEach(
        (partition, read) -> {
          if (read.moved) {
            read.moved = false;
            output.collect(
                POSITIONS,
                new StreamRecord<>(
                    new ReadPosition(read.topic, partition, read.next, read.kept, nowMs)));
          }
        });
  }
}
