package io.tidegate.simulate;

import io.tidegate.model.DeadLetterReason;
import io.tidegate.model.Exposure;
import io.tidegate.model.Outcome;

/** A record as it reaches the stream; in arrival order. */
public sealed interface Arrival {

  /** When it arrives, epoch milliseconds: the timestamp of its record. */
  long arrivalMs();

  /** Raw id of the unit: the key of its record. */
  String unitId();

  /** An exposure. */
  record Exposed(long arrivalMs, Exposure event) implements Arrival {
    @Override
    public String unitId() {
      return event.unitId();
    }
  }

  /** An outcome. */
  record Happened(long arrivalMs, Outcome event) implements Arrival {
    @Override
    public String unitId() {
      return event.unitId();
    }
  }

  /**
   * A record that cannot be used.
   *
   * @param exposure whether it is sent to the exposures, else to the outcomes
   * @param payload what is sent
   * @param reason why it cannot be used
   */
  record Broken(
      long arrivalMs, String unitId, boolean exposure, String payload, DeadLetterReason reason)
      implements Arrival {}
}
