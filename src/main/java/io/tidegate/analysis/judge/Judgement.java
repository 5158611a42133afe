package io.tidegate.analysis.judge;

import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on one treatment of one metric after one period; a null number cannot be said, a
 * reason tells why.
 *
 * @param control weighted mean of control over the periods
 * @param treatment weighted mean of the treatment
 * @param effectSize treatment − control
 * @param effectSizeLower lower end of its confidence sequence
 * @param relEffectSize treatment/control − 1
 * @param eValueLog natural log of the two-sided e-value against no difference
 * @param pValue always-valid p-value of it
 */
public record Judgement(
    String test,
    String metric,
    String time,
    String treatmentVariant,
    Verdict verdict,
    List<Reason> reasons,
    @Nullable Double control,
    @Nullable Double treatment,
    @Nullable Double effectSize,
    @Nullable Double effectSizeLower,
    @Nullable Double effectSizeUpper,
    @Nullable Double relEffectSize,
    @Nullable Double relEffectSizeLower,
    @Nullable Double relEffectSizeUpper,
    @Nullable Double eValueLog,
    @Nullable Double pValue,
    long unitsControl,
    long unitsTreatment) {

  public Judgement {
    reasons = List.copyOf(reasons);
  }
}
