package io.tidegate.connector;

import java.io.Serializable;
import java.util.List;

/** Names of the topics. */
public record Topics(
    String exposures,
    String outcomes,
    String rollouts,
    String gateSignals,
    String gateVerdicts,
    String gateEvidence,
    String incidents,
    String lateEvents,
    String deadLetters)
    implements Serializable {

  public static final Topics DEFAULT =
      new Topics(
          "exposures",
          "outcomes",
          "rollouts",
          "gate-signals",
          "gate-verdicts",
          "gate-evidence",
          "incidents",
          "late-events",
          "dead-letters");

  public List<String> all() {
    return List.of(
        exposures,
        outcomes,
        rollouts,
        gateSignals,
        gateVerdicts,
        gateEvidence,
        incidents,
        lateEvents,
        deadLetters);
  }
}
