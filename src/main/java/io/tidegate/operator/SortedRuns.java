package io.tidegate.operator;

import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes a keyed stream key by key, as batch mode sorts it: no state and no timer. Of no use in
 * streaming mode.
 *
 * @param <K> key
 * @param <T> element
 * @param <R> result
 */
abstract class SortedRuns<K, T, R> extends AbstractStreamOperator<R>
    implements OneInputStreamOperator<T, R>, BoundedOneInput {

  private static final long serialVersionUID = 1L;

  private transient @Nullable K current;

  /** The key by which the stream is keyed. */
  abstract K key(T element);

  /** Takes an element of the current key. */
  abstract void take(T element);

  /** The current key has no more elements. */
  abstract void finish(K key);

  /** No key has more elements. */
  void finishAll() {}

  void emit(R result) {
    output.collect(new StreamRecord<>(result));
  }

  @Override
  public void processElement(StreamRecord<T> element) {
    T value = element.getValue();
    K key = key(value);
    K before = current;
    if (before != null && !before.equals(key)) {
      finish(before);
    }
    current = key;
    take(value);
  }

  @Override
  public void endInput() {
    K last = current;
    if (last != null) {
      finish(last);
    }
    finishAll();
  }
}
