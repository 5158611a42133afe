package io.tidegate.cli.bench.impact;

import io.tidegate.model.ReportData;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.math3.distribution.TDistribution;

/** Retention and revenue curves as counts by cell, so that two engines can be compared. */
final class Curves {

  /** The job takes the normal quantile for Student's from 100,000 degrees of freedom on. */
  private static final double TOLERANCE = 3e-5;

  /** The forms of retention that both compute; the job computes more of them. */
  private static final Set<String> SHARED =
      Set.of(RetentionPoint.EXACT, RetentionPoint.BOUNDED, RetentionPoint.UNBOUNDED);

  private static final double ROUNDING = 1e-12;
  private static final int HALF_WIDTH = 3;

  private Curves() {}

  /**
   * A cell: the units old enough and, of retention, those that came back; of revenue the capped and
   * uncapped total, the refunds and half the width of the mean's interval.
   */
  record Counts(long units, List<Double> numbers) {

    boolean isSame(Counts other) {
      boolean same = units == other.units && numbers.size() == other.numbers.size();
      for (int i = 0; same && i < numbers.size(); i++) {
        double apart = Math.abs(numbers.get(i) - other.numbers.get(i));
        double most = i == HALF_WIDTH ? TOLERANCE : ROUNDING;
        same = apart <= most * Math.max(1, Math.abs(numbers.get(i)));
      }
      return same;
    }
  }

  static String key(
      String what, String period, String stage, String variant, String device, int age) {
    return String.join("/", what, period, stage, variant, device) + "/" + age;
  }

  /** Half of Student's 95 % interval of a mean. */
  static double halfWidth(long n, double sum, double squares) {
    double variance = (squares - sum * sum / n) / (n - 1) / n;
    return new TDistribution(n - 1.0).inverseCumulativeProbability(0.975) * Math.sqrt(variance);
  }

  /** What the job's tables say that the warehouse says too. */
  static Map<String, Counts> of(ReportData data) {
    Map<String, Counts> found = new TreeMap<>();
    for (RetentionPoint r : data.retention()) {
      if (SHARED.contains(r.definition()) && r.eligible() > 0) {
        found.put(
            key(r.definition(), r.period(), r.stage(), r.variant(), r.segment(), r.age()),
            new Counts(r.eligible(), List.of((double) r.retained())));
      }
    }
    for (RevenuePoint r : data.revenue()) {
      if (r.unitsMature() > 0) {
        found.put(
            key("revenue", "day", r.stage(), r.variant(), r.segment(), r.ageDays()),
            new Counts(
                r.unitsMature(),
                List.of(
                    said(r.sum()),
                    said(r.uncappedSum()),
                    said(r.refundSum()),
                    said(r.meanUpper()) - said(r.mean()))));
      }
    }
    return found;
  }

  private static double said(@org.jspecify.annotations.Nullable Double number) {
    return number == null ? Double.NaN : number;
  }

  /** Throws an IllegalStateException that names the first cell in which the two differ. */
  static void requireSame(Map<String, Counts> warehouse, Map<String, Counts> job) {
    Set<String> cells = new TreeSet<>(warehouse.keySet());
    cells.addAll(job.keySet());
    if (cells.isEmpty()) {
      throw new IllegalStateException("there is no curve to compare");
    }
    for (String cell : cells) {
      Counts ours = job.get(cell);
      Counts theirs = warehouse.get(cell);
      if (ours == null || theirs == null || !ours.isSame(theirs)) {
        throw new IllegalStateException(
            "%s: the job says %s, DuckDB %s".formatted(cell, ours, theirs));
      }
    }
  }
}
