package io.tidegate.analysis.gate;

import io.tidegate.model.Estimate;
import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import java.util.List;

/**
 * A verdict with its reasons and the rows that decided.
 *
 * @param missing what stands between this and ADVANCE
 */
record Judgement(
    Verdict verdict,
    boolean overridden,
    List<Reason> reasons,
    List<Estimate> evidence,
    List<Reason> missing) {}
