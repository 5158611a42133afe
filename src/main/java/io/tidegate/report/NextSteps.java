package io.tidegate.report;

import io.tidegate.model.GateSignal;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What is to be done next, by whom and until when. */
final class NextSteps {

  private final ReportData data;

  NextSteps(ReportData data) {
    this.data = data;
  }

  List<String> sentences() {
    List<String> steps = new ArrayList<>();
    GateSignal last = data.lastSignal();
    RolloutEvent end = data.ending();
    if (end != null) {
      if (end.kind() == RolloutEvent.Kind.ROLLED_BACK && last != null) {
        steps.add("To restore: " + good(last) + ".");
      }
      steps.add("The rollout has ended; retention and revenue of its cohorts go on maturing.");
    } else if (last == null) {
      steps.add("The first verdict follows once a stage is entered and events arrive.");
    } else {
      verdict(steps, last);
    }
    for (RolloutEvent event : data.events()) {
      for (RolloutEvent.ActionItem item : event.actionItems()) {
        steps.add(
            item.text()
                + (item.owner().isEmpty() ? "" : " — " + item.owner())
                + (item.due().isEmpty() ? "" : ", due " + item.due())
                + ".");
      }
    }
    return steps;
  }

  private static void verdict(List<String> steps, GateSignal last) {
    String who = last.owner() + (last.contact().isEmpty() ? "" : " (" + last.contact() + ")");
    switch (last.verdict()) {
      case ROLLBACK -> {
        steps.add(who + " takes the change back" + restore(last) + ".");
        steps.add("Entering again is a new attempt; units already treated are left out of it.");
      }
      case ADVANCE ->
          steps.add(
              who
                  + (last.nextPercent() == null
                      ? " completes the rollout."
                      : " raises the share to " + Headlines.percent(last.nextPercent()) + "."));
      case HOLD -> last.missing().forEach(m -> steps.add("Still missing: " + m));
      case REVIEW ->
          last.reasons()
              .forEach(
                  r ->
                      steps.add(
                          r.approvable()
                              ? who + " looks: " + r.sentence() + " (approved as " + r.code() + ")"
                              : "No approval moves this: " + r.sentence()));
    }
    Long by = last.respondByMs();
    if (by != null) {
      steps.add("An answer is due by " + Figures.time(by) + ".");
    }
    if (last.verdict() != Verdict.ROLLBACK && last.nextLookMs() > 0) {
      steps.add("The next verdict is to be looked for at " + Figures.time(last.nextLookMs()) + ".");
    }
  }

  private static String restore(GateSignal last) {
    return last.restoreStage().isEmpty() ? "" : " to " + good(last);
  }

  /** The last good stage with what was deployed then. */
  private static String good(GateSignal last) {
    if (last.restoreStage().isEmpty()) {
      return "the product without the change";
    }
    StringBuilder good = new StringBuilder("stage " + last.restoreStage());
    RolloutEvent.Environment environment = last.restore();
    if (environment != null) {
      if (!environment.deploymentVersion().isEmpty()) {
        good.append(", deployment ").append(environment.deploymentVersion());
      }
      new TreeMap<>(environment.flags())
          .forEach(
              (flag, value) -> good.append(", flag ").append(flag).append(" = ").append(value));
    }
    return good.toString();
  }
}
