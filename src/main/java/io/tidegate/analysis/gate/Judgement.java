package io.tidegate.analysis.gate;

import io.tidegate.model.Estimate;
import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A verdict with its reasons and the rows that decided.
 *
 * @param missing what stands between this and ADVANCE
 * @param expectedMs when all that is missing is expected; infinite where something is not foretold
 * @param asks what a person must answer: codes of reasons, and of tests what they are about
 */
record Judgement(
    Verdict verdict,
    boolean overridden,
    List<Reason> reasons,
    List<Estimate> evidence,
    List<Reason> missing,
    double expectedMs,
    Set<String> asks) {

  /** Between a code and what it is about. */
  static final String ABOUT = " ";

  Judgement {
    reasons = List.copyOf(reasons);
  }

  /** The same with one reason more. */
  Judgement with(Reason reason) {
    List<Reason> more = new ArrayList<>(reasons);
    more.add(reason);
    return new Judgement(verdict, overridden, more, evidence, missing, expectedMs, asks);
  }
}
