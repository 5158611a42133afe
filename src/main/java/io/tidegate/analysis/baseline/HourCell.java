package io.tidegate.analysis.baseline;

import io.tidegate.stats.sums.UnitSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The units that entered in an hour. Additive, mutable.
 *
 * @see HourBook
 */
final class HourCell {

  private long entered;
  private long refused;
  private final UnitSums followed = new UnitSums();

  /** Units that entered, treated or not, followed to the end or not. */
  long entered() {
    return entered;
  }

  /** Sums of those followed to the end and untreated until then. */
  UnitSums followed() {
    return followed;
  }

  /** Units followed to the end whose total is not known ({@code Money}), in no sum. */
  long refused() {
    return refused;
  }

  void enter() {
    entered++;
  }

  void follow(long y, long d) {
    followed.enter(y, d);
  }

  void refuse() {
    refused++;
  }

  void add(HourCell other) {
    entered += other.entered;
    refused += other.refused;
    followed.add(other.followed);
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeLong(entered);
    out.writeLong(refused);
    followed.writeTo(out);
  }

  static HourCell read(DataInput in) throws IOException {
    HourCell cell = new HourCell();
    cell.entered = in.readLong();
    cell.refused = in.readLong();
    cell.followed.readFrom(in);
    return cell;
  }
}
