package io.tidegate.analysis.impact;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sums of an attempt by slice, and by pair of slices where a unit may be in two. Mutable;
 * merging is exactly associative and commutative, so any partition of the units gives the same
 * book.
 */
public final class SliceBook {

  private static final int FORMAT = 6;

  private final ImpactPlan plan;
  private final Map<Slice, SliceSums> slices = new HashMap<>();
  private final Map<SlicePair, PairSums> pairs = new HashMap<>();

  public SliceBook(ImpactPlan plan) {
    this.plan = plan;
  }

  ImpactPlan plan() {
    return plan;
  }

  SliceSums slice(Slice key) {
    return slices.computeIfAbsent(key, k -> plan.newSums(k.dimension()));
  }

  PairSums pair(SlicePair key) {
    return pairs.computeIfAbsent(key, k -> new PairSums(plan.series().size()));
  }

  @Nullable PairSums pairIfAny(Slice one, Slice other) {
    PairSums found = pairs.get(new SlicePair(one, other));
    return found != null ? found : pairs.get(new SlicePair(other, one));
  }

  /** Slices in order. */
  Map<Slice, SliceSums> slices() {
    return new TreeMap<>(slices);
  }

  public boolean isEmpty() {
    return slices.isEmpty();
  }

  /** Adds the sums of other units. */
  public void merge(SliceBook other) {
    other.slices.forEach((key, sums) -> slice(key).merge(sums));
    other.pairs.forEach((key, sums) -> pair(key).merge(sums));
  }

  /** The book as bytes; equal books give equal bytes. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeInt(slices.size());
      for (Map.Entry<Slice, SliceSums> slice : slices().entrySet()) {
        slice.getKey().writeTo(out);
        slice.getValue().writeTo(out);
      }
      out.writeInt(pairs.size());
      for (Map.Entry<SlicePair, PairSums> pair : new TreeMap<>(pairs).entrySet()) {
        pair.getKey().first().writeTo(out);
        pair.getKey().second().writeTo(out);
        pair.getValue().writeTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array refused bytes", e);
    }
    return bytes.toByteArray();
  }

  /** Adds a book written by {@link #toBytes} under the same plan. */
  public void mergeBytes(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      Accumulator.checkFormat("slice book", in.readByte(), FORMAT);
      for (int left = in.readInt(); left > 0; left--) {
        Slice key = Slice.readFrom(in);
        SliceSums sums = plan.newSums(key.dimension());
        sums.readFrom(in);
        slice(key).merge(sums);
      }
      for (int left = in.readInt(); left > 0; left--) {
        SlicePair key = new SlicePair(Slice.readFrom(in), Slice.readFrom(in));
        PairSums read = new PairSums(plan.series().size());
        read.readFrom(in);
        pair(key).merge(read);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("not a slice book of this plan", e);
    }
  }
}
