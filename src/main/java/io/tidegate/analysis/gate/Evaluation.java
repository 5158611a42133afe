package io.tidegate.analysis.gate;

import io.tidegate.model.Estimate;
import io.tidegate.model.GateSignal;
import java.util.List;

/**
 * What the gate says at a boundary.
 *
 * @param estimates every row when the full set is due, else empty
 */
public record Evaluation(GateSignal signal, List<Estimate> estimates) {

  public Evaluation {
    estimates = List.copyOf(estimates);
  }
}
