package io.tidegate.model;

import java.util.Locale;

/** What ends the following of a cohort, for both variants at the same instant. */
public enum Censoring {
  /** A {@code ramped} rollout entered its next stage. */
  NEXT_STAGE,
  /** A {@code matched} rollout entered a stage that gives the change to control. */
  NO_CONTROL,
  ROLLED_BACK,
  COMPLETED,
  /** The holdout's declared end. */
  HOLDOUT_END,
  /** The last TICK: nothing is known beyond it. */
  DATA_END;

  /** As written in tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
