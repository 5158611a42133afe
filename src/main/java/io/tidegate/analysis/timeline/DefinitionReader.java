package io.tidegate.analysis.timeline;

import io.tidegate.model.RolloutEvent;
import java.io.Serializable;

/**
 * Reads what a DEFINED event carries; throws {@link io.tidegate.model.UserError} where it cannot be
 * used.
 */
@FunctionalInterface
public interface DefinitionReader extends Serializable {

  Definition read(RolloutEvent defined);
}
