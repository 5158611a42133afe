package io.tidegate.report;

import io.tidegate.model.GateSignal;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Stage;
import io.tidegate.report.Page.Chart;
import io.tidegate.report.Page.Column;
import io.tidegate.report.Page.Section;
import io.tidegate.report.Page.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When each stage ran and what was said of it. */
final class TimelineSection {

  private static final int STAGE_PIXELS = 34;

  /** A stretch of time with one verdict in one stage. */
  record Span(String stage, double percent, String verdict, long fromMs, long toMs, int looks) {}

  private TimelineSection() {}

  static Section of(ReportData data) {
    return of(data, true);
  }

  /** Where the signals are only those that changed something, looks cannot be counted. */
  static Section ofChanges(ReportData data) {
    return of(data, false);
  }

  private static Section of(ReportData data, boolean everyLook) {
    List<Span> spans = spans(data);
    List<Chart> charts = spans.isEmpty() ? List.of() : List.of(chart(data, spans, everyLook));
    return new Section(
        "timeline",
        "What happened, stage by stage?",
        lead(data, spans, everyLook),
        charts,
        List.of(),
        List.of(),
        "");
  }

  /** Consecutive signals with the same stage and verdict, each up to the next. */
  static List<Span> spans(ReportData data) {
    List<Span> spans = new ArrayList<>();
    List<GateSignal> signals = data.signals();
    int first = 0;
    for (int i = 1; i <= signals.size(); i++) {
      GateSignal start = signals.get(first);
      if (i == signals.size() || !same(start, signals.get(i))) {
        GateSignal lastOfSpan = signals.get(i - 1);
        long end =
            i < signals.size()
                ? signals.get(i).boundaryMs()
                : lastOfSpan.boundaryMs() + lookOn(data, lastOfSpan);
        long from = Math.min(entered(data, start, first == 0 ? null : signals.get(first - 1)), end);
        spans.add(
            new Span(start.stage(), start.percent(), start.verdict().name(), from, end, i - first));
        first = i;
      }
    }
    return spans;
  }

  /**
   * Until the look after a signal's, milliseconds; 0 where none follows. A HOLD may look for its
   * next verdict far ahead; what is drawn ends with the evidence that goes out next.
   */
  private static long lookOn(ReportData data, GateSignal signal) {
    return signal.nextLookMs() == Long.MAX_VALUE
        ? 0
        : Math.min(
            Math.max(0, signal.nextLookMs() - signal.boundaryMs()),
            data.spec().evidenceEvery().toMillis());
  }

  private static boolean same(GateSignal a, GateSignal b) {
    return a.epoch() == b.epoch() && a.verdict() == b.verdict();
  }

  /** A stage's first span begins where the stage was entered. */
  private static long entered(ReportData data, GateSignal start, @Nullable GateSignal before) {
    if (before != null && before.epoch() == start.epoch()) {
      return start.boundaryMs();
    }
    long at = start.boundaryMs();
    for (RolloutEvent event : data.events()) {
      if (event.kind() == RolloutEvent.Kind.STAGE_ENTERED
          && event.stage().equals(start.stage())
          && event.eventTimeMs() <= start.boundaryMs()) {
        at = event.eventTimeMs();
      }
    }
    return at;
  }

  private static String lead(ReportData data, List<Span> spans, boolean everyLook) {
    long stages = spans.stream().map(Span::stage).distinct().count();
    if (stages == 0) {
      return "No stage has been judged yet.";
    }
    return stages
        + " of "
        + data.spec().stages().size()
        + " stages were judged, over "
        + Figures.duration(spans.get(spans.size() - 1).toMs() - spans.get(0).fromMs())
        + (everyLook ? " and " + Figures.count(data.signals().size()) + " looks." : ".");
  }

  private static Chart chart(ReportData data, List<Span> spans, boolean everyLook) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    List<List<String>> table = new ArrayList<>();
    for (Span s : spans) {
      rows.add(
          Rows.of(
              "stage", label(s.stage(), s.percent()),
              "verdict", s.verdict(),
              "from", s.fromMs(),
              "to", s.toMs(),
              "since", Figures.time(s.fromMs()),
              "until", Figures.time(s.toMs())));
      table.add(
          List.of(
              s.stage(),
              Headlines.percent(s.percent()),
              s.verdict(),
              Figures.tableTime(s.fromMs()),
              Figures.tableTime(s.toMs()),
              Figures.duration(s.toMs() - s.fromMs()),
              everyLook ? Figures.count(s.looks()) : Figures.NONE));
    }
    List<String> stages =
        data.spec().stages().stream().map(s -> label(s.name(), s.percent())).toList();
    String summary =
        "Stages over time, coloured by verdict; the last one is "
            + spans.get(spans.size() - 1).verdict()
            + ".";
    return new Chart(
        "chart-timeline",
        "Stages and verdicts",
        summary,
        ChartSpec.load("timeline")
            .rows("rows", rows)
            .rows("marks", marks(data))
            .set("stages", stages)
            .set("height", STAGE_PIXELS * stages.size())
            .describe(summary)
            .json(),
        true,
        new Table(
            "Stages and verdicts",
            List.of(
                Column.text("stage"),
                Column.number("traffic"),
                Column.text("verdict"),
                Column.text("from (UTC)"),
                Column.text("to (UTC)"),
                Column.number("lasted"),
                Column.number("looks")),
            table));
  }

  private static List<Map<String, @Nullable Object>> marks(ReportData data) {
    List<Map<String, @Nullable Object>> marks = new ArrayList<>();
    String stage = "";
    for (RolloutEvent event : data.events()) {
      String what =
          switch (event.kind()) {
            case STAGE_ENTERED -> "entered";
            case DECISION -> "decision";
            case ROLLED_BACK -> "rolled back";
            case COMPLETED -> "completed";
            default -> "";
          };
      if (event.kind() == RolloutEvent.Kind.STAGE_ENTERED) {
        stage = event.stage();
      }
      int index = data.spec().stageIndex(stage);
      if (!what.isEmpty() && index >= 0) {
        Stage at = data.spec().stages().get(index);
        marks.add(
            Rows.of(
                "stage", label(at.name(), at.percent()),
                "at", event.eventTimeMs(),
                "what", what,
                "when", Figures.time(event.eventTimeMs()),
                "note", event.note()));
      }
    }
    return marks;
  }

  private static String label(String stage, double percent) {
    return stage + " · " + Headlines.percent(percent);
  }
}
