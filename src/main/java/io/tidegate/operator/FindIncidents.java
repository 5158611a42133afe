package io.tidegate.operator;

import io.tidegate.analysis.alarm.AlarmSettings;
import io.tidegate.analysis.alarm.IncidentFinder;
import io.tidegate.analysis.alarm.SeriesHours;
import io.tidegate.analysis.alarm.ToldIncidents;
import io.tidegate.model.Incident;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Takes every series and says what is to be told of the incidents they show. Batch, one task. */
@SuppressWarnings("NullAway.Init")
public final class FindIncidents extends AbstractStreamOperator<Incident>
    implements OneInputStreamOperator<SeriesHours, Incident>, BoundedOneInput {

  private static final long serialVersionUID = 1L;

  private final long startMs;
  private final long endMs;
  private final AlarmSettings settings;
  private final ToldIncidents told;
  private transient List<SeriesHours> all;

  /** What is to be told of the hours of [startMs, endMs). */
  public FindIncidents(long startMs, long endMs, AlarmSettings settings, ToldIncidents told) {
    this.startMs = startMs;
    this.endMs = endMs;
    this.settings = settings;
    this.told = told;
  }

  @Override
  public void open() throws Exception {
    super.open();
    all = new ArrayList<>();
  }

  @Override
  public void processElement(StreamRecord<SeriesHours> element) {
    SeriesHours from = element.getValue();
    SeriesHours kept = new SeriesHours();
    kept.outcome = from.outcome;
    kept.dimension = from.dimension;
    kept.segment = from.segment;
    kept.counts = from.counts;
    kept.valued = from.valued;
    kept.sums = from.sums;
    all.add(kept);
  }

  @Override
  public void endInput() {
    all.sort(
        Comparator.comparing((SeriesHours each) -> each.outcome)
            .thenComparing(each -> each.dimension)
            .thenComparing(each -> each.segment));
    told.news(IncidentFinder.find(all, startMs, settings), startMs, endMs, settings.respondWithin())
        .forEach(state -> output.collect(new StreamRecord<>(state)));
  }
}
