package io.tidegate.cli.bench;

/**
 * A world to be measured.
 *
 * @param name part of the figures' names
 * @param events records of exposures and outcomes, about
 * @param units units they are of; at most a fifth of the events
 * @param rollouts rollouts running at once; a unit is in one of them
 * @param hotShare share of the units that are in the first rollout; 0 for an equal share
 * @param malformedShare share of further records that are no JSON
 */
record Scenario(
    String name, int events, int units, int rollouts, double hotShare, double malformedShare) {

  static final int EVENTS_A_SESSION = 5;

  Scenario {
    if (units < 1 || (long) units * EVENTS_A_SESSION > events) {
      throw new IllegalArgumentException(
          units + " units, more than a fifth of " + events + " events");
    }
  }

  int sessions() {
    return events / EVENTS_A_SESSION;
  }

  Scenario withUnits(String newName, int number) {
    return new Scenario(newName, events, number, rollouts, hotShare, malformedShare);
  }

  Scenario withRollouts(String newName, int number, double hot) {
    return new Scenario(newName, events, units, number, hot, malformedShare);
  }

  Scenario withMalformed(String newName, double share) {
    return new Scenario(newName, events, units, rollouts, hotShare, share);
  }
}
