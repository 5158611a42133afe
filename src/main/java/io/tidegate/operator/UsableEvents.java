package io.tidegate.operator;

import io.tidegate.model.Received;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Turns records into what they hold and counts those that cannot be used.
 *
 * @param <R> the record
 * @param <T> what a usable record becomes
 */
@SuppressWarnings("NullAway.Init")
public final class UsableEvents<R extends Received, T> extends RichFlatMapFunction<R, T> {

  private static final long serialVersionUID = 1L;

  /** Reads a usable record. */
  @FunctionalInterface
  public interface Reader<R, T> extends java.io.Serializable {
    T read(R record);
  }

  private final Reader<R, T> reader;
  private transient EventTally in;
  private transient EventTally dead;

  public UsableEvents(Reader<R, T> reader) {
    this.reader = reader;
  }

  @Override
  public void open(OpenContext context) {
    in = EventTally.of(getRuntimeContext(), EventTally.IN);
    dead = EventTally.of(getRuntimeContext(), EventTally.DEAD);
  }

  @Override
  public void flatMap(R record, Collector<T> out) {
    in.inc();
    if (record.refused() == null) {
      out.collect(reader.read(record));
    } else {
      dead.inc();
    }
  }
}
