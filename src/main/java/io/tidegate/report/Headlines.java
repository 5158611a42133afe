package io.tidegate.report;

import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Stage;
import io.tidegate.model.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the first screen from what the tables say. */
final class Headlines {

  private final ReportData data;
  private final Findings findings;
  private final String name;

  Headlines(ReportData data) {
    this.data = data;
    this.findings = new Findings(data);
    this.name = "“" + data.spec().id() + "”";
  }

  /** The first screen; {@code hidden} names the segments withheld per dimension. */
  Headline write(Map<String, Set<String>> hidden) {
    List<String> worth = new Worth(data, findings).sentences();
    List<String> uncertain = new Uncertainty(data, findings).sentences(hidden);
    List<String> next = new NextSteps(data).sentences();
    GateSignal last = data.lastSignal();
    RolloutEvent end = data.ending();
    if (end != null && end.kind() == RolloutEvent.Kind.ROLLED_BACK) {
      return rolledBack(end, worth, uncertain, next);
    } else if (end != null) {
      Said primary = primary();
      return new Headline(
          primary.tone("good"),
          "Completed",
          name
              + " was completed on "
              + Figures.time(end.eventTimeMs())
              + (reached().isEmpty() ? "" : " at " + reached())
              + "; "
              + primary.clause
              + ".",
          primary.certainty,
          worth,
          uncertain,
          next);
    } else if (last == null) {
      return new Headline(
          "none",
          "No verdict yet",
          name + " has not been judged yet: no data of it have arrived.",
          "",
          worth,
          uncertain,
          next);
    }
    return judged(last, worth, uncertain, next);
  }

  /** The first screen where no verdict counts now. */
  Headline unjudged(Map<String, Set<String>> hidden, String why) {
    return new Headline(
        "none",
        "No verdict yet",
        name + " must wait: " + unended(why) + ".",
        "",
        List.of(),
        new Uncertainty(data, findings).sentences(hidden),
        List.of("The next verdict follows at the next look."));
  }

  private Headline rolledBack(
      RolloutEvent end, List<String> worth, List<String> uncertain, List<String> next) {
    Optional<GateSignal> cause = Optional.ofNullable(data.decisive());
    Said said = cause.map(this::harm).orElseGet(this::primary);
    String why =
        cause
            .map(c -> ", as decided at " + Figures.time(c.boundaryMs()) + ": ")
            .orElse("; Tidegate had not asked for it: ");
    return new Headline(
        "bad",
        "Rolled back",
        name + " was rolled back on " + Figures.time(end.eventTimeMs()) + why + said.clause + ".",
        said.certainty,
        worth,
        uncertain,
        next);
  }

  private Headline judged(
      GateSignal last, List<String> worth, List<String> uncertain, List<String> next) {
    String by = last.overridden() ? " (decided by a person, over the data's verdict)" : "";
    Said primary = primary();
    String at = at(last);
    return switch (last.verdict()) {
      case ROLLBACK -> {
        Said harm = harm(last);
        yield new Headline(
            "bad",
            "Roll back",
            "Take " + name + " back" + by + ": " + harm.clause + ".",
            harm.certainty,
            worth,
            uncertain,
            next);
      }
      case ADVANCE ->
          new Headline(
              "good",
              last.nextPercent() == null ? "Complete" : "Go on",
              (last.nextPercent() == null
                      ? name + " can be completed"
                      : "Raise " + name + " to " + percent(last.nextPercent()) + " of traffic")
                  + by
                  + ": what must not get worse was shown to stay within the agreed limits, and "
                  + primary.clause
                  + ".",
              primary.certainty,
              worth,
              uncertain,
              next);
      case HOLD ->
          new Headline(
              "wait",
              "Keep waiting",
              "Leave "
                  + name
                  + " as it is, "
                  + at
                  + by
                  + ": "
                  + holdReason(last)
                  + "; "
                  + afterReview(last)
                  + primary.clause
                  + ".",
              primary.certainty,
              worth,
              uncertain,
              next);
      case REVIEW ->
          new Headline(
              "look",
              "A person must look",
              "Someone must look at "
                  + name
                  + by
                  + ", "
                  + at
                  + ", before it goes on: "
                  + reviewReason(last)
                  + ".",
              primary.certainty.isEmpty() ? "" : sentence(primary.clause) + " " + primary.certainty,
              worth,
              uncertain,
              next);
    };
  }

  /** A clause on an effect, and how sure it is. */
  private record Said(String clause, String certainty, Contrast.Direction direction) {
    String tone(String otherwise) {
      return direction == Contrast.Direction.WORSE ? "bad" : otherwise;
    }
  }

  /** Every treatment's effect; how sure is said once. */
  private Said primary() {
    List<Contrast> overall = findings.overall(findings.primaryMetric());
    if (overall.isEmpty()) {
      return new Said(
          "the effect on "
              + findings.primaryMetric().name()
              + " cannot be said yet (no data with both variants)",
          "",
          Contrast.Direction.UNSAID);
    }
    String clauses = overall.stream().map(Contrast::clause).collect(Collectors.joining("; "));
    List<Contrast> said =
        overall.stream().filter(c -> c.direction() != Contrast.Direction.UNSAID).toList();
    boolean worse = said.stream().anyMatch(c -> c.direction() == Contrast.Direction.WORSE);
    return new Said(
        clauses,
        said.stream().map(Contrast::certainty).distinct().collect(Collectors.joining(" ")),
        worse ? Contrast.Direction.WORSE : overall.get(0).direction());
  }

  private Said harm(GateSignal signal) {
    String limit =
        "Over the whole rollout, the risk of a false alarm is held at "
            + Figures.share(data.spec().decision().alphaRollback())
            + ".";
    return findings
        .harm(signal)
        .filter(c -> c.direction() != Contrast.Direction.UNSAID)
        .map(c -> new Said(c.clause(), limit, c.direction()))
        .orElseGet(
            () ->
                new Said(
                    signal.reasons().isEmpty()
                        ? "harm was shown"
                        : unended(signal.reasons().get(0).sentence()),
                    limit,
                    Contrast.Direction.WORSE));
  }

  private static String holdReason(GateSignal last) {
    if (!last.missing().isEmpty()) {
      return "still missing is " + unended(String.join(", ", last.missing()));
    }
    return last.reasons().isEmpty()
        ? "there is not enough evidence yet"
        : unended(last.reasons().get(last.reasons().size() - 1).sentence());
  }

  /** Why what a person was to look at stops nothing now; empty where there was no REVIEW before. */
  private String afterReview(GateSignal last) {
    List<GateSignal> before =
        data.signals().stream()
            .filter(s -> s.attempt() == last.attempt() && s.epoch() == last.epoch())
            .filter(s -> s.boundaryMs() < last.boundaryMs() && s.verdict() != Verdict.HOLD)
            .toList();
    GateSignal asked = before.isEmpty() ? null : before.get(before.size() - 1);
    if (asked == null || asked.verdict() != Verdict.REVIEW || last.overridden()) {
      return "";
    }
    return asking(asked)
        .map(
            reason ->
                "what was to be looked at until "
                    + Figures.time(asked.boundaryMs())
                    + " ("
                    + reason.code()
                    + ") "
                    + since(reason.code(), last)
                    + "; ")
        .orElse("");
  }

  /** The first reason for which a REVIEW asks for a person; empty where only a person set it. */
  private Optional<Reason> asking(GateSignal review) {
    return review.reasons().stream()
        .filter(reason -> reason.approvable() && !approved(reason.code(), review))
        .findFirst();
  }

  private String since(String code, GateSignal last) {
    if (approved(code, last)) {
      return "was approved";
    }
    boolean found = last.reasons().stream().anyMatch(reason -> reason.code().equals(code));
    return found ? "stops nothing now" : "is no longer found";
  }

  /** Whether a person had approved a code since a signal's stage was entered. */
  private boolean approved(String code, GateSignal signal) {
    long enteredMs =
        before(signal)
            .filter(e -> e.kind() == RolloutEvent.Kind.STAGE_ENTERED)
            .filter(e -> e.stage().equals(signal.stage()))
            .mapToLong(RolloutEvent::eventTimeMs)
            .max()
            .orElse(Long.MIN_VALUE);
    return before(signal)
        .filter(e -> e.kind() == RolloutEvent.Kind.DECISION && e.eventTimeMs() >= enteredMs)
        .map(RolloutEvent::decision)
        .anyMatch(
            decided ->
                decided != null
                    && decided.action().equals("approve")
                    && decided.codes().contains(code));
  }

  private Stream<RolloutEvent> before(GateSignal signal) {
    return data.events().stream()
        .filter(e -> e.attempt() == 0 || e.attempt() == signal.attempt())
        .filter(e -> e.eventTimeMs() < signal.boundaryMs());
  }

  private String reviewReason(GateSignal last) {
    return asking(last)
        .or(() -> last.reasons().stream().findFirst())
        .map(reason -> unended(reason.sentence()))
        .orElse("no reason was recorded");
  }

  private String at(GateSignal last) {
    return "at " + percent(last.percent()) + " of traffic (stage " + last.stage() + ")";
  }

  private String reached() {
    RolloutEvent entered = data.lastEvent(RolloutEvent.Kind.STAGE_ENTERED);
    int index = entered == null ? -1 : data.spec().stageIndex(entered.stage());
    if (index < 0) {
      return "";
    }
    Stage stage = data.spec().stages().get(index);
    return percent(stage.percent()) + " of traffic";
  }

  static String percent(double percent) {
    return Figures.number(percent) + "\u00a0%";
  }

  private static String sentence(String clause) {
    return Character.toUpperCase(clause.charAt(0)) + clause.substring(1) + ".";
  }

  private static String unended(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }
}
