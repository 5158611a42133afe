package io.tidegate.cli.rehearse;

import io.tidegate.model.GateSignal;
import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import io.tidegate.simulate.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Something that goes wrong and what the gate is to say of it.
 *
 * @param planted what goes wrong, for a person
 * @param after how long after the stage's entry it begins
 * @param limit how long after the stage's entry the gate must have said it
 * @param verdicts one of them is to be given
 * @param codes one of these reasons is to be given; empty: any
 * @param mentions what a sentence with such a code must name; empty: anything
 * @param unfit why the spec cannot be drilled in it; empty where it can
 */
record Drill(
    String name,
    String planted,
    List<Trouble> troubles,
    Duration after,
    Duration limit,
    Set<Verdict> verdicts,
    Set<String> codes,
    String mentions,
    String unfit) {

  static Drill unfit(String name, String planted, String why) {
    return new Drill(
        name, planted, List.of(), Duration.ZERO, Duration.ZERO, Set.of(), Set.of(), "", why);
  }

  /** Whether nothing goes wrong, so that no alarm is to be given until the limit. */
  boolean quiet() {
    return troubles.isEmpty();
  }

  /** The first reason that says what is to be said, or null. */
  @org.jspecify.annotations.Nullable Reason said(GateSignal signal) {
    if (!verdicts.contains(signal.verdict())) {
      return null;
    }
    return signal.reasons().stream()
        .filter(r -> codes.isEmpty() || codes.contains(r.code()))
        .filter(r -> r.sentence().contains(mentions))
        .findFirst()
        .orElse(null);
  }
}
