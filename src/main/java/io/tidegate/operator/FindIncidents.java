package io.tidegate.operator;

import io.tidegate.analysis.alarm.AlarmSettings;
import io.tidegate.analysis.alarm.IncidentFinder;
import io.tidegate.analysis.alarm.SeriesHours;
import io.tidegate.model.Incident;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Takes every series and says which incidents they show. Batch only, one task. */
@SuppressWarnings("NullAway.Init")
public final class FindIncidents extends AbstractStreamOperator<Incident>
    implements OneInputStreamOperator<SeriesHours, Incident>, BoundedOneInput {

  private static final long serialVersionUID = 1L;

  private final long startMs;
  private final AlarmSettings settings;
  private transient List<SeriesHours> all;

  public FindIncidents(long startMs, AlarmSettings settings) {
    this.startMs = startMs;
    this.settings = settings;
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
    IncidentFinder.find(all, startMs, settings)
        .forEach(state -> output.collect(new StreamRecord<>(state)));
  }
}
