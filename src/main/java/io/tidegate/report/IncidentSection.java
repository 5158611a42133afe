package io.tidegate.report;

import io.tidegate.model.Incident;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was unusual while a rollout ran, whatever its cause. */
final class IncidentSection {

  private static final int MOST_ROWS = 100;

  private IncidentSection() {}

  static Section of(List<Incident> incidents) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = incidents.size() - 1; i >= Math.max(0, incidents.size() - MOST_ROWS); i--) {
      rows.add(row(incidents.get(i)));
    }
    Table table =
        new Table(
            "Incidents, newest first",
            List.of(
                Column.text("since (UTC)"),
                Column.text("until (UTC)"),
                Column.text("severity"),
                Column.text("what"),
                Column.text("this change alone?")),
            rows);
    return new Section(
        "incidents",
        "Is something else going wrong?",
        lead(incidents),
        List.of(),
        rows.isEmpty() ? List.of() : List.of(table),
        List.of(),
        "");
  }

  private static String lead(List<Incident> incidents) {
    if (incidents.isEmpty()) {
      return "No incident was reported while it ran.";
    }
    long open = incidents.stream().filter(i -> i.closedAtMs() == null).count();
    String all =
        incidents.size() == 1
            ? "One incident was reported while it ran; "
            : Figures.count(incidents.size()) + " incidents were reported while it ran; ";
    return all + (open == 0 ? "none is open now." : Figures.count(open) + " of them open now.");
  }

  private static List<String> row(Incident incident) {
    Long closed = incident.closedAtMs();
    return List.of(
        Figures.tableTime(incident.openedAtMs()),
        closed == null ? "open" : Figures.tableTime(closed),
        incident.severity().name().toLowerCase(Locale.ROOT),
        incident.sentence(),
        incident.blamesRollout() ? "yes" : "no, others are hit too");
  }
}
