package io.tidegate.analysis.attribution;

import io.tidegate.InnerLoop;
import io.tidegate.analysis.Rollouts;
import io.tidegate.model.Assignment;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What an event costs once it is read: its way between operators, and its unit's account with what
 * it changes in the sums, of one rollout with two dimensions. 50,000 units have 14 requests an
 * hour, each of which makes three posts.
 */
public class AttributionBenchmark extends InnerLoop {

  private static final int UNITS = 50_000;
  private static final int STEP_MS = 5;
  private static final int DRAIN_EVERY = 1024;

  /** A minute after the first stage was entered. */
  private static final long FIRST_MS = Rollouts.START_MS + 18 * 60_000L;

  private final UnitState[] units = new UnitState[UNITS];
  private final CellBatch batch = new CellBatch();
  private final Ledger ledger = new Ledger(6, this::post);
  private final Random random = new Random(1);
  private final DataOutputSerializer out = new DataOutputSerializer(256);
  private final DataInputDeserializer in = new DataInputDeserializer();
  private final Point outcome = new Point();
  private RolloutIndex index;
  private long timeMs = FIRST_MS;
  private long id;
  private long posts;

  private void post(UnitDelta delta) {
    posts++;
    batch.add(delta);
  }

  /** Exposes every unit. */
  @Setup
  public void expose() {
    index =
        RolloutIndex.of(List.of(new RolloutContext(0, Rollouts.timeline("m", Assignment.MATCHED))));
    for (int u = 0; u < UNITS; u++) {
      units[u] = new UnitState();
      Point exposure = new Point();
      exposure.exposure = true;
      exposure.name = "m";
      exposure.variant = u % 2 == 0 ? "off" : "on";
      exposure.attributes = new String[] {"country", "DE", "device", "mobile"};
      exposure.timeMs = timeMs + u % 1000;
      exposure.idHash = id++;
      ledger.take(units[u], exposure, index, timeMs, timeMs);
    }
    if (posts < UNITS) {
      throw new IllegalStateException(posts + " posts of " + UNITS + " exposures");
    }
    outcome.name = "request";
    outcome.valueMicros = 5_000_000;
    outcome.attributes = new String[] {"country", "DE", "device", "mobile"};
    timeMs += 1000;
    posts = 0;
  }

  /** Fails where outcomes changed nothing. */
  @TearDown
  public void changedSums() {
    long taken = id - UNITS;
    if (posts < taken) {
      throw new IllegalStateException(posts + " posts of " + taken + " outcomes");
    }
  }

  /** An outcome of some unit, after the others. */
  @Benchmark
  public Ledger.Fate takeInOrder() {
    timeMs += STEP_MS;
    return take(timeMs);
  }

  /** An outcome of some unit, up to ten minutes before the newest; the watermark is behind. */
  @Benchmark
  public Ledger.Fate takeOutOfOrder() {
    timeMs += STEP_MS;
    return take(timeMs - random.nextInt(600_000));
  }

  private Ledger.Fate take(long pointMs) {
    outcome.timeMs = pointMs;
    outcome.idHash = id++;
    long watermarkMs = timeMs - 600_000;
    if (id % DRAIN_EVERY == 0) {
      batch.drain(watermarkMs, (rollout, cells) -> {});
    }
    return ledger.take(units[random.nextInt(UNITS)], outcome, index, watermarkMs, watermarkMs);
  }

  /** A point to bytes and back, its texts those of the one before it. */
  @Benchmark
  public Point hop() throws IOException {
    out.clear();
    PointCodec.write(outcome, out);
    in.setBuffer(out.getSharedBuffer(), 0, out.length());
    return PointCodec.read(in);
  }
}
