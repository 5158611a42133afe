package io.tidegate.report;

import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.Reason;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.RolloutSpec.Hypothesis;
import io.tidegate.model.Stage;
import io.tidegate.model.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one rollout taught.
 *
 * @param expected the effect that was hoped for, in words; empty where unstated
 * @param found the effect that the gate's last look shows on it, in words
 * @param ended how and when, in words
 * @param decisions what people decided, in order
 * @param learnt notes and action items, in order
 * @param harm what the gate first asked to take it back for; empty where it never did
 */
record Learning(
    String rollout,
    String owner,
    String hypothesis,
    String expected,
    String found,
    Outcome outcome,
    Ending ending,
    String ended,
    List<String> decisions,
    List<String> learnt,
    List<String> actionItems,
    List<Reversal> reversals,
    Optional<Harm> harm,
    List<StageTime> stages) {

  private static final String HARM_SHOWN = "HARM_SHOWN";

  /** Share of traffic, percent. */
  private static final double EVERYONE = 100;

  /** What became of a hypothesis. */
  enum Outcome {
    CAME_TRUE("came true"),
    SMALLER("right direction, smaller than expected"),
    OPPOSITE("the opposite happened"),
    UNCLEAR("no clear difference"),
    UNSAID("cannot be said");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }

    /** Whether the data say something of it. */
    boolean judged() {
      return this == CAME_TRUE || this == SMALLER || this == OPPOSITE;
    }
  }

  /** How a rollout's newest attempt stands. */
  enum Ending {
    COMPLETED,
    ROLLED_BACK,
    OPEN
  }

  /**
   * Harm that the gate found.
   *
   * @param percent share of traffic that had the change, percent
   * @param what in words
   */
  record Harm(String stage, double percent, String what) {
    List<String> cells(String rollout) {
      return List.of(
          rollout, stage, Headlines.percent(percent), Headlines.percent(100 - percent), what);
    }
  }

  /** A verdict that a person replaced. */
  record Reversal(
      long timeMs, String stage, String before, String verdict, String actor, String why) {
    List<String> cells(String rollout) {
      return List.of(rollout, Figures.tableTime(timeMs), stage, before, verdict, actor, why);
    }
  }

  /**
   * Time in a stage.
   *
   * @param hours from its entry, or its first look, to its last look
   * @param planned {@code min_duration}, hours
   */
  record StageTime(String stage, double hours, double planned, Verdict last) {
    List<String> cells(String rollout) {
      return List.of(rollout, stage, Figures.number(hours), Figures.number(planned), last.name());
    }
  }

  Learning {
    decisions = List.copyOf(decisions);
    learnt = List.copyOf(learnt);
    actionItems = List.copyOf(actionItems);
    reversals = List.copyOf(reversals);
    stages = List.copyOf(stages);
  }

  /** The harm that was stopped: it was taken back for it before everyone had the change. */
  Optional<Harm> stopped() {
    return harm.filter(h -> ending == Ending.ROLLED_BACK && h.percent() < EVERYONE);
  }

  /** What a rollout's rows, as they may be published, teach. */
  static Learning of(ReportData data) {
    Findings findings = new Findings(data);
    Hypothesis hypothesis = data.spec().hypothesis();
    Optional<Contrast> effect = effect(data, findings);
    List<String> items =
        data.events().stream()
            .flatMap(e -> e.actionItems().stream())
            .map(RolloutEvent.ActionItem::text)
            .toList();
    List<String> learnt = new ArrayList<>(notes(data));
    learnt.addAll(items);
    return new Learning(
        data.spec().id(),
        data.spec().owner(),
        hypothesis.statement(),
        expected(hypothesis, findings.primaryMetric()),
        effect.map(Contrast::clause).orElse("nothing was judged"),
        effect.map(found -> outcome(hypothesis.expect(), found)).orElse(Outcome.UNSAID),
        ending(data.ending()),
        ended(data.ending()),
        decisions(data),
        learnt,
        items,
        reversals(data),
        harm(data, findings),
        stages(data));
  }

  /**
   * On the hypothesis's metric, in its segment where that may be shown; of several treatments the
   * first.
   */
  private static Optional<Contrast> effect(ReportData data, Findings findings) {
    Metric metric = findings.primaryMetric();
    String segment = data.spec().hypothesis().segment();
    String treatment = data.spec().flag().treatments().get(0);
    Optional<Estimate> inSegment =
        findings.segments(metric).stream()
            .filter(e -> (e.dimension() + "=" + e.segment()).equals(segment))
            .filter(e -> e.treatmentVariant().equals(treatment))
            .filter(e -> Contrast.describes(e.purpose()))
            .findFirst();
    return inSegment
        .or(() -> findings.latest(metric, treatment))
        .map(e -> findings.contrast(metric, e));
  }

  private static String expected(Hypothesis hypothesis, Metric metric) {
    Margin expect = hypothesis.expect();
    if (expect == null) {
      return "";
    }
    Double relative = expect.relative();
    Double absolute = expect.absolute();
    String size =
        relative != null
            ? Figures.roughShare(relative)
            : Figures.number(absolute == null ? 0 : absolute);
    String where = hypothesis.segment().isEmpty() ? "" : " for " + hypothesis.segment();
    return metric.name() + where + " " + size + (metric.better().sign() > 0 ? " higher" : " lower");
  }

  /** Came true: shown to be better, and the expected size lies within the range. */
  static Outcome outcome(@Nullable Margin expect, Contrast found) {
    return switch (found.direction()) {
      case UNSAID -> Outcome.UNSAID;
      case UNCLEAR -> Outcome.UNCLEAR;
      case WORSE -> Outcome.OPPOSITE;
      case BETTER -> reaches(expect, found) ? Outcome.CAME_TRUE : Outcome.SMALLER;
    };
  }

  /** Whether the effect may be as large as expected, in the direction that is better. */
  private static boolean reaches(@Nullable Margin expect, Contrast found) {
    Double wanted = expect == null ? null : expect.relative();
    boolean relative = wanted != null;
    if (expect != null && wanted == null) {
      wanted = expect.absolute();
    }
    boolean up = found.metric().better().sign() > 0;
    Double far =
        relative
            ? (up ? found.relativeUpper() : found.relativeLower())
            : (up ? found.upper() : found.lower());
    return wanted == null || far == null || Math.abs(far) >= Math.abs(wanted);
  }

  private static Ending ending(@Nullable RolloutEvent end) {
    if (end == null) {
      return Ending.OPEN;
    }
    return end.kind() == Kind.COMPLETED ? Ending.COMPLETED : Ending.ROLLED_BACK;
  }

  private static String ended(@Nullable RolloutEvent end) {
    if (end == null) {
      return "not ended";
    }
    String how = end.kind() == Kind.COMPLETED ? "completed " : "rolled back ";
    return how + Figures.tableTime(end.eventTimeMs());
  }

  private static List<String> notes(ReportData data) {
    return data.events().stream()
        .filter(e -> e.kind() == Kind.NOTE && !e.note().isEmpty())
        .map(RolloutEvent::note)
        .toList();
  }

  private static List<String> decisions(ReportData data) {
    List<String> decisions = new ArrayList<>();
    for (RolloutEvent event : data.events()) {
      RolloutEvent.Decided decided = event.decision();
      if (decided != null) {
        List<String> words = new ArrayList<>(List.of(decided.action()));
        words.add(decided.verdict());
        words.addAll(decided.codes());
        words.add(decided.signOff());
        words.removeIf(String::isEmpty);
        decisions.add(
            String.join(" ", words)
                + " by "
                + event.actor()
                + (event.note().isEmpty() ? "" : ": " + event.note()));
      }
    }
    return decisions;
  }

  /** Overrides that set another verdict than the gate's before them. */
  private static List<Reversal> reversals(ReportData data) {
    List<Reversal> reversals = new ArrayList<>();
    for (RolloutEvent event : data.events()) {
      RolloutEvent.Decided decided = event.decision();
      GateSignal before = decided == null ? null : before(data, event.eventTimeMs());
      if (decided != null && !decided.verdict().isEmpty() && before != null) {
        if (!before.verdict().name().equals(decided.verdict())) {
          reversals.add(
              new Reversal(
                  event.eventTimeMs(),
                  before.stage(),
                  before.verdict().name(),
                  decided.verdict(),
                  event.actor(),
                  event.note()));
        }
      }
    }
    return reversals;
  }

  private static @Nullable GateSignal before(ReportData data, long timeMs) {
    GateSignal found = null;
    for (GateSignal signal : data.signals()) {
      if (signal.boundaryMs() <= timeMs) {
        found = signal;
      }
    }
    return found;
  }

  private static Optional<Harm> harm(ReportData data, Findings findings) {
    for (GateSignal signal : data.signals()) {
      Optional<Reason> shown =
          signal.reasons().stream().filter(r -> r.code().equals(HARM_SHOWN)).findFirst();
      if (signal.verdict() == Verdict.ROLLBACK && !signal.overridden() && shown.isPresent()) {
        String what =
            findings.harm(signal).map(Contrast::clause).orElseGet(() -> shown.get().sentence());
        return Optional.of(new Harm(signal.stage(), signal.percent(), what));
      }
    }
    return Optional.empty();
  }

  private static List<StageTime> stages(ReportData data) {
    Map<String, StageTime> times = new LinkedHashMap<>();
    for (TimelineSection.Span span : TimelineSection.spans(data)) {
      int index = data.spec().stageIndex(span.stage());
      if (index < 0) {
        continue;
      }
      Stage stage = data.spec().stages().get(index);
      double hours = (span.toMs() - span.fromMs()) / 3_600_000.0;
      times.merge(
          span.stage(),
          new StageTime(
              span.stage(),
              hours,
              stage.minDuration().toMinutes() / 60.0,
              Verdict.valueOf(span.verdict())),
          (a, b) -> new StageTime(a.stage(), a.hours() + b.hours(), a.planned(), b.last()));
    }
    return List.copyOf(times.values());
  }
}
