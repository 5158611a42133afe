package io.tidegate.analysis.timeline;

import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutSpec;

/**
 * A spec with its frozen quantities.
 *
 * @param specHash SHA-256 of the spec's canonical form
 */
public record Definition(RolloutSpec spec, Resolved resolved, String specHash) {}
