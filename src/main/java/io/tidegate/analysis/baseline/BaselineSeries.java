package io.tidegate.analysis.baseline;

import static io.tidegate.analysis.baseline.HistoryPlan.HOUR_MS;
import static io.tidegate.analysis.baseline.HistoryPlan.WEEK_MS;

import io.tidegate.analysis.baseline.HistoryPlan.Group;
import io.tidegate.analysis.baseline.HistoryPlan.Tracked;
import io.tidegate.analysis.baseline.HourBook.Segment;
import io.tidegate.analysis.metric.Money;
import io.tidegate.model.BaselineRow;
import io.tidegate.model.MetricKind;
import io.tidegate.model.MetricKind.Quantile;
import io.tidegate.model.Seasonal;
import io.tidegate.model.SegmentDimension;
import io.tidegate.stats.season.HourOfWeek;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rows of one series from its book: every unit first, then its segments, which take the
 * whole's profile where they are sparse.
 *
 * <p>Under a week of history there are no hours, only the figures per unit; under two weeks the
 * intervals are doubled and the rows provisional. Units with money that has no rate are left out
 * and counted; where they are more than {@link #MOST_REFUSED} there is one row, without figures and
 * with the reason.
 */
public final class BaselineSeries {

  /** Values of a dimension that rows are made for, where the spec does not list them. */
  public static final int MOST_SEGMENTS = 50;

  /** Units whose total is not known, as a share of those with one other than 0, at most. */
  static final double MOST_REFUSED = 0.01;

  private static final String VOLUME = BaselineRow.volumeKey("");

  private final HistoryPlan plan;
  private final WeekModel model;

  private BaselineSeries(HistoryPlan plan, WeekModel model) {
    this.plan = plan;
    this.model = model;
  }

  public static BaselineSeries of(HistoryPlan plan) {
    return new BaselineSeries(plan, SeasonalWeek.INSTANCE);
  }

  /**
   * Hands out the rows of a series.
   *
   * @param key metric key, or that of an outcome's volume
   * @param book everything known of it; changed: small segments are put together
   * @param earlier hours of earlier years, counted as in the book; changed alike. Empty of a metric
   */
  public void rows(String key, HourBook book, HourBook earlier, Consumer<BaselineRow> out) {
    Tracked tracked = plan.tracked(key);
    Group group = plan.groupOf(key);
    if (tracked == null || group == null) {
      if (key.startsWith(VOLUME)) {
        foldSmall(book, earlier, volumeDimensions(book));
        rows(new Volume(plan.request(), key.substring(VOLUME.length())), key, book, earlier, out);
      }
      return;
    }
    foldSmall(book, earlier, tracked.dimensions());
    String refusal =
        refusal(
            tracked.metric().kind(),
            book.cells().getOrDefault(HourBook.WHOLE, new TreeMap<>()).values());
    String entry = Seasonal.entry(group.spec(), group.byExposure());
    rows(new Rate(plan.request(), tracked, entry, refusal), key, book, earlier, out);
  }

  /** Why nothing is said of a segment's hours; empty where something is. */
  static String refusal(MetricKind kind, Collection<HourCell> cells) {
    long refused = 0;
    long spent = 0;
    for (HourCell cell : cells) {
      refused += cell.refused();
      spent += cell.followed().unitsNonZero();
    }
    return refused > MOST_REFUSED * spent ? Money.refusal(kind, refused) : "";
  }

  private void rows(
      Shape shape, String key, HourBook book, HourBook earlier, Consumer<BaselineRow> out) {
    double[] flat = new double[HourOfWeek.SLOTS];
    java.util.Arrays.fill(flat, 1);
    SegmentRows whole = segment(shape, key, book, earlier, HourBook.WHOLE, new Parent(flat, flat));
    whole.emit(out);
    for (Segment segment : book.segments()) {
      if (!segment.equals(HourBook.WHOLE)) {
        segment(shape, key, book, earlier, segment, whole.asParent()).emit(out);
      }
    }
  }

  private SegmentRows segment(
      Shape shape, String key, HourBook book, HourBook earlier, Segment segment, Parent parent) {
    Map<Integer, HourCell> cells = book.cells().getOrDefault(segment, new TreeMap<>());
    Double threshold = null;
    if (shape.kind() instanceof Quantile kind) {
      threshold = Thresholds.of(book.values(segment), kind.quantile());
    }
    Map<Integer, HourCell> before = earlier.cells().getOrDefault(segment, Map.of());
    return SegmentRows.fit(model, shape, key, segment, cells, before, parent, threshold);
  }

  /** Profiles that a segment is shrunk to. */
  record Parent(double[] value, double[] traffic) {}

  private static List<SplitDimension> volumeDimensions(HourBook book) {
    Set<String> names = new TreeSet<>();
    book.segments().forEach(segment -> names.add(segment.dimension()));
    names.remove(SegmentDimension.ALL);
    return names.stream().map(name -> new SplitDimension(name, Set.of(), true)).toList();
  }

  /** Puts all but the listed and the largest values of a dimension together as {@code (other)}. */
  private static void foldSmall(HourBook book, HourBook earlier, List<SplitDimension> dimensions) {
    Map<String, Set<String>> kept = new TreeMap<>();
    dimensions.stream().filter(SplitDimension::open).forEach(d -> kept.put(d.name(), d.listed()));
    Map<String, List<Segment>> values = new TreeMap<>();
    for (Segment segment : book.segments()) {
      boolean named =
          !segment.value().equals(SegmentDimension.OTHER)
              && !segment.value().equals(SegmentDimension.UNKNOWN);
      Set<String> listed = kept.get(segment.dimension());
      if (named && listed != null && !listed.contains(segment.value())) {
        values.computeIfAbsent(segment.dimension(), d -> new ArrayList<>()).add(segment);
      }
    }
    values.forEach(
        (dimension, all) -> {
          all.sort(
              Comparator.comparingDouble((Segment s) -> -weight(book, s))
                  .thenComparing(Segment::value));
          for (Segment small : all.subList(Math.min(MOST_SEGMENTS, all.size()), all.size())) {
            Segment other = new Segment(dimension, SegmentDimension.OTHER);
            book.merge(small, other);
            earlier.merge(small, other);
          }
        });
  }

  private static double weight(HourBook book, Segment segment) {
    double sum = 0;
    for (HourCell cell : book.cells().getOrDefault(segment, new TreeMap<>()).values()) {
      sum += cell.entered() + cell.followed().sumY().doubleValue() * 1e-6;
    }
    return sum;
  }

  /** What the cells of a series stand for. */
  sealed interface Shape {
    HistoryRequest request();

    /** Name in the table. */
    String name();

    /** Kind of the metric; null for a volume. */
    @Nullable MetricKind kind();

    /** Why nothing is said of it in any segment; empty for no such reason. */
    default String refusal() {
      return "";
    }
  }

  /** Outcomes an hour. */
  record Volume(HistoryRequest request, String name) implements Shape {
    @Override
    public @Nullable MetricKind kind() {
      return null;
    }
  }

  /**
   * A metric's value of the units that enter in an hour.
   *
   * @param entry how the units entered, as {@link Seasonal#entry} says
   * @param refusal why nothing is said of it; empty for no such reason
   */
  record Rate(HistoryRequest request, Tracked tracked, String entry, String refusal)
      implements Shape {
    @Override
    public String name() {
      return tracked.metric().name();
    }

    @Override
    public MetricKind kind() {
      return tracked.metric().kind();
    }
  }

  /** Index of the week of an hour, counted back from the end of the history. */
  static int week(HistoryRequest request, int hour) {
    long startMs = request.startMs() + hour * HOUR_MS;
    long weeks = -Math.floorDiv(request.startMs() - request.endMs(), WEEK_MS);
    return (int) (Math.floorDiv(startMs - request.endMs(), WEEK_MS) + weeks);
  }
}
