package io.tidegate.pipeline;

import io.tidegate.analysis.attribution.Points;
import io.tidegate.analysis.baseline.HistoryBatch;
import io.tidegate.analysis.baseline.HistoryEvent;
import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.HourBook;
import io.tidegate.analysis.baseline.SpecParser;
import io.tidegate.analysis.baseline.Thresholds;
import io.tidegate.model.BaselineRow;
import io.tidegate.model.HourlyCount;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.model.UnitCovariate;
import io.tidegate.operator.DataTypeInfo;
import io.tidegate.operator.FitBaselines;
import io.tidegate.operator.FoldUnits;
import io.tidegate.operator.ReduceHistory;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.util.Collector;

/** The baseline: archived events in, what to expect of them out. Batch only. */
public final class BaselinePipeline {

  private static final String NAME = "baseline";
  private static final TypeInformation<HistoryBatch> BATCH = TypeInformation.of(HistoryBatch.class);

  /**
   * What history says.
   *
   * @param baselines rows of metrics and of outcomes' volumes
   * @param covariates units' numbers before their rollouts
   * @param days days of the series, to be kept for later runs
   */
  public record Streams(
      DataStream<BaselineRow> baselines,
      DataStream<UnitCovariate> covariates,
      DataStream<HistoryBatch> days) {}

  private BaselinePipeline() {}

  /** The events that a request reads. */
  public static DataStream<HistoryEvent> events(
      DataStream<ReceivedExposure> exposures,
      DataStream<ReceivedOutcome> outcomes,
      HistoryRequest request,
      SpecParser parser) {
    DataStream<HistoryEvent> entries =
        exposures
            .flatMap(
                new ReduceHistory<ReceivedExposure>(
                    request,
                    parser,
                    e -> new HistoryEvent(e.usable().unitId(), Points.of(e.usable()))),
                DataTypeInfo.HISTORY_EVENT)
            .name("baseline/exposure-events")
            .uid("baseline/exposure-events");
    return outcomes
        .flatMap(
            new ReduceHistory<ReceivedOutcome>(
                request, parser, o -> new HistoryEvent(o.usable().unitId(), Points.of(o.usable()))),
            DataTypeInfo.HISTORY_EVENT)
        .name("baseline/outcome-events")
        .uid("baseline/outcome-events")
        .union(entries);
  }

  /** The values of quantile metrics, in parts to be added up. */
  public static DataStream<HistoryBatch> values(
      DataStream<HistoryEvent> events, HistoryRequest request, SpecParser parser) {
    BatchMode.check(NAME, events);
    return fold(
        events,
        FoldUnits.values(request, parser, GatePipeline.DEFAULT_HORIZON_SLICES),
        "baseline/values");
  }

  /**
   * Fits every series.
   *
   * @param kept days that earlier runs kept
   * @param values quantile metrics' values, the parts of {@link #values} and what was kept added up
   *     by metric key
   */
  public static Streams build(
      DataStream<HistoryEvent> events,
      DataStream<HourlyCount> hours,
      DataStream<HistoryBatch> kept,
      Map<String, HourBook> values,
      HistoryRequest request,
      SpecParser parser) {
    BatchMode.check(NAME, events);
    Map<String, Double> thresholds = new TreeMap<>();
    Map<String, byte[]> books = new TreeMap<>();
    HistoryPlan plan = HistoryPlan.of(request, parser, Map.of());
    values.forEach(
        (key, book) -> {
          Thresholds.put(plan, key, book, thresholds);
          books.put(key, book.write());
        });
    SingleOutputStreamOperator<HistoryBatch> units =
        fold(
            events,
            FoldUnits.metrics(request, parser, thresholds, GatePipeline.DEFAULT_HORIZON_SLICES),
            "baseline/units");
    DataStream<HistoryBatch> volumes =
        hours
            .flatMap(
                (HourlyCount count, Collector<HistoryBatch> to) -> {
                  String key = BaselineRow.volumeKey(count.outcomeName());
                  if (request.covers(count.hourStartMs())
                      && count.hourStartMs() >= request.foldFromMs(key)) {
                    to.collect(HistoryBatch.of(key, HourBook.of(count, request)));
                  } else if (request.coversEarlier(count.hourStartMs())) {
                    to.collect(HistoryBatch.ofEarlier(key, HourBook.of(count, request)));
                  }
                },
                BATCH)
            .name("baseline/volumes")
            .uid("baseline/volumes");
    SingleOutputStreamOperator<BaselineRow> rows =
        units
            .union(volumes, kept)
            .keyBy(batch -> batch.key, Types.STRING)
            .transform(
                "baseline/fit",
                TypeInformation.of(BaselineRow.class),
                new FitBaselines(request, parser, books))
            .name("baseline/fit")
            .uid("baseline/fit");
    return new Streams(
        rows, units.getSideOutput(FoldUnits.COVARIATES), rows.getSideOutput(FitBaselines.DAYS));
  }

  private static SingleOutputStreamOperator<HistoryBatch> fold(
      DataStream<HistoryEvent> events, FoldUnits operator, String uid) {
    return events
        .keyBy(event -> event.point().unitKey, Types.LONG)
        .transform(uid, BATCH, operator)
        .name(uid)
        .uid(uid);
  }
}
