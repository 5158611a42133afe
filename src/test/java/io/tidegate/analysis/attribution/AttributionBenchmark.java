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

/**
 * What an event costs once it is read: its way between operators, and its unit's account with the
 * sums that it changes. Units are 50,000, a hundred events come in a second.
 */
public class AttributionBenchmark extends InnerLoop {

  private static final int UNITS = 50_000;
  private static final int STEP_MS = 10;

  private final UnitState[] units = new UnitState[UNITS];
  private final CellBatch batch = new CellBatch();
  private final Ledger ledger = new Ledger(6, batch::add);
  private final Random random = new Random(1);
  private final DataOutputSerializer out = new DataOutputSerializer(256);
  private final DataInputDeserializer in = new DataInputDeserializer();
  private final Point outcome = new Point();
  private RolloutIndex index;
  private long timeMs = Rollouts.START_MS;
  private long id;

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
    outcome.name = "purchase";
    outcome.valueMicros = 5_000_000;
    outcome.attributes = new String[] {"country", "DE", "device", "mobile"};
    timeMs += 1000;
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
    batch.drain(watermarkMs, (rollout, cells) -> {});
    return ledger.take(units[random.nextInt(UNITS)], outcome, index, watermarkMs, watermarkMs);
  }

  /** A point to bytes and back. */
  @Benchmark
  public Point hop() throws IOException {
    out.clear();
    PointCodec.write(outcome, out);
    in.setBuffer(out.getSharedBuffer(), 0, out.length());
    return PointCodec.read(in);
  }
}
