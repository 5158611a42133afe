package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.InputStatus;
import org.junit.jupiter.api.Test;

/** Readers that catch up stay together in event time; nobody waits for one that gives nothing. */
class PacedSourceTest {

  private static final int RECORDS = 50_000;
  private static final long LEAD_MS = 2_000;
  private static final long RECORDS_A_LOOK = 128;
  private static final long MS = 1_000_000;

  @Test
  void the_topic_with_fewer_records_is_not_read_ahead() throws Exception {
    Collected sparse = new Collected();
    Collected dense = new Collected();
    try (SourceReader<Long, Split> few = reader("together", 20);
        SourceReader<Long, Split> many = reader("together", 1)) {
      boolean fewGoOn = true;
      boolean manyGoOn = true;
      while (fewGoOn) {
        boolean awaited = manyGoOn;
        manyGoOn = manyGoOn && poll(many, dense);
        fewGoOn = poll(few, sparse);
        if (awaited) {
          assertThat(sparse.newest() - dense.newest()).isLessThanOrEqualTo(8 * 20 * RECORDS_A_LOOK);
        }
      }
    }
    assertThat(dense.records).hasSize(RECORDS).isSorted();
    assertThat(sparse.records).hasSize(RECORDS).isSorted();
  }

  @Test
  void a_reader_rests_a_second_at_most_before_it_gives_something() {
    Pace.Runner ahead = Pace.join("second", 0);
    Pace.Runner behind = Pace.join("second", 0);
    behind.at(0);
    behind.mustRest(0);
    ahead.at(LEAD_MS + 1);
    assertThat(ahead.mustRest(0)).isTrue();
    assertThat(ahead.mustRest(1_000 * MS)).isTrue();
    assertThat(ahead.mustRest(1_001 * MS)).isFalse();
    assertThat(ahead.mustRest(1_002 * MS)).isTrue();
    behind.at(1);
    behind.mustRest(1_003 * MS);
    assertThat(ahead.mustRest(1_003 * MS)).isFalse();
    ahead.leave();
    behind.leave();
  }

  @Test
  void nobody_waits_for_one_that_is_dry_or_gone() {
    Pace.Runner ahead = Pace.join("dry", 0);
    Pace.Runner behind = Pace.join("dry", 0);
    ahead.at(LEAD_MS + 1);
    assertThat(ahead.mustRest(299 * MS)).as("a new reader is awaited a moment").isTrue();
    assertThat(ahead.mustRest(300 * MS)).isFalse();
    behind.at(0);
    assertThat(ahead.mustRest(400 * MS)).as("blocked, but not dry").isTrue();
    behind.dry(400 * MS);
    behind.dry(600 * MS);
    assertThat(ahead.mustRest(699 * MS)).isTrue();
    assertThat(ahead.mustRest(700 * MS)).isFalse();
    behind.at(1);
    behind.leave();
    assertThat(ahead.mustRest(800 * MS)).isFalse();
    ahead.leave();
  }

  private static SourceReader<Long, Split> reader(String group, long stepMs) {
    return PacedSource.paced(new Steps(stepMs), time -> time, group);
  }

  /** False where the reader has come to its end. */
  private static boolean poll(SourceReader<Long, Split> reader, Collected to) throws Exception {
    return !reader.isAvailable().isDone() || reader.pollNext(to) != InputStatus.END_OF_INPUT;
  }

  private record Split(String splitId) implements SourceSplit {}

  /** Gives event times at even steps. */
  private static final class Steps implements SourceReader<Long, Split> {
    private final long stepMs;
    private int given;
    private SourceOutput<Long> output;

    Steps(long stepMs) {
      this.stepMs = stepMs;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<Long> to) {
      if (given == RECORDS) {
        return InputStatus.END_OF_INPUT;
      }
      if (output == null) {
        output = to.createOutputForSplit("0");
      }
      long timeMs = stepMs * given++;
      output.collect(timeMs, timeMs);
      return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void start() {}

    @Override
    public List<Split> snapshotState(long checkpointId) {
      return List.of();
    }

    @Override
    public void addSplits(List<Split> splits) {}

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void pauseOrResumeSplits(Collection<String> toPause, Collection<String> toResume) {}

    @Override
    public void close() {}
  }

  /** Keeps what it is given. */
  private static final class Collected implements ReaderOutput<Long> {
    private final List<Long> records = new ArrayList<>();

    long newest() {
      return records.isEmpty() ? 0 : records.get(records.size() - 1);
    }

    @Override
    public void collect(Long event) {
      records.add(event);
    }

    @Override
    public void collect(Long event, long timestampMs) {
      assertThat(timestampMs).isEqualTo(event);
      records.add(event);
    }

    @Override
    public void emitWatermark(Watermark watermark) {}

    @Override
    public void markIdle() {}

    @Override
    public void markActive() {}

    @Override
    public SourceOutput<Long> createOutputForSplit(String splitId) {
      return this;
    }

    @Override
    public void releaseOutputForSplit(String splitId) {}
  }
}
