package io.tidegate.analysis.alarm;

import java.io.Serializable;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;

/**
 * How to watch.
 *
 * @param zone whose wall clock the season follows
 * @param quietDays local dates that are no usual days: learned like Sundays, nothing alarms
 * @param falseAlarmEvery time in which one false alarm is accepted over all series together
 * @param owner who answers for an incident
 * @param respondWithin time in which somebody must answer
 * @param rollouts named by the incidents in whose time they ran
 */
public record AlarmSettings(
    ZoneId zone,
    Set<LocalDate> quietDays,
    Duration falseAlarmEvery,
    String owner,
    Duration respondWithin,
    List<Running> rollouts)
    implements Serializable {

  /** Refuses times that are not positive. */
  public AlarmSettings {
    if (falseAlarmEvery.compareTo(Duration.ZERO) <= 0
        || respondWithin.compareTo(Duration.ZERO) <= 0) {
      throw new IllegalArgumentException(
          "falseAlarmEvery %s and respondWithin %s must be above 0"
              .formatted(falseAlarmEvery, respondWithin));
    }
    quietDays = Set.copyOf(quietDays);
    rollouts = List.copyOf(rollouts);
  }

  /** Without rollouts. */
  public AlarmSettings(
      ZoneId zone,
      Set<LocalDate> quietDays,
      Duration falseAlarmEvery,
      String owner,
      Duration respondWithin) {
    this(zone, quietDays, falseAlarmEvery, owner, respondWithin, List.of());
  }
}
