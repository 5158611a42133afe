package io.tidegate.job;

import io.tidegate.model.Nearest;
import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Holds rollouts that a user names against those that there are. */
final class WantedRollouts {

  private WantedRollouts() {}

  /** Throws a UserError that names every rollout that there is not. */
  static void check(Set<String> wanted, Set<String> known, String what) {
    List<Problem> problems = new ArrayList<>();
    String expected =
        what + ": " + (known.isEmpty() ? "there is none yet" : String.join(", ", known));
    for (String id : new TreeSet<>(wanted)) {
      if (!known.contains(id)) {
        problems.add(new Problem("", "rollout", id, Nearest.suggest(expected, id, known)));
      }
    }
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
  }
}
