package io.tidegate.cli.demo;

import io.tidegate.connector.OffsetAudit;
import io.tidegate.model.GateSignal;
import io.tidegate.model.RolloutEvent;
import io.tidegate.simulate.Truth;
import java.util.List;
import java.util.Map;

/**
 * What came out of a demo.
 *
 * @param stages the stages as the last verdicts show them
 * @param signals the gate's signals that the tooling read, in order
 * @param acts what the tooling did about them, in order
 * @param counts what became of the gate's events, by the names of {@code EventTally}
 * @param audit where every offset of the archive's topics is
 */
public record DemoResult(
    List<StageLine> stages,
    List<GateSignal> signals,
    List<RolloutEvent> acts,
    Map<String, Long> counts,
    List<OffsetAudit.Partition> audit,
    Truth truth) {

  public DemoResult {
    stages = List.copyOf(stages);
    signals = List.copyOf(signals);
    acts = List.copyOf(acts);
    counts = Map.copyOf(counts);
    audit = List.copyOf(audit);
  }
}
