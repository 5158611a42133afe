package io.tidegate.operator;

import io.tidegate.analysis.attribution.Point;
import io.tidegate.analysis.attribution.UnitHistory;
import io.tidegate.analysis.baseline.HistoryBatch;
import io.tidegate.analysis.baseline.HistoryEvent;
import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.SpecParser;
import io.tidegate.analysis.baseline.UnitCohorts;
import io.tidegate.model.UnitCovariate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/** Folds units, one after the other, into parts of series; their covariates beside. Batch only. */
@SuppressWarnings("NullAway.Init")
public final class FoldUnits extends SortedRuns<Long, HistoryEvent, HistoryBatch> {

  /** Numbers of units before a rollout. */
  public static final OutputTag<UnitCovariate> COVARIATES =
      new OutputTag<>("covariates", TypeInformation.of(UnitCovariate.class));

  private static final long serialVersionUID = 1L;
  private static final int MOST_CELLS = 50_000;

  private final HistoryRequest request;
  private final SpecParser parser;
  private final TreeMap<String, Double> thresholds;
  private final boolean values;
  private final int horizonSlices;
  private transient UnitCohorts cohorts;
  private transient List<Point> points;
  private transient String unitId;

  private FoldUnits(
      HistoryRequest request,
      SpecParser parser,
      Map<String, Double> thresholds,
      boolean values,
      int horizonSlices) {
    this.request = request;
    this.parser = parser;
    this.thresholds = new TreeMap<>(thresholds);
    this.values = values;
    this.horizonSlices = horizonSlices;
  }

  /**
   * Folds metrics.
   *
   * @param thresholds of quantile metrics over every unit, by metric key
   * @param horizonSlices slices of event time within which copies of an event are known
   */
  public static FoldUnits metrics(
      HistoryRequest request,
      SpecParser parser,
      Map<String, Double> thresholds,
      int horizonSlices) {
    return new FoldUnits(request, parser, thresholds, false, horizonSlices);
  }

  /** Counts the values of quantile metrics. */
  public static FoldUnits values(HistoryRequest request, SpecParser parser, int horizonSlices) {
    return new FoldUnits(request, parser, Map.of(), true, horizonSlices);
  }

  @Override
  public void open() throws Exception {
    super.open();
    cohorts = new UnitCohorts(HistoryPlan.of(request, parser, thresholds));
    points = new ArrayList<>();
  }

  @Override
  Long key(HistoryEvent event) {
    return event.point().unitKey;
  }

  @Override
  void take(HistoryEvent event) {
    unitId = event.unitId();
    points.add(event.point().copy());
  }

  @Override
  void finish(Long unitKey) {
    List<Point> once = UnitHistory.of(points, horizonSlices).points();
    points = new ArrayList<>();
    if (values) {
      cohorts.addValues(once);
    } else {
      cohorts.add(once);
      cohorts.covariates(
          unitId, once, covariate -> output.collect(COVARIATES, new StreamRecord<>(covariate)));
    }
    if (cohorts.size() >= MOST_CELLS) {
      finishAll();
    }
  }

  @Override
  void finishAll() {
    cohorts.books().forEach((key, book) -> emit(HistoryBatch.of(key, book)));
    cohorts.clear();
  }
}
