package io.tidegate.model;

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
