package io.tidegate.analysis.judge;

import io.tidegate.analysis.judge.TimedRow.Series;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * The second reading: hands over each period of a series once it is complete, in time order, late
 * rows included. The last row of a variant in a period counts. Holds one period a series.
 */
public final class PeriodFeed<R extends TimedRow> {

  /** Takes a complete period. */
  public interface Sink<R> {
    /** The rows of one period by variant, in order of appearance. */
    void period(Series series, RowTime time, Map<String, R> rows);
  }

  private final LateRows<R> late;
  private final Sink<R> sink;
  private final Map<Series, Open<R>> open = new LinkedHashMap<>();

  /** A feed of an input whose first reading filled {@code late}. */
  public PeriodFeed(LateRows<R> late, Sink<R> sink) {
    this.late = late;
    this.sink = sink;
  }

  /** The next row of the second reading. */
  public void accept(R row) {
    Open<R> current = open.computeIfAbsent(row.series(), s -> new Open<>(row.time(), late.take(s)));
    int order = row.time().compareTo(current.time);
    if (order > 0) {
      close(row.series(), current);
      current.time = row.time();
    }
    if (order >= 0) {
      current.rows.remove(row.variant());
      current.rows.put(row.variant(), row);
    }
  }

  /** Hands over what is still open. */
  public void finish() {
    open.forEach(this::close);
    open.clear();
  }

  private void close(Series series, Open<R> current) {
    while (!current.late.isEmpty() && current.late.firstKey().compareTo(current.time) < 0) {
      Map<String, R> rows = new LinkedHashMap<>();
      Map.Entry<RowTime, List<R>> first = current.late.firstEntry();
      first.getValue().forEach(r -> rows.put(r.variant(), r));
      current.late.remove(first.getKey());
      sink.period(series, first.getKey(), rows);
    }
    List<R> same = current.late.remove(current.time);
    if (same != null) {
      same.forEach(r -> current.rows.put(r.variant(), r));
    }
    sink.period(series, current.time, current.rows);
    current.rows = new LinkedHashMap<>();
  }

  private static final class Open<R> {
    private final NavigableMap<RowTime, List<R>> late;
    private RowTime time;
    private Map<String, R> rows = new LinkedHashMap<>();

    Open(RowTime time, NavigableMap<RowTime, List<R>> late) {
      this.time = time;
      this.late = late;
    }
  }
}
