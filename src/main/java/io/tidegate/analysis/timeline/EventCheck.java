package io.tidegate.analysis.timeline;

import io.tidegate.model.Nearest;
import io.tidegate.model.Problem;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the gate would refuse about a rollout event, said before it is written. DEFINED and TICK are
 * not judged here.
 */
public final class EventCheck {

  private EventCheck() {}

  /**
   * Everything wrong with an event that would follow a timeline; empty where it fits.
   *
   * @param source where the event came from, named in the problems
   */
  public static List<Problem> problems(String source, RolloutEvent event, Timeline timeline) {
    List<Problem> problems = new ArrayList<>();
    Attempt running = running(timeline);
    Definition newest = timeline.definition();
    Definition definition = running == null ? newest : running.definition();
    if (definition == null) {
      problems.add(
          new Problem(
              source,
              "rollout_id",
              event.rolloutId(),
              "a defined rollout; tidegate rollout define SPEC defines one"));
      return problems;
    }
    stage(source, event, definition.spec(), running, problems);
    attempt(source, event, timeline, problems);
    switch (event.kind()) {
      case PAUSED, RESUMED, ROLLED_BACK, COMPLETED, DECISION -> {
        if (running == null) {
          problems.add(
              new Problem(
                  source, "kind", event.kind().name(), "a rollout of which a stage was entered"));
        }
      }
      case DEFINED, STAGE_ENTERED, NOTE, TICK -> {}
    }
    signOff(source, event, definition.spec(), problems);
    return problems;
  }

  /**
   * Stages that a STAGE_ENTERED would go past without their ever having been in force in its
   * attempt, in the spec's order. The gate follows it all the same: it observes what the flag does.
   */
  public static List<Stage> skipped(RolloutEvent event, Timeline timeline) {
    Attempt running = running(timeline);
    Definition definition = running == null ? timeline.definition() : running.definition();
    if (definition == null || event.kind() != RolloutEvent.Kind.STAGE_ENTERED) {
      return List.of();
    }
    int next = definition.spec().stageIndex(event.stage());
    int current = running == null ? -1 : running.epochs().get(running.epochs().size() - 1).index();
    return next <= current + 1 ? List.of() : definition.spec().stages().subList(current + 1, next);
  }

  /** What is said of skipped stages; empty where there are none. */
  public static String warning(List<Stage> skipped, String entered) {
    return skipped.isEmpty()
        ? ""
        : "stage "
            + skipped.stream().map(Stage::name).collect(Collectors.joining(", "))
            + " is skipped: the gate judges "
            + entered
            + " now and never says whether what was to be shown before it was";
  }

  private static void stage(
      String source,
      RolloutEvent event,
      RolloutSpec spec,
      @Nullable Attempt running,
      List<Problem> problems) {
    String name = event.stage();
    if (name.isEmpty()) {
      return;
    }
    int index = spec.stageIndex(name);
    if (index < 0) {
      List<String> stages = spec.stages().stream().map(Stage::name).toList();
      String expected = "one of the stages " + String.join(", ", stages);
      problems.add(new Problem(source, "stage", name, Nearest.suggest(expected, name, stages)));
    } else if (event.kind() == RolloutEvent.Kind.STAGE_ENTERED && running != null) {
      Stage current = running.epochs().get(running.epochs().size() - 1).stage();
      if (spec.stages().get(index).percent() <= current.percent()) {
        problems.add(
            new Problem(
                source,
                "stage",
                name,
                "a stage above "
                    + current.name()
                    + ", which is in force; going down is a rollback and a new attempt"));
      }
    }
  }

  private static void attempt(
      String source, RolloutEvent event, Timeline timeline, List<Problem> problems) {
    int attempts = timeline.attempts().size();
    boolean begins = event.kind() == RolloutEvent.Kind.STAGE_ENTERED && running(timeline) == null;
    int current = begins ? attempts + 1 : attempts;
    if (event.attempt() > 0 && event.attempt() != current) {
      problems.add(
          new Problem(
              source,
              "attempt",
              Integer.toString(event.attempt()),
              "the current attempt, " + current));
    }
  }

  private static void signOff(
      String source, RolloutEvent event, RolloutSpec spec, List<Problem> problems) {
    RolloutEvent.Decided decision = event.decision();
    if (decision == null || decision.signOff().isEmpty()) {
      return;
    }
    List<String> known = spec.signOffs().stream().map(RolloutSpec.SignOff::name).toList();
    if (!known.contains(decision.signOff())) {
      String expected =
          known.isEmpty()
              ? "no sign-off, for the spec asks for none"
              : "one of the sign-offs " + String.join(", ", known);
      problems.add(
          new Problem(
              source,
              "decision.sign_off",
              decision.signOff(),
              Nearest.suggest(expected, decision.signOff(), known)));
    }
  }

  private static @Nullable Attempt running(Timeline timeline) {
    List<Attempt> attempts = timeline.attempts();
    if (attempts.isEmpty()) {
      return null;
    }
    Attempt last = attempts.get(attempts.size() - 1);
    return last.endMs() == Long.MAX_VALUE ? last : null;
  }
}
