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
 * @param eventsASecond records a second of event time
 * @param kind what the units do
 */
record Scenario(
    String name,
    int events,
    int units,
    int rollouts,
    double hotShare,
    double malformedShare,
    int eventsASecond,
    Kind kind) {

  static final int EVENTS_A_SESSION = 5;

  /** Of event time: a middling site, caught up with after an outage. */
  static final int USUAL_RATE = 1_000;

  /** What the units do. */
  enum Kind {
    /** All that the metrics ask for; every metric is known by segment and rivals are held to it. */
    WHOLE,
    /** The same, but only totals are known. */
    TOTALS,
    /** No unit views a cart and one in sixteen buys, so that the others touch five metrics. */
    FIVE_METRICS
  }

  Scenario {
    if (units < 1 || (long) units * EVENTS_A_SESSION > events) {
      throw new IllegalArgumentException(
          units + " units, more than a fifth of " + events + " events");
    }
  }

  /** One rollout at the usual rate. */
  static Scenario of(String name, int events, int units, Kind kind) {
    return new Scenario(name, events, units, 1, 0, 0, USUAL_RATE, kind);
  }

  boolean isWhole() {
    return kind == Kind.WHOLE;
  }

  int sessions() {
    return events / EVENTS_A_SESSION;
  }

  Scenario withRollouts(String newName, int number, double hot) {
    return new Scenario(
        newName, events, units, number, hot, malformedShare, eventsASecond, Kind.TOTALS);
  }

  Scenario withMalformed(String newName, double share) {
    return new Scenario(
        newName, events, units, rollouts, hotShare, share, eventsASecond, Kind.TOTALS);
  }

  /** More records a second of event time: fewer looks. */
  Scenario withRate(String newName, int rate) {
    return new Scenario(
        newName, events, units, rollouts, hotShare, malformedShare, rate, Kind.TOTALS);
  }
}
