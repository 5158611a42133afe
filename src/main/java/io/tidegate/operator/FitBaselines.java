package io.tidegate.operator;

import io.tidegate.analysis.baseline.BaselineSeries;
import io.tidegate.analysis.baseline.HistoryBatch;
import io.tidegate.analysis.baseline.HistoryPlan;
import io.tidegate.analysis.baseline.HistoryRequest;
import io.tidegate.analysis.baseline.HourBook;
import io.tidegate.analysis.baseline.SpecParser;
import io.tidegate.model.BaselineRow;
import java.util.Map;
import java.util.TreeMap;

/** Puts the parts of each series together and fits it. Batch only. */
@SuppressWarnings("NullAway.Init")
public final class FitBaselines extends SortedRuns<String, HistoryBatch, BaselineRow> {

  private static final long serialVersionUID = 1L;

  private final HistoryRequest request;
  private final SpecParser parser;
  private final TreeMap<String, byte[]> values;
  private transient BaselineSeries series;
  private transient HourBook book;

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
    series = BaselineSeries.of(HistoryPlan.of(request, parser, Map.of()));
    book = new HourBook();
  }

  @Override
  String key(HistoryBatch batch) {
    return batch.key;
  }

  @Override
  void take(HistoryBatch batch) {
    book.add(HourBook.read(batch.book));
  }

  @Override
  void finish(String key) {
    byte[] found = values.get(key);
    if (found != null) {
      book.add(HourBook.read(found));
    }
    series.rows(key, book, this::emit);
    book = new HourBook();
  }
}
