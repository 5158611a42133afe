package io.tidegate.model;

/** An estimate, the signal it stands behind, and where it was in Kafka. */
public record SignalledEstimate(Origin origin, String signalId, Estimate estimate) {}
