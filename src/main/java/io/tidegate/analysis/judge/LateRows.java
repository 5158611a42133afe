package io.tidegate.analysis.judge;

import io.tidegate.analysis.judge.TimedRow.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an input that come after a later time of their series: found in a first reading, so
 * that a second one can put them where they belong. Memory grows with their number alone.
 */
public final class LateRows<R extends TimedRow> {

  private final Map<Series, RowTime> newest = new HashMap<>();
  private final Map<Series, NavigableMap<RowTime, List<R>>> late = new HashMap<>();
  private final int limit;
  private int count;

  /** Keeps at most {@code limit} rows. */
  public LateRows(int limit) {
    this.limit = limit;
  }

  /** Looks at the next row of the first reading; false where it is late and there is no room. */
  public boolean look(R row) {
    RowTime last = newest.get(row.series());
    if (last == null || row.time().compareTo(last) >= 0) {
      newest.put(row.series(), row.time());
      return true;
    }
    if (count >= limit) {
      return false;
    }
    count++;
    late.computeIfAbsent(row.series(), s -> new TreeMap<>())
        .computeIfAbsent(row.time(), t -> new ArrayList<>())
        .add(row);
    return true;
  }

  /** Late rows kept. */
  public int count() {
    return count;
  }

  /** The newest time of a series in the first reading. */
  @Nullable RowTime newest(Series series) {
    return newest.get(series);
  }

  /** The late rows of a series by time; taken out. */
  NavigableMap<RowTime, List<R>> take(Series series) {
    NavigableMap<RowTime, List<R>> rows = late.remove(series);
    return rows == null ? new TreeMap<>() : rows;
  }
}
