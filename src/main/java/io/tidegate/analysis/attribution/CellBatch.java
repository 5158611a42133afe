package io.tidegate.analysis.attribution;

import io.tidegate.stats.sums.UnitSums;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

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

  private record Place(long bucketMs, CellKey key) {}

  private final Map<String, Map<Place, UnitSums>> rollouts = new TreeMap<>();
  private int size;

  /** Adds a delta to the overall cell and to the cell of each dimension. */
  public void add(UnitDelta delta) {
    Map<Place, UnitSums> cells = rollouts.computeIfAbsent(delta.rolloutId, r -> new HashMap<>());
    apply(cells, delta, -1, 0);
    for (int i = 0; i < delta.segments.length; i++) {
      apply(cells, delta, i, delta.segments[i]);
    }
  }

  private void apply(Map<Place, UnitSums> cells, UnitDelta delta, int dimension, int segment) {
    Place place =
        new Place(
            delta.bucketMs,
            new CellKey(
                delta.attempt,
                delta.process,
                delta.stratum,
                delta.variant,
                dimension,
                segment,
                delta.channel));
    UnitSums sums = cells.get(place);
    if (sums == null) {
      sums = new UnitSums();
      cells.put(place, sums);
      size++;
    }
    delta.applyTo(sums);
  }

  /** Number of sums held. */
  public int size() {
    return size;
  }

  /** Ids of the rollouts with sums. */
  public Iterable<String> rollouts() {
    return rollouts.keySet();
  }

  /** The non-zero sums of one rollout as bytes, for {@link #read}. */
  public byte[] write(String rolloutId) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      Map<Place, UnitSums> cells = rollouts.getOrDefault(rolloutId, Map.of());
      out.writeInt((int) cells.values().stream().filter(s -> !s.isZero()).count());
      for (Map.Entry<Place, UnitSums> cell : cells.entrySet()) {
        if (!cell.getValue().isZero()) {
          out.writeLong(cell.getKey().bucketMs());
          writeCell(cell.getKey().key(), cell.getValue(), out);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static void read(byte[] batch, CellVisitor visitor) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(batch))) {
      int cells = in.readInt();
      for (int i = 0; i < cells; i++) {
        long bucketMs = in.readLong();
        CellKey key = readKey(in);
        UnitSums sums = new UnitSums();
        sums.readFrom(in);
        visitor.cell(bucketMs, key, sums);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void clear() {
    rollouts.clear();
    size = 0;
  }

  /** Writes a cell; {@link #readKey} and {@code UnitSums.readFrom} read it. */
  public static void writeCell(CellKey key, UnitSums sums, DataOutput out) throws IOException {
    out.writeInt(key.attempt());
    out.writeInt(key.process());
    out.writeInt(key.stratum());
    out.writeInt(key.variant());
    out.writeInt(key.dimension());
    out.writeInt(key.segment());
    out.writeInt(key.channel());
    sums.writeTo(out);
  }

  public static CellKey readKey(DataInput in) throws IOException {
    return new CellKey(
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt(),
        in.readInt());
  }
}
