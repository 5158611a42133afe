package io.tidegate.operator;

import io.tidegate.analysis.attribution.UnitState;
import java.util.function.Consumer;

/** States of an operator's units, in the state backend. */
interface UnitStore {

  /** Gives each event of a group the state of its unit, a new one where there was none. */
  void find(UnitGroup group) throws Exception;

  /** Takes the states of a group back, changed. */
  void keep(UnitGroup group) throws Exception;

  /**
   * Changes each unit's state and lets go of those that are then empty.
   *
   * @return how many there were
   */
  long visit(Consumer<UnitState> change) throws Exception;

  /** A checkpoint begins, of the states as they are. */
  default void checkpointBegins(long checkpointId) {}

  /** A checkpoint was completed or given up. */
  default void checkpointEnds(long checkpointId) {}
}
