package io.tidegate.operator;

import io.tidegate.analysis.baseline.BaselineSeries;
import io.tidegate.analysis.baseline.HistoryBatch;
import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.HourBook;
import io.tidegate.analysis.baseline.SpecParser;
import io.tidegate.model.BaselineRow;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Puts the parts of each series together, fits it, and hands out the days that were folded, to be
 * kept. Batch only.
 */
@SuppressWarnings("NullAway.Init")
public final class FitBaselines extends SortedRuns<String, HistoryBatch, BaselineRow> {

  /** Days of series, from the first that was folded on. */
  public static final OutputTag<HistoryBatch> DAYS =
      new OutputTag<>("days", TypeInformation.of(HistoryBatch.class));

  private static final long serialVersionUID = 1L;
  private static final long DAY_MS = Duration.ofDays(1).toMillis();

  private final HistoryRequest request;
  private final SpecParser parser;
  private final TreeMap<String, byte[]> values;
  private transient HistoryPlan plan;
  private transient BaselineSeries series;
  private transient HourBook book;
  private transient HourBook earlier;
  private transient TreeMap<Long, HistoryBatch> kept;

  /**
   * @param values books of quantile metrics' values, by metric key
   */
  public FitBaselines(HistoryRequest request, SpecParser parser, Map<String, byte[]> values) {
    this.request = request;
    this.parser = parser;
    this.values = new TreeMap<>(values);
  }

  @Override
  public void open() throws Exception {
    super.open();
    plan = HistoryPlan.of(request, parser, Map.of());
    series = BaselineSeries.of(plan);
    book = new HourBook();
    earlier = new HourBook();
    kept = new TreeMap<>();
  }

  @Override
  String key(HistoryBatch batch) {
    return batch.key;
  }

  @Override
  void take(HistoryBatch batch) {
    if (!plan.wants(batch.key)) {
      return;
    }
    if (batch.earlier) {
      earlier.add(HourBook.read(batch.book));
    } else if (!batch.isKept()) {
      book.add(HourBook.read(batch.book));
    } else if (batch.dayMs < request.firstDayMs(batch.key)) {
      // The stream's object is used again.
      HistoryBatch day =
          HistoryBatch.ofDay(batch.key, batch.dayMs, batch.revision, batch.book.clone());
      kept.merge(day.dayMs, day, (a, b) -> a.revision > b.revision ? a : b);
    }
  }

  @Override
  void finish(String key) {
    if (!plan.wants(key)) {
      return;
    }
    byte[] found = values.get(key);
    if (found != null) {
      book.add(HourBook.read(found));
    }
    for (long dayMs = request.firstDayMs(key); dayMs < request.endMs(); dayMs += DAY_MS) {
      byte[] day = book.ofDay(dayMs, request).write();
      output.collect(DAYS, new StreamRecord<>(HistoryBatch.ofDay(key, dayMs, 0, day)));
    }
    kept.forEach((dayMs, day) -> book.addDay(HourBook.read(day.book), dayMs, request));
    series.rows(key, book, earlier, this::emit);
    book = new HourBook();
    earlier = new HourBook();
    kept.clear();
  }
}
