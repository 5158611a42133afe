package io.tidegate.analysis.impact;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * How many units of a cohort came back, by period since first exposure. Three definitions are those
 * of the {@code retention} reference vectors: exact (active in period N), bounded (active in
 * periods 1 to N), unbounded (active in period N or later). Rolling: active in the {@code absence}
 * periods that end with N, none of them period 0. A unit is eligible for period N once it has
 * passed entirely before the cohort is censored.
 *
 * <p>A unit is absent from period N when it was active in none of the {@code absence} periods
 * before it, period 0 not among them; it lapses at the first period of the first such stretch, the
 * whole stretch having passed. Mutable; merging is exactly associative.
 */
public final class ReturnCounts implements Accumulator<ReturnCounts> {

  private static final int FORMAT = 2;

  private final int absence;
  private long units;
  private final Tally eligible = new Tally();
  private final Tally exact = new Tally();
  private final Tally bounded = new Tally();
  private final Tally unbounded = new Tally();
  private final Tally rolling = new Tally();
  private final Tally firstReturns = new Tally();
  private final Tally absent = new Tally();
  private final Tally returned = new Tally();
  private final Tally unlapsed = new Tally();
  private final Tally lapses = new Tally();

  /**
   * @param absence number of periods without activity that make a unit absent, at least 1
   */
  public ReturnCounts(int absence) {
    if (absence < 1) {
      throw new IllegalArgumentException("absence of " + absence + " periods, expected at least 1");
    }
    this.absence = absence;
  }

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
    int rolledTo = absence;
    int since = 0;
    int lapse = Integer.MAX_VALUE;
    for (int period : active) {
      exact.count(period, Math.min(period + 1, passed));
      last = period;
      if (period >= 1) {
        firstReturn = Math.min(firstReturn, period);
        rolling.count(Math.max(period, rolledTo), Math.min(period + absence, passed));
        rolledTo = Math.max(rolledTo, period + absence);
        if (since + absence < period) {
          absent.count(since + absence + 1, Math.min(period + 1, passed));
          returned.count(period, Math.min(period + 1, passed));
          lapse = Math.min(lapse, since + 1);
        }
        since = period;
      }
    }
    absent.count(since + absence + 1, passed);
    if (since + absence < passed) {
      lapse = Math.min(lapse, since + 1);
    }
    bounded.count(firstReturn, passed);
    unbounded.count(0, Math.min(last + 1, passed));
    firstReturns.count(firstReturn, firstReturn < passed ? firstReturn + 1 : firstReturn);
    unlapsed.count(1, Math.min(lapse, passed - absence) + 1);
    lapses.count(lapse, lapse < Integer.MAX_VALUE ? lapse + 1 : lapse);
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

  /** Weeks of days that ascend, once each. */
  static int[] weeks(int[] days) {
    int[] weeks = new int[days.length];
    int count = 0;
    for (int day : days) {
      if (count == 0 || weeks[count - 1] != day / 7) {
        weeks[count++] = day / 7;
      }
    }
    return Arrays.copyOf(weeks, count);
  }

  @Override
  public void merge(ReturnCounts other) {
    units += other.units;
    List<Tally> mine = tallies();
    for (int i = 0; i < mine.size(); i++) {
      mine.get(i).merge(other.tallies().get(i));
    }
  }

  private List<Tally> tallies() {
    return List.of(
        eligible,
        exact,
        bounded,
        unbounded,
        rolling,
        firstReturns,
        absent,
        returned,
        unlapsed,
        lapses);
  }

  public long units() {
    return units;
  }

  /** Number of periods without activity that make a unit absent. */
  int absence() {
    return absence;
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

  /** Eligible units active in the periods N − absence + 1 to N; 0 before N = absence. */
  public long[] rolling(int periods) {
    return rolling.counts(periods);
  }

  /** Eligible units active in period N and in no period from 1 to before N. */
  public long[] firstReturns(int periods) {
    return firstReturns.counts(periods);
  }

  /** Eligible units absent from period N: those that can return in it after an absence. */
  public long[] absent(int periods) {
    return absent.counts(periods);
  }

  /** Units absent from period N that were active in it. */
  public long[] returned(int periods) {
    return returned.counts(periods);
  }

  /** Units at risk of lapsing at N: not lapsed before, and N to N + absence − 1 have passed. */
  public long[] unlapsed(int periods) {
    return unlapsed.counts(periods);
  }

  /** Units of these that lapsed at N. */
  public long[] lapses(int periods) {
    return lapses.counts(periods);
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(FORMAT);
    out.writeLong(units);
    for (Tally tally : tallies()) {
      tally.writeTo(out);
    }
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    Accumulator.checkFormat("return counts", in.readByte(), FORMAT);
    units = in.readLong();
    for (Tally tally : tallies()) {
      tally.readFrom(in);
    }
  }
}
