package io.tidegate.report;

import io.tidegate.model.Estimate;
import io.tidegate.model.ImpactEstimate;
import io.tidegate.model.ReportData;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.StageComparison;
import java.util.List;

/** A report's data with some of its parts replaced. Mutable. */
final class ChangedReport {

  private final ReportData of;
  private RolloutSpec spec;
  private Resolved resolved;
  private List<Estimate> estimates;
  private List<ImpactEstimate> impacts;
  private List<StageComparison> comparisons;

  ChangedReport(ReportData of) {
    this.of = of;
    this.spec = of.spec();
    this.resolved = of.resolved();
    this.estimates = of.estimates();
    this.impacts = of.impacts();
    this.comparisons = of.comparisons();
  }

  ChangedReport spec(RolloutSpec other) {
    spec = other;
    return this;
  }

  ChangedReport resolved(Resolved other) {
    resolved = other;
    return this;
  }

  ChangedReport estimates(List<Estimate> other) {
    estimates = other;
    return this;
  }

  ChangedReport impacts(List<ImpactEstimate> other) {
    impacts = other;
    return this;
  }

  ChangedReport comparisons(List<StageComparison> other) {
    comparisons = other;
    return this;
  }

  ReportData data() {
    return new ReportData(
        spec,
        resolved,
        of.specText(),
        of.attempt(),
        of.asOfMs(),
        of.events(),
        of.signals(),
        estimates,
        of.baseline(),
        of.health(),
        of.retention(),
        of.revenue(),
        impacts,
        comparisons,
        of.runStamp());
  }
}
