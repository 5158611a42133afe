package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.UnitSums;
import io.tidegate.stats.sums.VarLong;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sums of many deltas, by rollout, bucket and cell: what travels to the gate instead of single
 * deltas. Mutable.
 */
public final class CellBatch {

  /** Takes one sum of a batch. */
  @FunctionalInterface
  public interface CellVisitor {
    void cell(long bucketMs, CellKey key, UnitSums sums);
  }

  /** Places for blocks found last, a power of two. */
  private static final int RECENT = 1_024;

  /** 16 MB. */
  private static final int MOST_SPARE = 512;

  private final Map<CellBlock.Home, CellBlock> blocks = new HashMap<>();
  private final Map<String, List<CellBlock>> byRollout = new TreeMap<>();
  private final StateBytes scratch = new StateBytes();
  private final @Nullable CellBlock[] recent = new CellBlock[RECENT];
  private final ArrayDeque<WaitingDeltas> spare = new ArrayDeque<>();
  private int size;
  private long dueMs = Long.MAX_VALUE;

  /** Adds a delta to the overall cell and to the cell of each dimension. */
  public void add(UnitDelta delta) {
    int place = CellBlock.Home.hash(delta) & (RECENT - 1);
    CellBlock block = recent[place];
    if (block == null || !block.home().isOf(delta)) {
      block = blocks.computeIfAbsent(CellBlock.Home.of(delta), this::made);
      recent[place] = block;
    }
    size += block.add(delta);
    dueMs = Math.min(dueMs, delta.dueMs);
  }

  private CellBlock made(CellBlock.Home home) {
    WaitingDeltas waiting = spare.poll();
    CellBlock block = new CellBlock(home, waiting == null ? new WaitingDeltas() : waiting);
    byRollout.computeIfAbsent(home.rolloutId(), r -> new ArrayList<>()).add(block);
    return block;
  }

  /** Number of longs that sums and waiting deltas take. */
  public int size() {
    return size;
  }

  /** The first boundary that reads a sum that is held; {@link Long#MAX_VALUE} where none does. */
  public long dueMs() {
    return dueMs;
  }

  /** Ids of the rollouts with sums. */
  public Iterable<String> rollouts() {
    return byRollout.keySet();
  }

  /**
   * The non-zero sums of one rollout that a boundary up to an instant reads as bytes, for {@link
   * #read}.
   */
  public byte[] write(String rolloutId, long untilMs) {
    scratch.clear();
    for (CellBlock block : byRollout.getOrDefault(rolloutId, List.of())) {
      if (block.dueMs() <= untilMs) {
        block.writeTo(scratch);
      }
    }
    return scratch.toBytes();
  }

  /** Visits the sums of a batch, which are the visitor's to keep. */
  public static void read(byte[] batch, CellVisitor visitor) {
    CellBytes in = new CellBytes(batch);
    while (in.hasMore()) {
      visitor.cell(in.bucketMs(), in.key(), in.sums());
    }
  }

  /** Drops the sums that a boundary up to an instant reads. */
  public void clear(long untilMs) {
    for (Iterator<CellBlock> all = blocks.values().iterator(); all.hasNext(); ) {
      CellBlock block = all.next();
      if (block.dueMs() <= untilMs) {
        if (spare.size() < MOST_SPARE) {
          spare.push(block.emptied());
        }
        all.remove();
      }
    }
    byRollout.values().forEach(of -> of.removeIf(block -> block.dueMs() <= untilMs));
    byRollout.values().removeIf(List::isEmpty);
    Arrays.fill(recent, null);
    dueMs = Long.MAX_VALUE;
    size = 0;
    for (CellBlock block : blocks.values()) {
      dueMs = Math.min(dueMs, block.dueMs());
      size += block.size();
    }
  }

  /** Writes a cell; {@link #readKey} and {@code UnitSums.readFrom} read it. */
  public static void writeCell(CellKey key, UnitSums sums, DataOutput out) throws IOException {
    VarLong.write(out, key.attempt());
    VarLong.write(out, key.process());
    VarLong.write(out, key.stratum());
    VarLong.write(out, key.variant());
    VarLong.write(out, key.dimension());
    VarLong.write(out, key.segment());
    VarLong.write(out, key.channel());
    sums.writeTo(out);
  }

  public static CellKey readKey(DataInput in) throws IOException {
    return new CellKey(
        VarLong.readInt(in),
        VarLong.readInt(in),
        VarLong.readInt(in),
        VarLong.readInt(in),
        VarLong.readInt(in),
        VarLong.readInt(in),
        VarLong.readInt(in));
  }
}
