package io.tidegate.analysis.baseline;

import static io.tidegate.analysis.baseline.HistoryPlan.HOUR_MS;

import io.tidegate.analysis.baseline.BaselineSeries.Parent;
import io.tidegate.analysis.baseline.BaselineSeries.Rate;
import io.tidegate.analysis.baseline.BaselineSeries.Shape;
import io.tidegate.analysis.baseline.HourBook.Segment;
import io.tidegate.model.BaselineRow;
import io.tidegate.model.MetricKind;
import io.tidegate.stats.Stated;
import io.tidegate.stats.Stated.CannotSay;
import io.tidegate.stats.season.HourOfWeek;
import io.tidegate.stats.season.SeasonHistory.Point;
import io.tidegate.stats.season.YearlyLevel;
import io.tidegate.stats.sequence.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One segment of a series, fitted: its rows. A sum over the units of an hour is taken as a count of
 * events worth φ each ({@link UnitFigures#event}), so that one model serves counts, rates and
 * money.
 */
final class SegmentRows {

  private static final int SLOTS = HourOfWeek.SLOTS;
  private static final double MICRO = 1e-6;
  private static final int FIRM_HOURS = 2 * SLOTS;

  private final WeekModel model;
  private final Shape shape;
  private final String key;
  private final Segment segment;
  private final @Nullable Double threshold;
  private final Stated<UnitFigures> figures;
  private final double event;
  private final Stated<ExpectedWeek> value;
  private final Stated<ExpectedWeek> traffic;
  private final long refused;
  private final String refusal;
  private final int[] observations = new int[SLOTS];
  private final Parent parent;

  private SegmentRows(
      WeekModel model,
      Shape shape,
      String key,
      Segment segment,
      Map<Integer, HourCell> cells,
      Map<Integer, HourCell> earlier,
      Parent parent,
      @Nullable Double threshold) {
    this.model = model;
    this.shape = shape;
    this.key = key;
    this.segment = segment;
    this.threshold = threshold;
    this.parent = parent;
    MetricKind kind = shape.kind();
    refused = cells.values().stream().mapToLong(HourCell::refused).sum();
    // A segment may be of those alone who pay in a currency without a rate.
    refusal =
        kind == null || !shape.refusal().isEmpty()
            ? shape.refusal()
            : BaselineSeries.refusal(kind, cells.values());
    figures =
        refusal.isEmpty()
            ? UnitFigures.of(cells, kind != null && kind.isRatio())
            : Stated.cannotSay(Stated.Reason.NO_RATE, refusal);
    event = kind != null && figures.said() ? figures.orThrow().event() : 1;
    if (!refusal.isEmpty()) {
      value = Stated.cannotSay(Stated.Reason.NO_RATE, refusal);
    } else if (shape.request().hours() < SLOTS) {
      value = Stated.cannotSay(Stated.Reason.START_UP, "less than a week of history");
    } else if (figures.said() && figures.orThrow().mean() < 0) {
      value = Stated.cannotSay(Stated.Reason.OUT_OF_RANGE, "the mean is below 0");
    } else {
      value =
          kind == null
              ? model.fit(volume(cells), earlierYears(earlier), parent.value())
              : model.fit(rate(cells, kind), List.of(), parent.value());
    }
    traffic =
        kind == null
            ? Stated.cannotSay(Stated.Reason.NO_DATA, "a volume has no units")
            : model.fit(entries(cells), List.of(), parent.traffic());
  }

  static SegmentRows fit(
      WeekModel model,
      Shape shape,
      String key,
      Segment segment,
      Map<Integer, HourCell> cells,
      Map<Integer, HourCell> earlier,
      Parent parent,
      @Nullable Double threshold) {
    return new SegmentRows(model, shape, key, segment, cells, earlier, parent, threshold);
  }

  /** Its profiles, for segments to be shrunk to. */
  Parent asParent() {
    return new Parent(
        value.said() ? value.orThrow().profile() : parent.value(),
        traffic.said() ? traffic.orThrow().profile() : parent.traffic());
  }

  private List<Point> volume(Map<Integer, HourCell> cells) {
    List<Point> points = new ArrayList<>();
    for (int hour = 0; hour < shape.request().hours(); hour++) {
      points.add(point(hour, outcomes(cells.get(hour)), 1));
      observe(hour);
    }
    return points;
  }

  private static double outcomes(@Nullable HourCell cell) {
    return cell == null ? 0 : cell.followed().sumY().doubleValue() * MICRO;
  }

  /** The weeks of each earlier year; none where nothing is known of them. */
  private List<List<Point>> earlierYears(Map<Integer, HourCell> earlier) {
    List<List<Point>> years = new ArrayList<>();
    for (int year = 1; year <= YearlyLevel.YEARS && !earlier.isEmpty(); year++) {
      List<Point> points = new ArrayList<>();
      int first =
          (int) ((shape.request().earlierFromMs(year) - shape.request().startMs()) / HOUR_MS);
      for (int i = 0; i < YearlyLevel.WEEKS * SLOTS; i++) {
        int hour = first + i;
        points.add(new Point(outcomes(earlier.get(hour)), 1, slot(hour), i / SLOTS, holiday(hour)));
      }
      years.add(points);
    }
    return years;
  }

  private List<Point> rate(Map<Integer, HourCell> cells, MetricKind kind) {
    List<Point> points = new ArrayList<>();
    cells.forEach(
        (hour, cell) -> {
          double denominator =
              kind.isRatio()
                  ? cell.followed().sumD().doubleValue() * MICRO
                  : (double) cell.followed().units();
          if (denominator > 0) {
            double sum = cell.followed().sumY().doubleValue() * MICRO;
            points.add(point(hour, StrictMath.max(0, sum) / event, denominator));
            observe(hour);
          }
        });
    return points;
  }

  private List<Point> entries(Map<Integer, HourCell> cells) {
    List<Point> points = new ArrayList<>();
    HistoryRequest request = shape.request();
    long known = (request.startMs() - request.kept().knownFromMs()) / HOUR_MS;
    for (int hour = 0; hour < request.hours(); hour++) {
      HourCell cell = cells.get(hour);
      points.add(point(hour, cell == null ? 0 : cell.entered(), UnitCohorts.share(known + hour)));
    }
    return points;
  }

  private Point point(int hour, double count, double denominator) {
    int week = BaselineSeries.week(shape.request(), hour);
    return new Point(count, denominator, slot(hour), week, holiday(hour));
  }

  private int slot(int hour) {
    return shape.request().calendar().hourOfWeek(startMs(hour));
  }

  private boolean holiday(int hour) {
    return shape.request().calendar().isHoliday(startMs(hour));
  }

  private long startMs(int hour) {
    return shape.request().startMs() + hour * HOUR_MS;
  }

  private void observe(int hour) {
    if (!holiday(hour)) {
      observations[slot(hour)]++;
    }
  }

  private boolean provisional() {
    return shape.request().hours() < FIRM_HOURS;
  }

  void emit(Consumer<BaselineRow> out) {
    // What is refused has a row that says so, lest an older run's figures stand for it.
    if (!value.said() && !figures.said() && refusal.isEmpty()) {
      return;
    }
    out.accept(wholeWeek());
    if (value.said()) {
      for (int h = 0; h < SLOTS; h++) {
        out.accept(hour(value.orThrow(), h));
      }
    }
  }

  /** Denominators that an hour of the week brings at full traffic; 1 of a volume. */
  private double denominator(int hourOfWeek) {
    if (shape.kind() == null) {
      return 1;
    }
    return traffic.said() && figures.said()
        ? traffic.orThrow().expected(hourOfWeek) * figures.orThrow().denominator()
        : 0;
  }

  private BaselineRow hour(ExpectedWeek week, int h) {
    double denominator = denominator(h);
    double events = denominator * week.expected(h);
    double expected = week.expected(h) * event;
    Interval band = band(events, week.spread(), denominator);
    String details =
        new RowDetails()
            .add("level", week.level() * event)
            .add("profile", week.profile()[h])
            .add("denominator", denominator)
            .add("event", event)
            .add("dispersion", week.spread())
            .add("time_zone", shape.request().calendar().zone())
            .text();
    return row(h, expected, band, null, unitsAt(h), observations[h], details);
  }

  private @Nullable Interval band(double events, double spread, double denominator) {
    if (!(events > 0)) {
      return null;
    }
    Interval band =
        ofValues() ? ExpectedWeek.values(events, spread) : ExpectedWeek.counts(events, spread);
    if (provisional()) {
      band = ExpectedWeek.doubled(events, band);
    }
    double scale = event / denominator;
    return new Interval(capped(band.lower() * scale), capped(band.upper() * scale));
  }

  /** A share is at most 1. */
  private double capped(double bound) {
    MetricKind kind = shape.kind();
    boolean share = kind != null && (kind.isBinary() || kind instanceof MetricKind.Quantile);
    return share ? StrictMath.min(1, bound) : bound;
  }

  /** Whether sums are of values, not of counts. */
  private boolean ofValues() {
    MetricKind kind = shape.kind();
    return kind instanceof MetricKind.Sum
        || kind instanceof MetricKind.Mean
        || kind instanceof MetricKind.Elapsed
        || (kind instanceof MetricKind.Ratio ratio && ratio.numerator().sumOfValues());
  }

  private BaselineRow wholeWeek() {
    long hours = 0;
    for (int seen : observations) {
      hours += seen;
    }
    HistoryRequest.Calendar calendar = shape.request().calendar();
    RowDetails details =
        new RowDetails().add("threshold", threshold).add("time_zone", calendar.zone());
    details.days("holidays", calendar.holidays(), shape.request().endMs());
    if (value instanceof CannotSay<ExpectedWeek> no) {
      details.add("reason", no.reason() + ": " + no.detail());
    }
    if (shape instanceof Rate rate) {
      details.add("window_hours", (double) rate.tracked().followMs() / HOUR_MS);
      details.add("entry", rate.entry());
      if (figures.said()) {
        details.add("units", figures.orThrow().units());
      }
      if (refused > 0) {
        details.add("units_without_rate", refused);
      }
    }
    Double expected = null;
    Interval band = null;
    if (value.said()) {
      ExpectedWeek week = value.orThrow();
      double events = 0;
      double denominators = 0;
      for (int h = 0; h < SLOTS; h++) {
        events += denominator(h) * week.expected(h);
        denominators += denominator(h);
      }
      details.add("level", week.level() * event).add("weeks", week.weeks());
      details.add("yearly", week.yearly());
      details.add("dispersion", week.spread());
      expected = denominators > 0 ? events / denominators * event : week.level() * event;
      Interval total = ofWeek(events, week.weekSpread());
      band =
          total == null
              ? null
              : new Interval(
                  capped(total.lower() * event / denominators),
                  capped(total.upper() * event / denominators));
    }
    Double units = shape.kind() == null || !traffic.said() ? null : meanUnits(traffic.orThrow());
    UnitFigures per = shape.kind() != null && figures.said() ? figures.orThrow() : null;
    return row(BaselineRow.WHOLE_WEEK, expected, band, per, units, hours, details.text());
  }

  private @Nullable Interval ofWeek(double events, double spread) {
    if (!(events > 0)) {
      return null;
    }
    Interval total = ExpectedWeek.values(events, spread);
    return provisional() ? ExpectedWeek.doubled(events, total) : total;
  }

  private static double meanUnits(ExpectedWeek week) {
    double sum = 0;
    for (int h = 0; h < SLOTS; h++) {
      sum += week.expected(h);
    }
    return sum / SLOTS;
  }

  private @Nullable Double unitsAt(int h) {
    return traffic.said() ? traffic.orThrow().expected(h) : null;
  }

  private BaselineRow row(
      int hourOfWeek,
      @Nullable Double expected,
      @Nullable Interval band,
      @Nullable UnitFigures per,
      @Nullable Double units,
      long hours,
      String details) {
    return new BaselineRow(
        shape.request().endMs(),
        shape.request().startMs(),
        key,
        shape.name(),
        segment.dimension(),
        segment.value(),
        hourOfWeek,
        expected,
        band == null ? null : band.lower(),
        band == null ? null : band.upper(),
        per == null ? null : per.mean(),
        per == null ? null : per.variance(),
        per == null ? null : per.rate(),
        units,
        hours,
        provisional(),
        model.name(),
        details);
  }
}
