package io.tidegate.connector;

import io.tidegate.connector.EventWatermarks.EventTimeOf;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A source whose readers keep pace in event time with those of other sources, as {@link Pace} says.
 */
final class PacedSource<T, S extends SourceSplit, E>
    implements Source<T, S, E>, ResultTypeQueryable<T> {

  private static final long serialVersionUID = 1L;
  private static final int RECORDS_A_LOOK = 128;

  /** How long a rest is. */
  private static final Executor REST = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);

  private final Source<T, S, E> source;
  private final TypeInformation<T> type;
  private final EventTimeOf<T> eventTime;
  private final String group;

  /**
   * @param group sources of one group keep pace with each other
   */
  PacedSource(
      Source<T, S, E> source, TypeInformation<T> type, EventTimeOf<T> eventTime, String group) {
    this.source = source;
    this.type = type;
    this.eventTime = eventTime;
    this.group = group;
  }

  @Override
  public SourceReader<T, S> createReader(SourceReaderContext context) throws Exception {
    return paced(source.createReader(context), eventTime, group);
  }

  static <T, S extends SourceSplit> SourceReader<T, S> paced(
      SourceReader<T, S> reader, EventTimeOf<T> eventTime, String group) {
    return new Reader<>(reader, eventTime, group);
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return type;
  }

  @Override
  public Boundedness getBoundedness() {
    return source.getBoundedness();
  }

  @Override
  public SplitEnumerator<S, E> createEnumerator(SplitEnumeratorContext<S> context)
      throws Exception {
    return source.createEnumerator(context);
  }

  @Override
  public SplitEnumerator<S, E> restoreEnumerator(SplitEnumeratorContext<S> context, E checkpoint)
      throws Exception {
    return source.restoreEnumerator(context, checkpoint);
  }

  @Override
  public SimpleVersionedSerializer<S> getSplitSerializer() {
    return source.getSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<E> getEnumeratorCheckpointSerializer() {
    return source.getEnumeratorCheckpointSerializer();
  }

  /** Rests a moment where it is ahead. */
  private static final class Reader<T, S extends SourceSplit> implements SourceReader<T, S> {
    private final SourceReader<T, S> reader;
    private final EventTimeOf<T> eventTime;
    private final Pace.Runner runner;
    private int untilLook = RECORDS_A_LOOK;
    private @Nullable CompletableFuture<Void> rest;
    private @Nullable TimedReader<T> timed;

    Reader(SourceReader<T, S> reader, EventTimeOf<T> eventTime, String group) {
      this.reader = reader;
      this.eventTime = eventTime;
      this.runner = Pace.join(group);
    }

    @Override
    public void start() {
      reader.start();
    }

    @Override
    public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
      if (--untilLook <= 0) {
        if (runner.mustRest(System.nanoTime(), System.currentTimeMillis())) {
          rest = CompletableFuture.runAsync(() -> {}, REST);
          return InputStatus.NOTHING_AVAILABLE;
        }
        untilLook = RECORDS_A_LOOK;
        rest = null;
      }
      TimedReader<T> to = timed;
      if (to == null || to.output != output) {
        to = new TimedReader<>(output, eventTime, runner);
        timed = to;
      }
      InputStatus status = reader.pollNext(to);
      if (status != InputStatus.MORE_AVAILABLE) {
        runner.dry(System.nanoTime());
      }
      return status;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      CompletableFuture<Void> resting = rest;
      return resting == null ? reader.isAvailable() : resting;
    }

    @Override
    public List<S> snapshotState(long checkpointId) {
      return reader.snapshotState(checkpointId);
    }

    @Override
    public void addSplits(List<S> splits) {
      reader.addSplits(splits);
    }

    @Override
    public void notifyNoMoreSplits() {
      reader.notifyNoMoreSplits();
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
      reader.handleSourceEvents(event);
    }

    @Override
    public void pauseOrResumeSplits(Collection<String> toPause, Collection<String> toResume) {
      reader.pauseOrResumeSplits(toPause, toResume);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
      reader.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
      reader.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void close() throws Exception {
      runner.leave();
      reader.close();
    }
  }

  /** Tells the runner the time of what passes. */
  private static class Timed<T, O extends SourceOutput<T>> implements SourceOutput<T> {
    final O output;
    final EventTimeOf<T> eventTime;
    final Pace.Runner runner;

    Timed(O output, EventTimeOf<T> eventTime, Pace.Runner runner) {
      this.output = output;
      this.eventTime = eventTime;
      this.runner = runner;
    }

    @Override
    public void collect(T event) {
      runner.at(eventTime.timeMs(event));
      output.collect(event);
    }

    @Override
    public void collect(T event, long timestampMs) {
      runner.at(eventTime.timeMs(event));
      output.collect(event, timestampMs);
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      output.emitWatermark(watermark);
    }

    @Override
    public void markIdle() {
      output.markIdle();
    }

    @Override
    public void markActive() {
      output.markActive();
    }
  }

  /** The same of a reader's outputs. */
  private static final class TimedReader<T> extends Timed<T, ReaderOutput<T>>
      implements ReaderOutput<T> {

    TimedReader(ReaderOutput<T> output, EventTimeOf<T> eventTime, Pace.Runner runner) {
      super(output, eventTime, runner);
    }

    @Override
    public SourceOutput<T> createOutputForSplit(String split) {
      return new Timed<>(output.createOutputForSplit(split), eventTime, runner);
    }

    @Override
    public void releaseOutputForSplit(String split) {
      output.releaseOutputForSplit(split);
    }
  }
}
