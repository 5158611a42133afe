package io.tidegate.analysis.judge;

import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.Reason;
import io.tidegate.stats.sequence.ChiSquareSplit;
import io.tidegate.stats.sequence.RatioStratum;
import io.tidegate.stats.sequence.RunningPValue;
import io.tidegate.stats.sequence.SampleRatio;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sample-ratio checks of many tests, each looked at after every period (statistics.md §2.8). The
 * null, the declared split, is fixed, so the smallest p-value so far stands.
 */
public final class SplitCheck {

  private final Map<String, Double> expected;
  private final double alpha;
  private final Map<String, Totals> tests = new LinkedHashMap<>();

  /**
   * A check against the declared split.
   *
   * @param expected weight of each variant; empty: equal shares of the variants a test has
   * @param alpha level at which a split is called a mismatch
   */
  public SplitCheck(Map<String, Double> expected, double alpha) {
    this.expected = new LinkedHashMap<>(expected);
    this.alpha = alpha;
  }

  /** Adds one test's period. */
  public void period(String test, Map<String, SplitRow> rows) {
    Totals totals = tests.computeIfAbsent(test, t -> new Totals(expected));
    rows.values().forEach(r -> totals.counts.merge(r.variant(), r.count(), Long::sum));
    if (totals.counts.size() > 1) {
      SampleRatio now = SampleRatio.of(List.of(totals.stratum(expected)));
      totals.running = totals.running.after(now.logE());
    }
  }

  /** One result a test, in order of appearance. */
  public List<SplitResult> results() {
    List<SplitResult> results = new ArrayList<>();
    tests.forEach((test, totals) -> results.add(result(test, totals)));
    return results;
  }

  private SplitResult result(String test, Totals totals) {
    long units = totals.counts.values().stream().mapToLong(Long::longValue).sum();
    if (totals.counts.size() < 2) {
      return new SplitResult(
          test, units, Stated.cannotSay(Reason.EMPTY_VARIANT, "a split needs two variants"), alpha);
    }
    RatioStratum stratum = totals.stratum(expected);
    Stated<SplitResult.Evidence> evidence =
        ChiSquareSplit.of(stratum)
            .map(
                chi ->
                    new SplitResult.Evidence(
                        evidence(totals, stratum), totals.running.pValue(), chi.pValue()));
    return new SplitResult(test, units, evidence, alpha);
  }

  /** The largest log e-value so far where it is above 0, else the current one. */
  private static double evidence(Totals totals, RatioStratum stratum) {
    double highest = totals.running.highestLogE();
    return highest > 0 ? highest : SampleRatio.of(List.of(stratum)).logE();
  }

  private static final class Totals {
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private RunningPValue running = RunningPValue.start();

    Totals(Map<String, Double> expected) {
      expected.keySet().forEach(v -> counts.put(v, 0L));
    }

    RatioStratum stratum(Map<String, Double> expected) {
      List<Double> weights =
          counts.keySet().stream().map(v -> expected.getOrDefault(v, 1.0)).toList();
      return new RatioStratum(List.copyOf(counts.values()), weights);
    }
  }
}
