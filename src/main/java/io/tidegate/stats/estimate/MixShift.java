package io.tidegate.stats.estimate;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sequence.Interval;
import io.tidegate.stats.tail.Tails;
import java.util.List;

/**
 * How a level changed between two populations that are made up of the same groups in different
 * shares: as it stands, at one reference mix (direct standardisation), and the part that only the
 * mix made (Kitagawa 1955). The parts multiply: 1 + crude = (1 + standard)(1 + mix).
 *
 * @param before level of the first population
 * @param standardBefore the same at the reference mix
 * @param reversal whether crude and standardised change have opposite signs and either interval
 *     excludes 0: Simpson's paradox
 */
public record MixShift(
    double before,
    double after,
    double standardBefore,
    double standardAfter,
    Change crude,
    Change standard,
    Change mix,
    boolean reversal) {

  /**
   * A relative change, after ÷ before − 1.
   *
   * @param interval two-sided, from the log of the ratio; holds at one look
   */
  public record Change(double estimate, Interval interval) {
    boolean excludesZero() {
      return interval.lower() > 0 || interval.upper() < 0;
    }
  }

  /**
   * A group within a population.
   *
   * @param units units in it
   * @param weight what the level is per: its units, of a ratio its denominators; at least 0
   * @param mean level of the group
   * @param meanVariance squared standard error of it
   */
  public record Group(long units, double weight, double mean, double meanVariance) {
    /** Refuses what is no group. */
    public Group {
      if (units < 0 || !(weight >= 0) || !Double.isFinite(mean) || !(meanVariance >= 0)) {
        throw new IllegalArgumentException(
            "units %d, weight %s, mean %s, meanVariance %s out of range"
                .formatted(units, weight, mean, meanVariance));
      }
    }
  }

  /**
   * A population.
   *
   * @param groups in the order of the reference mix
   * @param logVariance variance of the log of its level that all groups share, 0 for none
   */
  public record Population(List<Group> groups, double logVariance) {
    /** Copies the groups. */
    public Population {
      groups = List.copyOf(groups);
    }
  }

  /** The level of a population at some mix and what is needed for its error. */
  private record Level(double mean, double logVariance) {}

  /**
   * Compares two populations. Groups that the reference gives no weight count in the crude change
   * only. Cannot say where a group with a reference weight is empty in one of them, or a level is
   * not positive.
   *
   * @param reference weights of the groups, at least 0, not all 0
   * @param alpha two-sided level of the intervals
   */
  public static Stated<MixShift> of(
      Population before, Population after, double[] reference, double alpha) {
    if (before.groups.size() != reference.length || after.groups.size() != reference.length) {
      throw new IllegalArgumentException(
          before.groups.size()
              + " and "
              + after.groups.size()
              + " groups for "
              + reference.length
              + " weights");
    }
    for (int s = 0; s < reference.length; s++) {
      if (reference[s] > 0 && (before.groups.get(s).units < 2 || after.groups.get(s).units < 2)) {
        return Stated.cannotSay(
            Reason.TOO_FEW_UNITS, "group " + s + " of the reference mix has fewer than two units");
      }
    }
    double[] fixed = shares(reference);
    double[] own = shares(weights(before));
    double[] then = shares(weights(after));
    if (fixed.length == 0 || own.length == 0 || then.length == 0) {
      return Stated.cannotSay(Reason.NO_DATA, "a population or the reference mix is empty");
    }
    Level crudeBefore = level(before, own, true);
    Level crudeAfter = level(after, then, true);
    Level standardBefore = level(before, fixed, false);
    Level standardAfter = level(after, fixed, false);
    if (!(crudeBefore.mean > 0
        && crudeAfter.mean > 0
        && standardBefore.mean > 0
        && standardAfter.mean > 0)) {
      return Stated.cannotSay(
          Reason.NON_POSITIVE_BASELINE, "a relative change needs levels above 0");
    }
    double shared = before.logVariance + after.logVariance;
    Change crude =
        change(
            crudeAfter.mean / crudeBefore.mean,
            crudeBefore.logVariance + crudeAfter.logVariance + shared,
            alpha);
    Change standard =
        change(
            standardAfter.mean / standardBefore.mean,
            standardBefore.logVariance + standardAfter.logVariance + shared,
            alpha);
    double mixVariance =
        apart(before, own, fixed, crudeBefore, standardBefore)
            + apart(after, then, fixed, crudeAfter, standardAfter);
    Change mix = change((1 + crude.estimate) / (1 + standard.estimate), mixVariance, alpha);
    boolean reversal =
        crude.estimate * standard.estimate < 0 && (crude.excludesZero() || standard.excludesZero());
    return Stated.of(
        new MixShift(
            crudeBefore.mean,
            crudeAfter.mean,
            standardBefore.mean,
            standardAfter.mean,
            crude,
            standard,
            mix,
            reversal));
  }

  /**
   * The change from one level to another.
   *
   * @param logVariance variance of the log of their ratio
   */
  public static Change change(double ratio, double logVariance, double alpha) {
    double reach = Tails.normalUpperQuantile(alpha / 2) * StrictMath.sqrt(logVariance);
    return new Change(
        ratio - 1,
        new Interval(ratio * StrictMath.exp(-reach) - 1, ratio * StrictMath.exp(reach) - 1));
  }

  private static double[] weights(Population population) {
    return population.groups.stream().mapToDouble(Group::weight).toArray();
  }

  /** Fractions of the whole; empty where the whole is 0. */
  private static double[] shares(double[] weights) {
    double total = 0;
    for (double weight : weights) {
      if (!(weight >= 0)) {
        throw new IllegalArgumentException("weight " + weight + " must be >= 0");
      }
      total += weight;
    }
    double[] shares = new double[total > 0 ? weights.length : 0];
    for (int s = 0; s < shares.length; s++) {
      shares[s] = weights[s] / total;
    }
    return shares;
  }

  private static Level level(Population population, double[] shares, boolean sampled) {
    double mean = 0;
    double variance = 0;
    for (int s = 0; s < shares.length; s++) {
      Group group = population.groups.get(s);
      if (shares[s] > 0) {
        mean += shares[s] * group.mean;
        variance += shares[s] * shares[s] * group.meanVariance;
      }
    }
    if (sampled) {
      variance += ofShares(population, shares, mean);
    }
    return new Level(mean, variance / (mean * mean));
  }

  /** Variance that drawing the units, and with them the shares, adds to the level. */
  private static double ofShares(Population population, double[] shares, double mean) {
    double between = 0;
    long units = 0;
    for (int s = 0; s < shares.length; s++) {
      double gap = population.groups.get(s).mean - mean;
      between += shares[s] > 0 ? shares[s] * gap * gap : 0;
      units += population.groups.get(s).units;
    }
    return between / units;
  }

  /** Variance of the log of crude ÷ standardised level, which share the groups' means. */
  private static double apart(
      Population population, double[] own, double[] fixed, Level crude, Level standard) {
    double variance = ofShares(population, own, crude.mean) / (crude.mean * crude.mean);
    for (int s = 0; s < own.length; s++) {
      double weight = own[s] / crude.mean - fixed[s] / standard.mean;
      variance += weight * weight * population.groups.get(s).meanVariance;
    }
    return variance;
  }
}
