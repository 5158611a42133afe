package io.tidegate.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.attribution.CellBatch;
import io.tidegate.analysis.attribution.Ledger;
import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.PostedCells;
import io.tidegate.analysis.attribution.UnitState;
import io.tidegate.analysis.timeline.Sequencer;
import io.tidegate.model.Assignment;
import io.tidegate.model.ControlEvent;
import io.tidegate.model.RolloutEvent;
import io.tidegate.stats.sums.UnitSums;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Against the ledger with one event at a time and a map for state: groups of events, both kinds of
 * backend, and checkpoints that are written while events go on.
 */
class UnitAttributionTest {

  private static final int HORIZON = 3;
  private static final int UNITS = 60;
  private static final long FROM_MS = Rollouts.START_MS;
  private static final long MINUTE_MS = 60_000L;

  /** Where state is kept. */
  enum Backend {
    HEAP,
    ROCKSDB;

    StateBackend make() {
      return this == HEAP ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend();
    }
  }

  /** What arrives: a Point, a ControlEvent, or a Long, which is a watermark. */
  private static List<Object> arrivals(long seed, int hours) {
    Random random = new Random(seed);
    Sequencer sequencer = new Sequencer();
    List<RolloutEvent> rollouts = new ArrayList<>(Rollouts.events("m"));
    List<Object> arrivals = new ArrayList<>();
    long id = 0;
    for (long minute = 0; minute < hours * 60L; minute++) {
      long nowMs = FROM_MS + minute * MINUTE_MS;
      while (!rollouts.isEmpty() && rollouts.get(0).eventTimeMs() <= nowMs) {
        arrivals.add(sequencer.next(rollouts.remove(0)));
      }
      arrivals.add(sequencer.next(RolloutEvent.tick("t" + minute, nowMs + MINUTE_MS)));
      for (int n = random.nextInt(90); n > 0; n--) {
        // Some past the tick, some late, some beyond the horizon, some again.
        long aheadMs = random.nextInt(10) == 0 ? -random.nextInt(4_800_000) : 0;
        id += random.nextInt(20) == 0 ? 0 : 1;
        arrivals.add(point(random, nowMs + aheadMs + random.nextInt(90_000), id));
      }
      if (random.nextInt(3) == 0) {
        arrivals.add(nowMs - 2 * MINUTE_MS);
      }
    }
    arrivals.add(
        sequencer.next(RolloutEvent.tick("last", FROM_MS + (hours + 2) * Rollouts.HOUR_MS)));
    arrivals.add(FROM_MS + (hours + 1) * Rollouts.HOUR_MS);
    return arrivals;
  }

  private static Point point(Random random, long timeMs, long id) {
    Point point = new Point();
    point.unitKey = random.nextInt(UNITS) * 0x9E3779B97F4A7C15L;
    point.timeMs = timeMs;
    point.idHash = id;
    point.exposure = random.nextInt(4) == 0;
    if (point.exposure) {
      point.name = "m";
      point.variant = point.unitKey % 2 == 0 ? "off" : "on";
      point.attributes = new String[] {"country", "DE", "device", "mobile"};
    } else {
      point.name = List.of("request", "error", "purchase").get(random.nextInt(3));
      point.valueMicros = random.nextInt(90) * 1_000_000L;
    }
    return point;
  }

  /** As the operator, but one event at a time. */
  private static final class OneByOne {
    private final RolloutDirectory directory =
        new RolloutDirectory(Rollouts.reader(Assignment.MATCHED));
    private final Map<Long, UnitState> units = new HashMap<>();
    private final List<Point> parked = new ArrayList<>();
    private final PostedCells posted = new PostedCells();
    private final Ledger ledger = new Ledger(HORIZON, posted::add);
    private final Map<Ledger.Fate, Long> fates = new TreeMap<>();
    private long watermarkMs = Long.MIN_VALUE;

    void take(Object arrival) {
      if (arrival instanceof Long watermark) {
        watermarkMs = Math.max(watermarkMs, watermark);
      } else if (arrival instanceof ControlEvent control) {
        directory.take(control);
        List<Point> waited = List.copyOf(parked);
        parked.clear();
        waited.forEach(this::take);
      } else {
        Point point = ((Point) arrival).copy();
        if (point.timeMs >= directory.frontierMs()) {
          parked.add(point);
        } else {
          UnitState unit = units.computeIfAbsent(point.unitKey, key -> new UnitState());
          fates.merge(
              ledger.take(unit, point, directory.index(), watermarkMs, watermarkMs), 1L, Long::sum);
        }
      }
    }
  }

  /** The operator. */
  private static final class Running implements AutoCloseable {
    private final KeyedTwoInputStreamOperatorTestHarness<Long, Point, ControlEvent, DeltaBatch>
        harness;

    Running(Backend backend, OperatorSubtaskState from) throws Exception {
      harness =
          new KeyedTwoInputStreamOperatorTestHarness<>(
              new UnitAttribution(Rollouts.reader(Assignment.MATCHED), HORIZON, false),
              point -> point.unitKey,
              control -> 0L,
              Types.LONG);
      harness.setStateBackend(backend.make());
      harness.initializeState(from);
      harness.open();
    }

    void take(Object arrival) throws Exception {
      if (arrival instanceof Long watermark) {
        harness.processWatermark1(new Watermark(watermark));
        harness.processWatermark2(new Watermark(watermark));
      } else if (arrival instanceof ControlEvent control) {
        harness.processElement2(new StreamRecord<>(control));
      } else {
        harness.processElement1(new StreamRecord<>(((Point) arrival).copy()));
      }
    }

    /** Begins a checkpoint, which is not written before its result is asked for. */
    OperatorSnapshotFutures begin(long checkpointId) throws Exception {
      harness.prepareSnapshotPreBarrier(checkpointId);
      return harness
          .getOperator()
          .snapshotState(
              checkpointId,
              checkpointId,
              CheckpointOptions.forCheckpointWithDefaultLocation(),
              new MemCheckpointStreamFactory(1 << 26));
    }

    void ends(long checkpointId, boolean completed) throws Exception {
      if (completed) {
        harness.getOperator().notifyCheckpointComplete(checkpointId);
      } else {
        harness.getOperator().notifyCheckpointAborted(checkpointId);
      }
    }

    /** Adds what has left so far to sums. */
    void addTo(Map<String, UnitSums> sums) {
      for (Object out = harness.getOutput().poll(); out != null; out = harness.getOutput().poll()) {
        if (out instanceof StreamRecord<?> record) {
          add(((DeltaBatch) record.getValue()).cells, sums);
        }
      }
    }

    /** What came out since the last question. */
    List<String> said() {
      List<String> said = new ArrayList<>();
      for (Object out = harness.getOutput().poll(); out != null; out = harness.getOutput().poll()) {
        said.add(
            out instanceof Watermark mark
                ? "watermark " + (mark.getTimestamp() - FROM_MS) / MINUTE_MS
                : "sums");
      }
      return said;
    }

    int beyondHorizon() {
      var late = harness.getSideOutput(UnitAttribution.BEYOND_HORIZON);
      return late == null ? 0 : late.size();
    }

    @Override
    public void close() throws Exception {
      harness.close();
    }
  }

  private static void add(byte[] cells, Map<String, UnitSums> sums) {
    CellBatch.read(
        cells,
        (bucketMs, key, more) ->
            sums.computeIfAbsent(bucketMs + " " + key, cell -> new UnitSums()).add(more));
  }

  private static void assertSame(Map<String, UnitSums> sums, OneByOne one) {
    Map<String, UnitSums> expected = new TreeMap<>();
    add(one.posted.write("m"), expected);
    UnitSums none = new UnitSums();
    List<String> differing = new ArrayList<>();
    Set<String> cells = new TreeSet<>(expected.keySet());
    cells.addAll(sums.keySet());
    for (String cell : cells) {
      UnitSums is = sums.getOrDefault(cell, none);
      if (!is.equals(expected.getOrDefault(cell, none))) {
        differing.add(cell + ": " + is + " and not " + expected.get(cell));
      }
    }
    assertThat(differing).isEmpty();
    assertThat(expected).hasSizeGreaterThan(100);
  }

  @ParameterizedTest
  @EnumSource
  void groups_count_as_one_by_one(Backend backend) throws Exception {
    OneByOne one = new OneByOne();
    Map<String, UnitSums> sums = new TreeMap<>();
    try (Running running = new Running(backend, OperatorSubtaskState.builder().build())) {
      for (Object arrival : arrivals(1, 6)) {
        one.take(arrival);
        running.take(arrival);
        running.addTo(sums);
      }
      write(running.begin(1));
      running.addTo(sums);
      assertThat(one.fates).containsOnlyKeys(Ledger.Fate.values());
      assertThat(running.beyondHorizon())
          .isEqualTo(one.fates.get(Ledger.Fate.BEYOND_HORIZON).intValue());
    }
    assertSame(sums, one);
  }

  @Test
  void sums_leave_before_the_watermark_a_checkpoint_new_boundaries_and_the_end() throws Exception {
    Sequencer sequencer = new Sequencer();
    List<RolloutEvent> rollouts = Rollouts.events("m");
    try (Running running = new Running(Backend.HEAP, OperatorSubtaskState.builder().build())) {
      running.take(sequencer.next(rollouts.get(0)));
      running.take(sequencer.next(rollouts.get(1)));
      running.take(sequencer.next(RolloutEvent.tick("t", FROM_MS + 3 * Rollouts.HOUR_MS)));
      assertThat(running.said()).isEmpty();

      running.take(exposure(1, 20));
      running.take(FROM_MS + 30 * MINUTE_MS);
      assertThat(running.said()).containsExactly("watermark 30");
      running.take(FROM_MS + 60 * MINUTE_MS);
      assertThat(running.said()).containsExactly("sums", "watermark 60");

      running.take(exposure(2, 70));
      write(running.begin(1));
      assertThat(running.said()).containsExactly("sums");

      running.take(exposure(3, 71));
      running.take(sequencer.next(rollouts.get(2)));
      assertThat(running.said()).containsExactly("sums");

      running.take(exposure(4, 72));
      running.harness.endInput1();
      assertThat(running.said()).containsExactly("sums");
    }
  }

  private static Point exposure(long unit, long minute) {
    Point point = new Point();
    point.unitKey = unit;
    point.timeMs = FROM_MS + minute * MINUTE_MS;
    point.idHash = unit;
    point.exposure = true;
    point.name = "m";
    point.variant = "on";
    return point;
  }

  @Test
  void a_checkpoint_holds_what_was_when_it_began_however_late_it_is_written() throws Exception {
    List<Object> arrivals = arrivals(2, 12);
    OneByOne one = new OneByOne();
    arrivals.forEach(one::take);
    Map<String, UnitSums> sums = new TreeMap<>();
    OperatorSubtaskState state = OperatorSubtaskState.builder().build();
    Random random = new Random(2);
    long id = 0;
    int at = 0;
    while (at < arrivals.size()) {
      try (Running running = new Running(Backend.HEAP, state)) {
        int until = Math.min(arrivals.size(), at + 2_000 + random.nextInt(2_000));
        while (at < until) {
          running.take(arrivals.get(at++));
          if (random.nextInt(200) == 0) {
            write(running.begin(++id));
            running.ends(id, random.nextBoolean());
          }
        }
        long kept = ++id;
        OperatorSnapshotFutures under = running.begin(kept);
        running.addTo(sums);
        // Of what happens from here on nothing may be seen; others come and go meanwhile.
        for (int lost = at; lost < Math.min(arrivals.size(), at + 1_500); lost++) {
          running.take(arrivals.get(lost));
          if (random.nextInt(300) == 0) {
            OperatorSnapshotFutures other = running.begin(++id);
            running.take(arrivals.get(lost));
            write(other);
            running.ends(id, random.nextBoolean());
          }
        }
        state = write(under);
      }
    }
    assertSame(sums, one);
  }

  private static OperatorSubtaskState write(OperatorSnapshotFutures begun) throws Exception {
    return new OperatorSnapshotFinalizer(begun).getJobManagerOwnedState();
  }
}
