package io.tidegate.report;

import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.GateSignal.Arrivals;
import io.tidegate.model.Reason;
import io.tidegate.model.ReportData;
import java.util.ArrayList;
import java.util.List;

/** Whether the newest verdict found the data sound, check by check. */
final class HealthChecks {

  /**
   * One check.
   *
   * @param says what was found, in a few words or the gate's sentence
   */
  record Check(String name, boolean ok, String says) {}

  private final ReportData data;
  private final GateSignal last;
  private final List<Check> checks = new ArrayList<>();

  private HealthChecks(ReportData data, GateSignal last) {
    this.data = data;
    this.last = last;
  }

  /** Empty where nothing was judged. */
  static List<Check> of(ReportData data, Findings findings) {
    GateSignal last = data.lastSignal();
    if (last == null) {
      return List.of();
    }
    HealthChecks all = new HealthChecks(data, last);
    Arrivals arrived = last.arrivals();
    all.add("Split of units", all.split(findings), "SAMPLE_RATIO_MISMATCH");
    all.add("Volume", Figures.count(arrived.used()) + " events used", "DATA_MISSING");
    all.add(
        "Late events",
        share(arrived.late(), arrived.used()) + " late",
        "LATE_SHARE",
        "DELAY_DIFFERS");
    all.add(
        "One variant per unit", Figures.count(arrived.mixed()) + " units in two", "MIXED_UNITS");
    all.add(
        "Instrumentation",
        "nothing missing",
        "INSTRUMENTATION_GAP",
        "SCHEMA_NOVELTY",
        "JOIN_RATE_DIFFERS");
    all.add("Outside influence", "none found", "EXTERNAL_SHOCK");
    all.add("Events of the rollout", "all followed", "EVENT_REFUSED");
    return List.copyOf(all.checks);
  }

  private void add(String name, String whenOk, String... codes) {
    List<String> asked = List.of(codes);
    String found =
        last.reasons().stream()
            .filter(reason -> asked.contains(reason.code()))
            .map(Reason::sentence)
            .findFirst()
            .orElse("");
    checks.add(new Check(name, found.isEmpty(), found.isEmpty() ? whenOk : found));
  }

  /** The share of units that got the treatment in the newest stage, beside the declared one. */
  private String split(Findings findings) {
    Estimate newest =
        findings.unitsByStage().values().stream()
            .filter(e -> e.epoch() == last.epoch())
            .reduce((a, b) -> b)
            .orElse(null);
    if (newest == null) {
      return "no units yet";
    }
    return share(newest.unitsTreatment(), newest.unitsControl() + newest.unitsTreatment())
        + " treated, declared: "
        + HealthSection.declared(data, newest);
  }

  private static String share(long part, long all) {
    return all == 0 ? Figures.NONE : Figures.share(part / (double) all);
  }
}
