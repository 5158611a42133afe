package io.tidegate.analysis.impact;

import io.tidegate.model.ImpactEstimate.Aspect;
import io.tidegate.stats.sums.RatioMoments;
import io.tidegate.stats.sums.UnitSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What units did in the first and in the last third of their first days, jointly, over the units
 * that have lived so long: whether an effect fades, grows or turns with age. Mutable; merging is
 * exactly associative.
 */
final class ThirdSums implements Accumulator<ThirdSums> {

  /** Lengths in days that are kept side by side, each a multiple of three. */
  static final int[] SPANS = {6, 12, 24, 48, 90, 180};

  private static final int FORMAT = 1;

  private final List<UnitSums> bySpan = new ArrayList<>();

  /** A part of a span. */
  enum Part {
    EARLY(Aspect.EARLY),
    LATE(Aspect.LATE),
    /** Late less early. */
    CHANGE(Aspect.CHANGE);

    private final Aspect aspect;

    Part(Aspect aspect) {
      this.aspect = aspect;
    }

    Aspect aspect() {
      return aspect;
    }
  }

  /** A unit's number over some of its days. */
  @FunctionalInterface
  interface Total {
    /** Millionths over the days {@code from} to before {@code to} of its life. */
    long over(int from, int to);
  }

  ThirdSums() {
    for (int ignored : SPANS) {
      bySpan.add(new UnitSums());
    }
  }

  /** Adds a unit to every span that it has lived in full. */
  void add(Total total, int mature) {
    for (int i = 0; i < SPANS.length && SPANS[i] <= mature; i++) {
      int third = SPANS[i] / 3;
      bySpan.get(i).enter(total.over(0, third), total.over(2 * third, SPANS[i]));
    }
  }

  /** Units that have lived a span in full. */
  long units(int span) {
    return bySpan.get(span).units();
  }

  /** A unit's mean a day in a part of a span; null below two units. */
  @Nullable Arm arm(Slice slice, int span, Part part) {
    RatioMoments joint = bySpan.get(span).ratio();
    long n = joint.n();
    if (n < 2) {
      return null;
    }
    double days = SPANS[span] / 3.0;
    double mean =
        switch (part) {
          case EARLY -> joint.meanY();
          case LATE -> joint.meanD();
          case CHANGE -> joint.meanD() - joint.meanY();
        };
    double squares =
        switch (part) {
          case EARLY -> joint.m2Y();
          case LATE -> joint.m2D();
          case CHANGE -> Math.max(0, joint.m2Y() + joint.m2D() - 2 * joint.cYd());
        };
    double variance = squares / (n - 1) / n / (days * days);
    return new Arm(slice, n, mean / days, variance, 0, mean / days, 1);
  }

  @Override
  public void merge(ThirdSums other) {
    for (int i = 0; i < SPANS.length; i++) {
      bySpan.get(i).add(other.bySpan.get(i));
    }
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(FORMAT);
    for (UnitSums sums : bySpan) {
      sums.writeTo(out);
    }
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    Accumulator.checkFormat("sums of thirds", in.readByte(), FORMAT);
    for (UnitSums sums : bySpan) {
      sums.readFrom(in);
    }
  }
}
