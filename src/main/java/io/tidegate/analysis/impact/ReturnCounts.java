package io.tidegate.analysis.impact;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * How many units of a cohort came back, by period since first exposure, in the three definitions of
 * the {@code retention} reference vectors: exact (active in period N), bounded (active in periods 1
 * to N), unbounded (active in period N or later). A unit is eligible for period N once it has
 * passed entirely before the cohort is censored. Mutable; merging is exactly associative.
 */
public final class ReturnCounts implements Accumulator<ReturnCounts> {

  private static final int FORMAT = 1;

  private long units;
  private final Tally eligible = new Tally();
  private final Tally exact = new Tally();
  private final Tally bounded = new Tally();
  private final Tally unbounded = new Tally();

  /**
   * Adds a unit.
   *
   * @param passed number of periods that have entirely passed before the censoring
   * @param active distinct periods with activity before the censoring, ascending; the last one may
   *     be the period not yet passed
   */
  public void add(int passed, int[] active) {
    units++;
    eligible.count(0, passed);
    int firstReturn = Integer.MAX_VALUE;
    int last = -1;
    for (int period : active) {
      exact.count(period, Math.min(period + 1, passed));
      if (period >= 1 && firstReturn == Integer.MAX_VALUE) {
        firstReturn = period;
      }
      last = period;
    }
    bounded.count(firstReturn, passed);
    unbounded.count(0, Math.min(last + 1, passed));
  }

  /**
   * Adds a unit by whole days on one calendar; activity before it entered or after the last
   * complete day is ignored.
   *
   * @param entered the day of its first exposure, period 0
   * @param lastCompleteDay the last day that has entirely passed
   * @param activeDays days with activity, in any order
   */
  public void addDays(int entered, int lastCompleteDay, int... activeDays) {
    int[] periods =
        Arrays.stream(activeDays)
            .filter(day -> day >= entered && day <= lastCompleteDay)
            .map(day -> day - entered)
            .sorted()
            .distinct()
            .toArray();
    add(Math.max(0, lastCompleteDay - entered + 1), periods);
  }

  @Override
  public void merge(ReturnCounts other) {
    units += other.units;
    eligible.merge(other.eligible);
    exact.merge(other.exact);
    bounded.merge(other.bounded);
    unbounded.merge(other.unbounded);
  }

  public long units() {
    return units;
  }

  /** Number of periods, from 0, for which some unit is eligible. */
  public int periods() {
    return Math.max(0, eligible.ages() - 1);
  }

  public long[] eligible(int periods) {
    return eligible.counts(periods);
  }

  public long[] exact(int periods) {
    return exact.counts(periods);
  }

  public long[] bounded(int periods) {
    return bounded.counts(periods);
  }

  public long[] unbounded(int periods) {
    return unbounded.counts(periods);
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(FORMAT);
    out.writeLong(units);
    eligible.writeTo(out);
    exact.writeTo(out);
    bounded.writeTo(out);
    unbounded.writeTo(out);
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    Accumulator.checkFormat("return counts", in.readByte(), FORMAT);
    units = in.readLong();
    eligible.readFrom(in);
    exact.readFrom(in);
    bounded.readFrom(in);
    unbounded.readFrom(in);
  }
}
