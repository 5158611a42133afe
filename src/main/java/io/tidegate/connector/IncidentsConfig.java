package io.tidegate.connector;

import java.io.Serializable;
import java.time.Duration;

/**
 * How incidents are looked for.
 *
 * @param falseAlarmEvery time in which one false alarm is accepted over all series together
 * @param owner who answers for an incident; empty where nobody is named
 * @param respondWithin time in which somebody must answer
 */
public record IncidentsConfig(Duration falseAlarmEvery, String owner, Duration respondWithin)
    implements Serializable {}
