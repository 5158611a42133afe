package io.tidegate.connector;

import java.io.Serializable;
import java.time.Duration;

/**
 * How incidents are looked for.
 *
 * @param falseAlarmEvery time in which one false alarm is accepted over all series together
 * @param owner who answers for an incident; empty where nobody is named
 * @param respondWithin time in which somebody must answer
 * @param settle how long after its end an hour is judged, on the wall's clock
 */
public record IncidentsConfig(
    Duration falseAlarmEvery, String owner, Duration respondWithin, Duration settle)
    implements Serializable {}
