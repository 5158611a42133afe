package io.tidegate.pipeline;

import io.tidegate.analysis.alarm.AlarmSettings;
import io.tidegate.analysis.alarm.SeriesHours;
import io.tidegate.analysis.alarm.ToldIncidents;
import io.tidegate.model.HourlyCount;
import io.tidegate.model.Incident;
import io.tidegate.operator.FindIncidents;
import io.tidegate.operator.GatherHours;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Hourly counts in, states of incidents to be told out. Batch only. */
public final class IncidentPipeline {

  private static final String NAME = "incidents";
  private static final String GATHER = "incidents/gather-hours";
  private static final String FIND = "incidents/find";

  private IncidentPipeline() {}

  /**
   * What is new of the incidents in [startMs, endMs).
   *
   * @param startMs start of an hour
   * @param endMs start of an hour
   * @param told states that were told
   */
  public static DataStream<Incident> build(
      DataStream<HourlyCount> hours,
      long startMs,
      long endMs,
      AlarmSettings settings,
      ToldIncidents told) {
    BatchMode.check(NAME, hours);
    return hours
        .keyBy(GatherHours::keyOf, Types.STRING)
        .transform(GATHER, TypeInformation.of(SeriesHours.class), new GatherHours(startMs, endMs))
        .uid(GATHER)
        .transform(
            FIND,
            TypeInformation.of(Incident.class),
            new FindIncidents(startMs, endMs, settings, told))
        .uid(FIND)
        .forceNonParallel();
  }
}
