package io.tidegate.codec;

import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.RetentionPoint;
import io.tidegate.model.RevenuePoint;
import io.tidegate.model.RunStamp;
import io.tidegate.model.StageComparison;
import org.apache.flink.table.data.RowData;

/** Rows of the tables that {@code impact} writes; columns in the tables' order. */
public final class ImpactRows {

  private static final int RETENTION_COLUMNS = 33;
  private static final int REVENUE_COLUMNS = 37;
  private static final int EFFECT_COLUMNS = 38;

  private static final int COMPARISON_COLUMNS = 34;

  private ImpactRows() {}

  /** A row of {@code retention_curves}. */
  public static RowData retention(RetentionPoint p, RunStamp stamp) {
    RowFiller row = new RowFiller(RETENTION_COLUMNS);
    row.text(p.rolloutId()).number(p.attempt()).number(p.epoch()).text(p.stage());
    row.text(p.variant()).text(p.dimension()).text(p.segment()).text(p.metric());
    row.text(p.cohort()).text(p.definition()).text(p.period()).number(p.age());
    row.text(p.maturity().label()).text(p.censoring().label()).time(p.censoredAtMs());
    row.add(p.units()).add(p.eligible()).add(p.retained());
    row.add(p.rate()).add(p.rateLower()).add(p.rateUpper());
    row.add(p.effectSize()).add(p.effectSizeLower()).add(p.effectSizeUpper());
    row.add(p.effectSizeLowerTogether()).add(p.effectSizeUpperTogether());
    return row.text(p.reason()).stamp(stamp).row();
  }

  /** A row of {@code revenue_curves}. */
  public static RowData revenue(RevenuePoint p, RunStamp stamp) {
    RowFiller row = new RowFiller(REVENUE_COLUMNS);
    row.text(p.rolloutId()).number(p.attempt()).number(p.epoch()).text(p.stage());
    row.text(p.variant()).text(p.dimension()).text(p.segment()).text(p.metric());
    row.text(p.currency()).number(p.ageDays());
    row.text(p.maturity().label()).text(p.censoring().label()).time(p.censoredAtMs());
    row.add(p.units()).add(p.unitsMature());
    row.add(p.sum()).add(p.mean()).add(p.meanLower()).add(p.meanUpper());
    row.add(p.uncappedSum()).add(p.uncappedMean()).add(p.refundSum());
    row.add(p.effectSize()).add(p.effectSizeLower()).add(p.effectSizeUpper());
    row.add(p.effectSizeLowerTogether()).add(p.effectSizeUpperTogether());
    row.add(p.uncappedEffectSize());
    row.add(p.uncappedEffectSizeLower()).add(p.uncappedEffectSizeUpper());
    return row.text(p.reason()).stamp(stamp).row();
  }

  /** A row of {@code impact_reports}. */
  public static RowData effect(ImpactEstimate e, RunStamp stamp) {
    RowFiller row = new RowFiller(EFFECT_COLUMNS);
    row.text(e.rolloutId()).number(e.attempt()).number(e.epoch()).text(e.stage());
    row.text(e.controlVariant()).text(e.treatmentVariant());
    row.text(e.metric()).text(e.role()).text(e.kind()).text(e.dimension()).text(e.segment());
    row.text(e.aspect().label()).number(e.ageDays()).text(e.maturity().label());
    row.text(e.censoring().label()).time(e.censoredAtMs());
    row.text(e.method()).add(e.alpha()).add(e.control()).add(e.treatment());
    row.add(e.effectSize()).add(e.effectSizeLower()).add(e.effectSizeUpper());
    row.add(e.relEffectSize()).add(e.relEffectSizeLower()).add(e.relEffectSizeUpper());
    row.add(e.effectSizeLowerTogether()).add(e.effectSizeUpperTogether());
    row.add(e.pValue()).add(e.unitsControl()).add(e.unitsTreatment());
    return row.text(e.reason()).stamp(stamp).row();
  }

  /** A row of {@code stage_comparisons}. */
  public static RowData comparison(StageComparison c, RunStamp stamp) {
    RowFiller row = new RowFiller(COMPARISON_COLUMNS);
    row.text(c.rolloutId()).number(c.attempt()).number(c.epoch()).text(c.stage());
    row.text(c.variant()).text(c.basis()).text(c.basisStage()).text(c.basisVariant());
    row.text(c.metric()).text(c.dimension()).text(c.segment()).text(c.normalisation());
    row.add(c.followHours()).add(c.alpha()).add(c.control()).add(c.treatment());
    row.add(c.relEffectSize()).add(c.relEffectSizeLower()).add(c.relEffectSizeUpper());
    row.add(c.mixPart()).add(c.mixPartLower()).add(c.mixPartUpper());
    row.add(c.reversal()).text(c.reference()).add(c.baselinesSnapshotId());
    row.add(c.unitsControl()).add(c.unitsTreatment());
    return row.text(c.reason()).stamp(stamp).row();
  }
}
