package io.tidegate.analysis.baseline;

import io.tidegate.analysis.attribution.Point;

/** An event of history with its unit's pseudonym, which rows about units must name. */
public record HistoryEvent(String unitId, Point point) {}
