package io.tidegate.analysis.impact;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Units whose sums are kept together.
 *
 * @param epoch index of the cohort in its {@link ImpactPlan}
 * @param stratum {@code ramped}: largest share in millionths at which the unit was served control
 *     in an earlier epoch; {@code matched}: 0, since the cohort is the stratum
 * @param variant 0 control, 1… treatments
 * @param dimension index of the dimension, −1 for {@code all}
 * @param segment index of the segment, 0 for {@code *}
 */
public record Slice(int epoch, int stratum, int variant, int dimension, int segment)
    implements Comparable<Slice> {

  /** The dimension of every unit. */
  public static final int ALL = -1;

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(epoch);
    out.writeInt(stratum);
    out.writeInt(variant);
    out.writeInt(dimension);
    out.writeInt(segment);
  }

  static Slice readFrom(DataInput in) throws IOException {
    return new Slice(in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt());
  }

  /** By dimension, segment, epoch, stratum and variant: the order of every sum over slices. */
  @Override
  public int compareTo(Slice other) {
    int order = Integer.compare(dimension, other.dimension);
    order = order != 0 ? order : Integer.compare(segment, other.segment);
    order = order != 0 ? order : Integer.compare(epoch, other.epoch);
    order = order != 0 ? order : Integer.compare(stratum, other.stratum);
    return order != 0 ? order : Integer.compare(variant, other.variant);
  }
}
