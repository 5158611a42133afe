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
    rests(behind, 0);
    ahead.at(LEAD_MS + 1);
    assertThat(rests(ahead, 0)).isTrue();
    assertThat(rests(ahead, 1_000)).isTrue();
    assertThat(rests(ahead, 1_001)).isFalse();
    assertThat(rests(ahead, 1_002)).isTrue();
    behind.at(1);
    rests(behind, 1_003);
    assertThat(rests(ahead, 1_003)).isFalse();
    ahead.leave();
    behind.leave();
  }

  @Test
  void nobody_waits_for_one_without_a_backlog_or_gone() {
    Pace.Runner ahead = Pace.join("dry", 0);
    Pace.Runner behind = Pace.join("dry", 0);
    ahead.at(LEAD_MS + 1);
    assertThat(rests(ahead, 999)).as("a new reader is awaited a moment").isTrue();
    assertThat(rests(ahead, 1_000)).isFalse();
    for (int i = 0; i < 1_000; i++) {
      behind.at(0);
    }
    assertThat(rests(ahead, 1_100)).as("blocked, but not dry").isTrue();
    behind.dry(1_100 * MS);
    behind.dry(1_300 * MS);
    assertThat(rests(ahead, 2_099)).as("between two fetches of a backlog").isTrue();
    assertThat(rests(ahead, 2_100)).isFalse();
    behind.at(1);
    behind.dry(2_200 * MS);
    assertThat(rests(ahead, 2_200)).as("a record now and then").isFalse();
    behind.at(2);
    behind.leave();
    assertThat(rests(ahead, 2_300)).isFalse();
    ahead.leave();
  }

  @Test
  void who_is_near_the_present_does_not_rest() {
    Pace.Runner ahead = Pace.join("present", 0);
    Pace.Runner behind = Pace.join("present", 0);
    behind.at(0);
    ahead.at(1_000_000);
    assertThat(ahead.mustRest(0, 1_060_000)).isTrue();
    assertThat(ahead.mustRest(0, 1_059_999)).isFalse();
    ahead.leave();
    behind.leave();
  }

  private static boolean rests(Pace.Runner runner, long nowMs) {
    return runner.mustRest(nowMs * MS, Long.MAX_VALUE);
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
