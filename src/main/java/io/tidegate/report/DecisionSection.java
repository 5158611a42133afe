package io.tidegate.report;

import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Everything that was decided, by the gate or by people, in order. */
final class DecisionSection {

  private static final int MOST_ROWS = 200;

  private record Entry(long timeMs, List<String> cells) {}

  private DecisionSection() {}

  static Section of(ReportData data) {
    List<Entry> entries = new ArrayList<>();
    GateSignal before = null;
    for (GateSignal signal : data.signals()) {
      if (before == null || differs(before, signal)) {
        entries.add(new Entry(signal.boundaryMs(), verdict(signal)));
      }
      before = signal;
    }
    for (RolloutEvent event : data.events()) {
      entries.add(new Entry(event.eventTimeMs(), event(event)));
    }
    List<List<String>> rows =
        entries.stream()
            .sorted(Comparator.comparingLong(Entry::timeMs))
            .map(Entry::cells)
            .collect(Collectors.toList());
    List<String> notes = new ArrayList<>();
    if (rows.size() > MOST_ROWS) {
      notes.add(
          Figures.count(rows.size() - MOST_ROWS)
              + " earlier entries are left out; table decision_log has them all.");
      rows = rows.subList(rows.size() - MOST_ROWS, rows.size());
    }
    return new Section(
        "decisions",
        "Who decided what, and why?",
        rows.isEmpty()
            ? "Nothing has been decided yet."
            : "Every change of verdict and every step taken by a person or by rollout tooling.",
        List.of(),
        List.of(
            new Table(
                "Decision log",
                List.of(
                    Column.text("at (UTC)"),
                    Column.text("stage"),
                    Column.text("what"),
                    Column.text("who"),
                    Column.text("why")),
                rows)),
        notes,
        "");
  }

  private static boolean differs(GateSignal a, GateSignal b) {
    return a.epoch() != b.epoch()
        || a.verdict() != b.verdict()
        || !a.reasons().stream()
            .map(Reason::code)
            .toList()
            .equals(b.reasons().stream().map(Reason::code).toList());
  }

  private static List<String> verdict(GateSignal s) {
    return List.of(
        Figures.tableTime(s.boundaryMs()),
        s.stage(),
        s.verdict().name(),
        s.overridden() ? "a person, overriding" : "Tidegate",
        s.reasons().stream().map(Reason::sentence).collect(Collectors.joining("; ")));
  }

  private static List<String> event(RolloutEvent e) {
    String what = e.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    RolloutEvent.Decided decision = e.decision();
    List<String> why = new ArrayList<>();
    if (decision != null) {
      what = decision.action() + (decision.verdict().isEmpty() ? "" : " " + decision.verdict());
      if (!decision.codes().isEmpty()) {
        why.add("codes " + String.join(", ", decision.codes()));
      }
      if (!decision.signOff().isEmpty()) {
        why.add("sign-off " + decision.signOff());
      }
    }
    if (!e.note().isEmpty()) {
      why.add(e.note());
    }
    why.addAll(e.links());
    return List.of(
        Figures.tableTime(e.eventTimeMs()), e.stage(), what, e.actor(), String.join("; ", why));
  }
}
