package io.tidegate.report;

import io.tidegate.model.Assignment;
import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutSpec;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.List;

/** Can the data be trusted: the split, what arrived, what could not be used. */
final class HealthSection {

  private HealthSection() {}

  static Section of(ReportData data, Findings findings) {
    List<Table> tables = new ArrayList<>();
    tables.add(split(data, findings));
    tables.add(arrivals(data));
    GateSignal last = data.lastSignal();
    if (last != null && !last.reasons().isEmpty()) {
      tables.add(reasons(last));
    }
    return new Section(
        "health",
        "Is the data sound?",
        lead(data),
        List.of(),
        tables,
        data.health().incidents(),
        "");
  }

  private static String lead(ReportData data) {
    GateSignal last = data.lastSignal();
    if (last == null) {
      return "Nothing has been judged yet.";
    }
    long dead = data.health().deadLetters().values().stream().mapToLong(Long::longValue).sum();
    long late = data.health().lateEvents().values().stream().mapToLong(Long::longValue).sum();
    String arrived =
        Figures.count(last.arrivals().used())
            + " events of its units were used; "
            + Figures.count(last.arrivals().duplicate())
            + " duplicates were counted once, "
            + Figures.count(last.arrivals().late())
            + " came late";
    return !tablesRead(data)
        ? arrived + "."
        : arrived
            + ", "
            + Figures.count(late)
            + " too late to count, "
            + Figures.count(dead)
            + " records of the topics are in no table.";
  }

  private static boolean tablesRead(ReportData data) {
    return !data.health().equals(ReportData.Health.NONE);
  }

  private static Table split(ReportData data, Findings findings) {
    List<List<String>> rows = new ArrayList<>();
    for (Estimate e : findings.unitsByStage().values()) {
      long both = e.unitsControl() + e.unitsTreatment();
      rows.add(
          List.of(
              e.stage(),
              e.treatmentVariant(),
              Figures.count(e.unitsControl()),
              Figures.count(e.unitsTreatment()),
              both == 0 ? Figures.NONE : Figures.share(e.unitsTreatment() / (double) both),
              declared(data, e),
              Figures.tableTime(e.boundaryMs())));
    }
    return new Table(
        data.spec().assignment() == Assignment.MATCHED
            ? "Units by stage and variant, those of the stages before included but at 100 %"
            : "Units by stage and variant",
        List.of(
            Column.text("stage"),
            Column.text("treatment"),
            Column.number("units in control"),
            Column.number("units in treatment"),
            Column.number("treatment's share"),
            Column.number("declared share"),
            Column.text("as of (UTC)")),
        rows);
  }

  /** Share of the units of both variants that the spec gives the treatment. */
  static String declared(ReportData data, Estimate e) {
    RolloutSpec spec = data.spec();
    if (spec.assignment() == Assignment.RAMPED) {
      int stage = spec.stageIndex(e.stage());
      return stage == 0 ? Figures.share(spec.stages().get(0).percent() / 100) : "by stratum";
    }
    double control = spec.flag().split().getOrDefault(e.controlVariant(), 0.0);
    double treatment = spec.flag().split().getOrDefault(e.treatmentVariant(), 0.0);
    return control + treatment == 0
        ? Figures.NONE
        : Figures.share(treatment / (control + treatment));
  }

  private static Table arrivals(ReportData data) {
    List<List<String>> rows = new ArrayList<>();
    if (tablesRead(data)) {
      row(
          rows,
          "exposures of the flag in the table, since the first stage",
          data.health().exposures());
      row(
          rows,
          "outcomes that the metrics read in the table, since then, of whatever unit",
          data.health().outcomes());
    }
    GateSignal last = data.lastSignal();
    if (last != null) {
      row(
          rows,
          "events of this attempt's units used by the gate, up to its last look",
          last.arrivals().used());
      row(rows, "duplicates, counted once", last.arrivals().duplicate());
      row(rows, "late, added to the next look", last.arrivals().late());
      row(rows, "units seen in a second variant", last.arrivals().mixed());
    }
    data.health()
        .lateEvents()
        .forEach((stream, n) -> row(rows, "beyond the horizon: " + stream, n));
    data.health()
        .deadLetters()
        .forEach((topic, n) -> row(rows, "records in no table (dead letters), topic " + topic, n));
    return new Table("What arrived", List.of(Column.text("what"), Column.number("number")), rows);
  }

  private static void row(List<List<String>> rows, String what, long n) {
    rows.add(List.of(what, Figures.count(n)));
  }

  private static Table reasons(GateSignal last) {
    List<List<String>> rows = new ArrayList<>();
    for (Reason reason : last.reasons()) {
      rows.add(List.of(reason.code(), reason.sentence(), reason.observed(), reason.threshold()));
    }
    return new Table(
        "Every step of the last verdict, in the order of judgement",
        List.of(
            Column.text("code"),
            Column.text("what was found"),
            Column.number("observed"),
            Column.number("threshold")),
        rows);
  }
}
