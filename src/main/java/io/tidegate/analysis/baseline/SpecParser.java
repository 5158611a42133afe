package io.tidegate.analysis.baseline;

import io.tidegate.model.RolloutSpec;
import java.io.Serializable;

/** Reads a spec from its canonical JSON. */
@FunctionalInterface
public interface SpecParser extends Serializable {

  RolloutSpec read(String json);
}
