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
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
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
  private final TreeMap<Long, List<CellBlock>> byDue = new TreeMap<>();
  private final @Nullable CellBlock[] recent = new CellBlock[RECENT];
  private final ArrayDeque<WaitingDeltas> spare = new ArrayDeque<>();
  private int size;

  /** Adds a delta to the overall cell and to the cell of each dimension. */
  public void add(UnitDelta delta) {
    int place = CellBlock.Home.hash(delta) & (RECENT - 1);
    CellBlock block = recent[place];
    if (block == null || !block.home().isOf(delta)) {
      block = blocks.computeIfAbsent(CellBlock.Home.of(delta), home -> made(home, delta));
      recent[place] = block;
    }
    if (delta.dueMs < block.dueMs()) {
      dueSooner(block, delta.dueMs);
    }
    size += block.add(delta);
  }

  private CellBlock made(CellBlock.Home home, UnitDelta first) {
    WaitingDeltas waiting = spare.poll();
    CellBlock block = new CellBlock(home, first, waiting == null ? new WaitingDeltas() : waiting);
    byDue.computeIfAbsent(block.dueMs(), due -> new ArrayList<>()).add(block);
    size += block.size();
    return block;
  }

  private void dueSooner(CellBlock block, long dueMs) {
    byDue.computeIfPresent(
        block.dueMs(), (due, of) -> of.remove(block) && of.isEmpty() ? null : of);
    block.dueAt(dueMs);
    byDue.computeIfAbsent(dueMs, due -> new ArrayList<>()).add(block);
  }

  /** Number of longs that are held, about. */
  public int size() {
    return size;
  }

  /** The first boundary that reads a sum that is held; {@link Long#MAX_VALUE} where none does. */
  public long dueMs() {
    return byDue.isEmpty() ? Long.MAX_VALUE : byDue.firstKey();
  }

  /**
   * Lets go of the sums that a boundary up to an instant reads: of each rollout, in order of their
   * ids, those that are not zero as bytes for {@link #read}.
   */
  public void drain(long untilMs, BiConsumer<String, byte[]> taker) {
    NavigableMap<Long, List<CellBlock>> due = byDue.headMap(untilMs, true);
    if (due.isEmpty()) {
      return;
    }
    TreeMap<String, List<CellBlock>> byRollout = new TreeMap<>();
    for (List<CellBlock> of : due.values()) {
      for (CellBlock block : of) {
        byRollout.computeIfAbsent(block.home().rolloutId(), r -> new ArrayList<>()).add(block);
      }
    }
    due.clear();
    Arrays.fill(recent, null);
    StateBytes bytes = new StateBytes();
    while (!byRollout.isEmpty()) {
      // A rollout's sums are made when they are written, and dropped before the next one's.
      Map.Entry<String, List<CellBlock>> rollout = byRollout.pollFirstEntry();
      bytes.clear();
      rollout.getValue().forEach(block -> release(block, bytes));
      if (bytes.size() > 0) {
        taker.accept(rollout.getKey(), bytes.toBytes());
      }
    }
  }

  private void release(CellBlock block, StateBytes bytes) {
    blocks.remove(block.home());
    size -= block.size();
    block.writeTo(bytes);
    if (spare.size() < MOST_SPARE) {
      spare.push(block.waiting());
    }
  }

  /** Visits the sums of a batch, which are the visitor's to keep. */
  public static void read(byte[] batch, CellVisitor visitor) {
    CellBytes in = new CellBytes(batch);
    while (in.hasMore()) {
      visitor.cell(in.bucketMs(), in.key(), in.sums());
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
