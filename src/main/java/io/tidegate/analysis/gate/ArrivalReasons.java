package io.tidegate.analysis.gate;

import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What records' arrival adds to a judgement of the data alone: a REVIEW of what would be HOLD or
 * ADVANCE. It stands in the signal outside the data hash, since tables do not tell it.
 */
final class ArrivalReasons {

  private static final Set<String> CODES = Set.of(Arrivals.DEAD_SHARE, Arrivals.CLOCK_SKEW);

  private ArrivalReasons() {}

  /** Those of a signal that was sent. */
  static List<Reason> of(GateSignal sent) {
    return sent.reasons().stream().filter(reason -> CODES.contains(reason.code())).toList();
  }

  /**
   * The judgement with them.
   *
   * @param approved reason codes that no longer stop the stage
   */
  static Judgement added(Judgement data, List<Reason> arrivals, Set<String> approved) {
    if (arrivals.isEmpty()) {
      return data;
    }
    Verdict verdict = verdict(data.verdict(), data.overridden(), arrivals, approved);
    Set<String> asks = new TreeSet<>(data.asks());
    if (verdict == Verdict.REVIEW && !data.overridden()) {
      arrivals.stream().map(Reason::code).filter(c -> !approved.contains(c)).forEach(asks::add);
    }
    return new Judgement(
        verdict,
        data.overridden(),
        reasons(data.reasons(), arrivals, verdict != data.verdict()),
        data.evidence(),
        data.missing(),
        data.expectedMs(),
        asks);
  }

  /** REVIEW where somebody must look first; neither a person's verdict nor harm is overruled. */
  static Verdict verdict(
      Verdict data, boolean overridden, List<Reason> arrivals, Set<String> approved) {
    boolean asks = arrivals.stream().anyMatch(reason -> !approved.contains(reason.code()));
    return asks && !overridden && data != Verdict.ROLLBACK ? Verdict.REVIEW : data;
  }

  /** Both; those that decide come first. */
  static List<Reason> reasons(List<Reason> data, List<Reason> arrivals, boolean decide) {
    return decide
        ? Stream.concat(arrivals.stream(), data.stream()).toList()
        : Stream.concat(data.stream(), arrivals.stream()).toList();
  }
}
