package io.tidegate.job;

import io.tidegate.analysis.timeline.Definition;
import io.tidegate.analysis.timeline.DefinitionReader;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutSpec;
import io.tidegate.spec.ResolvedJson;
import io.tidegate.spec.RolloutSpecs;

/** Reads the JSON that DEFINED events carry. */
public enum Definitions implements DefinitionReader {
  READER;

  @Override
  public Definition read(RolloutEvent defined) {
    String source = "DEFINED event " + defined.eventId();
    RolloutSpec spec = RolloutSpecs.fromJson(source, defined.spec());
    Resolved resolved =
        defined.resolved().isEmpty()
            ? Resolved.NONE
            : ResolvedJson.read(source, defined.resolved());
    return new Definition(spec, resolved, RolloutSpecs.frozenHash(spec));
  }
}
